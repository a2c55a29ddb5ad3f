package io.github.ticketcaravan.ledger;

import io.github.ticketcaravan.update.Source;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file, mail or command that was taken in, as the ledger has it.
 *
 * @param header of a CSV file: its first line, as CSV
 * @param total instructions in it
 * @param finishedAt when the last of them had its outcome; null until then
 * @param exitCode what the command ended with then
 * @param inboxFile the file in the inbox that is moved when it has finished; null where there is none, or it was moved
 */
public record Import(
        long id,
        String fingerprint,
        Source source,
        String name,
        @Nullable String header,
        long total,
        Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Integer exitCode,
        @Nullable String inboxFile) {

    public boolean isFinished() {
        return finishedAt != null;
    }
}
