package io.github.ticketcaravan.replay;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Dead letters as the updates that a replay sends.
 *
 * <p>A letter is refused again for the problems that stay with it, until somebody edits it: what was left of it here
 * (the other parameters of one with a misspelt name, say) is not what was asked for. Rules are checked anew, and so are
 * the rights of the sender, where it came by mail. Immutable; safe for use by several threads.
 */
public final class LetterUpdates {

    private final UpdateRules rules;
    private final Function<String, UnaryOperator<TicketUpdate>> rightsOf;

    /** @param rightsOf to a sender of mails, what has that which he may not do refused, as problems of the update */
    public LetterUpdates(UpdateRules rules, Function<String, UnaryOperator<TicketUpdate>> rightsOf) {
        this.rules = rules;
        this.rightsOf = rightsOf;
    }

    /** The update that it would be sent as.
     *
     * @param position in the replay
     */
    public TicketUpdate of(DeadLetter letter, long position) {
        Origin origin = new Origin(Source.CLI, "replay", position);
        List<Problem> staying = staying(letter);
        TicketUpdate update =
                rules.check(origin, letter.ticket(), letter.parameters(), letter.original(), staying, letter.id());
        TicketUpdate permitted = letter.sender() == null
                ? update
                : rightsOf.apply(letter.sender()).apply(update);
        return permitted.with(List.of());
    }

    static List<Problem> staying(DeadLetter letter) {
        return letter.problems().entrySet().stream()
                .flatMap(field -> field.getValue().stream().map(message -> new Problem(field.getKey(), message)))
                .toList();
    }
}
