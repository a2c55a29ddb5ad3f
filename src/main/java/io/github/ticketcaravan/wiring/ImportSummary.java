package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.ledger.Import;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an import ended.
 *
 * @param counts rows by outcome, all of them, those of an earlier run included
 * @param sent rows that were settled in this run
 * @param unrecorded rows that may have been sent, but whose outcome is not in the ledger; they are sent again
 * @param reasons of the rows that were refused, by outcome, the most frequent first
 * @param receipts the files written
 * @param stopped why it ended before its last row; null where it did not
 * @param held whether it is the brake that stopped it
 * @param before the import this one repeats and which was not sent again; null where there is none
 */
public record ImportSummary(
        Import ledgerEntry,
        Map<Outcome, Long> counts,
        long sent,
        long unrecorded,
        Map<Outcome, Map<String, Long>> reasons,
        List<Path> receipts,
        @Nullable String stopped,
        boolean held,
        @Nullable Import before) {

    /** The exit code of {@code caravan import}: 0 all applied, 1 some refused, 3 stopped before the end. */
    public int exitCode() {
        if (before != null && before.exitCode() != null) {
            return before.exitCode();
        }
        if (stopped != null) {
            return 3;
        }
        return counts.entrySet().stream().anyMatch(count -> count.getKey().isDeadLetter() && count.getValue() > 0)
                ? 1
                : 0;
    }
}
