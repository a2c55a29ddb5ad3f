package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.wiring.ImportSummary;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** What a person reads when an import has ended. */
final class ImportReport {

    private ImportReport() {}

    static void print(PrintWriter out, ImportSummary summary, Duration took) {
        if (summary.before() != null) {
            out.printf(
                    "%s was imported before, at %s, and is not sent again (--again sends it)%n",
                    summary.ledgerEntry().name(), summary.before().startedAt());
        } else {
            double seconds = Math.max(took.toMillis(), 1) / 1000.0;
            out.printf(
                    Locale.ROOT,
                    "%s: %,d rows in %.1f s (%,.0f rows/s)%n",
                    summary.ledgerEntry().name(),
                    summary.sent(),
                    seconds,
                    summary.sent() / seconds);
        }
        for (Map.Entry<Outcome, Long> count : summary.counts().entrySet()) {
            if (count.getValue() > 0) {
                out.printf(Locale.ROOT, "  %-9s %,10d%n", count.getKey().word(), count.getValue());
                summary.reasons()
                        .getOrDefault(count.getKey(), Map.of())
                        .forEach((reason, number) ->
                                out.printf(Locale.ROOT, "  %20s   %,d x %s%n", "", number, Printable.line(reason)));
            }
        }
        if (summary.unrecorded() > 0) {
            out.printf(
                    Locale.ROOT,
                    "  %-9s %,10d   perhaps sent, but not recorded: they are sent again%n",
                    "in doubt",
                    summary.unrecorded());
        }
        long open = summary.ledgerEntry().total()
                - summary.unrecorded()
                - summary.counts().values().stream().mapToLong(Long::longValue).sum();
        if (open > 0) {
            out.printf(Locale.ROOT, "  %-9s %,10d%n", "not sent", open);
        }
        if (!summary.receipts().isEmpty()) {
            out.println("Receipts:");
            summary.receipts().forEach(receipt -> out.println("  " + receipt));
        }
        String stopped = summary.stopped();
        if (stopped != null) {
            out.println("Stopped: " + stopped);
            out.println("The same command goes on where it stopped; rows that have an outcome are not sent again.");
        } else if (summary.receipts().size() > 1) {
            out.println("To repair what was refused, mend the second file and import it as it is.");
        }
    }
}
