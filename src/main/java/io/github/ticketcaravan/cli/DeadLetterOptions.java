package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.update.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which dead letters a command is about, by what they have in common. */
final class DeadLetterOptions {

    @Option(names = "--source", paramLabel = "SOURCE", description = "From csv, mail, queue or cli.")
    private @Nullable Source source;

    @Option(names = "--ticket", paramLabel = "TICKET", description = "Of this ticket.")
    private @Nullable String ticket;

    @Option(names = "--outcome", paramLabel = "OUTCOME", description = "invalid, rejected or failed.")
    private @Nullable Outcome outcome;

    @Option(names = "--status", paramLabel = "HTTP", description = "With this HTTP status.")
    private @Nullable Integer status;

    @Option(names = "--import", paramLabel = "N", description = "Of this import.")
    private @Nullable Long importId;

    DeadLetterFilter filter(Set<String> states) {
        return new DeadLetterFilter(
                importId,
                source == null ? null : source.word(),
                ticket,
                outcome == null ? null : outcome.word(),
                status,
                states);
    }

    private boolean isGiven() {
        return source != null || ticket != null || outcome != null || status != null || importId != null;
    }

    /**
     * The letters that are meant: those of the IDs, whatever their state, or those in one of the states that match.
     *
     * @param all whether none of both may be given, and all are meant then
     * @throws ParameterException if an ID is unknown, or nothing is given
     */
    List<DeadLetter> chosen(Ledger ledger, List<String> ids, boolean all, Set<String> states, CommandLine command)
            throws IOException {
        if (ids.isEmpty() && !isGiven() && !all) {
            throw new ParameterException(
                    command,
                    "Which dead letters? Give IDs (caravan dead list shows them), a filter such as --ticket, or --all");
        }
        if (ids.isEmpty()) {
            return ledger.deadLetters().list(filter(states));
        }
        List<DeadLetter> letters = new ArrayList<>();
        for (String id : ids) {
            letters.add(ledger.deadLetters()
                    .typed(id)
                    .orElseThrow(() -> new ParameterException(
                            command,
                            "There is no dead letter " + id + " in this ledger: caravan dead list shows them")));
        }
        return letters;
    }

    static Ledger open(CommonOptions common) {
        Logging.configure(common.configFolder(), common.isVerbose(), false);
        Settings settings = common.settings();
        return Ledger.open(settings.ledger().url(), settings.csv().done(), Clock.systemUTC());
    }

    /** Who does it, as far as the operating system tells. */
    static String who() {
        return System.getProperty("user.name", "unknown");
    }

    static void printLine(PrintWriter out, DeadLetter letter) {
        out.println(Printable.line(letter.id() + "  " + letter.ticket() + "  "
                + (letter.state().equals("open") ? letter.outcome() + ": " + letter.reason() : letter.state())));
    }
}
