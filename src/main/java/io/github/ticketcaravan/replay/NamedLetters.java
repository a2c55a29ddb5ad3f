package io.github.ticketcaravan.replay;

import static io.github.ticketcaravan.update.Problem.quote;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetters;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters that the rows of a file, or messages, name as those they replay.
 *
 * <p>An update that names a letter which it may not replay is refused. Applied as an ordinary update it would close
 * nothing, which nobody would notice, and it could set what was set later: only for a known letter can that be told.
 * Immutable; safe for use by several threads.
 */
public final class NamedLetters {

    /** The field of the problems that only concern the letter's name. */
    static final String FIELD = "caravan.dead-letter";

    private final Map<String, DeadLetter> letters;
    private final Map<String, String> overtaken;
    private final @Nullable String sender;
    private final BiPredicate<TicketUpdate, DeadLetter> unmended;

    /**
     * @param letters by the ID that names them
     * @param overtaken the ID of each that comes too late, to the parameter that was set since
     * @param sender of the mail that names them; null where they are named by no mail
     * @param unmended whether an update with other parameters than the letter it names is still what came then
     */
    NamedLetters(
            Map<String, DeadLetter> letters,
            Map<String, String> overtaken,
            @Nullable String sender,
            BiPredicate<TicketUpdate, DeadLetter> unmended) {
        this.letters = Map.copyOf(letters);
        this.overtaken = Map.copyOf(overtaken);
        this.sender = sender;
        this.unmended = unmended;
    }

    /**
     * Looks them up.
     *
     * @param sender of the mail that names them; null where they are named by no mail
     * @param exceptImport an import whose own updates overtake none of them; -1 for none
     * @param unmended whether an update with other parameters than the letter it names is still what came then
     */
    public static NamedLetters find(
            DeadLetters ledger,
            Collection<String> ids,
            @Nullable String sender,
            long exceptImport,
            BiPredicate<TicketUpdate, DeadLetter> unmended)
            throws IOException {
        Map<String, DeadLetter> letters = new LinkedHashMap<>();
        for (String id : Set.copyOf(ids)) {
            ledger.find(id).ifPresent(letter -> letters.put(id, letter));
        }
        Map<String, String> overtaken =
                letters.isEmpty() ? Map.of() : ledger.overtaken(List.copyOf(letters.values()), exceptImport);
        return new NamedLetters(letters, overtaken, sender, unmended);
    }

    /** The update, with what speaks against sending it as a replay of the letter that it names, if it names one. */
    public TicketUpdate check(TicketUpdate update) {
        String id = update.replayOf();
        if (id == null) {
            return update;
        }
        DeadLetter letter = letters.get(id);
        if (letter == null || !isOwn(letter)) {
            String whose = sender == null ? "of this ledger" : "of yours";
            return refuse(update, quote(id) + " is no dead letter " + whose);
        }
        if (!letter.isPending()) {
            return refuse(update, quote(id) + " is " + letter.state() + " and waits for no replay");
        }
        if (!letter.canBecome(update.ticket())) {
            return refuse(update, quote(id) + " is a dead letter of the ticket " + quote(letter.ticket()));
        }
        String parameter = overtaken.get(id);
        TicketUpdate inTime = parameter == null
                ? update
                : update.with(tooLate(parameter, id, update.origin().source()));
        return isUnmended(update, letter) ? inTime.with(LetterUpdates.staying(letter)) : inTime;
    }

    private static Problem tooLate(String parameter, String id, Source source) {
        String remedy = switch (source) {
            case CSV, MAIL -> "empty its cell " + FIELD;
            case QUEUE, CLI -> "use: caravan dead replay --force " + id;
        };
        return Problem.passing(
                parameter, "a later update has set it since this one was refused; to send it all the same, " + remedy);
    }

    private boolean isUnmended(TicketUpdate update, DeadLetter letter) {
        boolean isTheSame = update.ticket().equalsIgnoreCase(letter.ticket())
                && update.parameters().equals(letter.parameters());
        return isTheSame || unmended.test(update, letter);
    }

    /** A sender's rights are checked for what he sends; a letter of somebody else's would be beyond them. */
    private boolean isOwn(DeadLetter letter) {
        return sender == null || sender.equals(letter.sender());
    }

    private static TicketUpdate refuse(TicketUpdate update, String reason) {
        return update.replayingNothing()
                .with(Problem.passing(
                        FIELD,
                        reason + "; to send it as an update of its own, "
                                + unnamed(update.origin().source())));
    }

    private static String unnamed(Source source) {
        return switch (source) {
            case CSV, MAIL -> "empty its cell " + FIELD;
            case QUEUE, CLI -> "leave its ID out";
        };
    }
}
