package io.github.ticketcaravan.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A mail as the ledger has it.
 *
 * @param importId under which the outcomes of its commands stand; null if none was carried out
 * @param messageId empty where it has none
 * @param sender as its From says
 * @param decision {@code execute}, {@code refuse}, {@code ignore} or {@code quarantine}
 * @param finishedAt when each of its commands had an outcome; null until then
 */
public record MailEntry(
        long id,
        @Nullable Long importId,
        String messageId,
        String contentHash,
        String sender,
        String decision,
        String reason,
        Instant enteredAt,
        @Nullable Instant finishedAt) {

    MailEntry begun(long itsImport) {
        return new MailEntry(id, itsImport, messageId, contentHash, sender, decision, reason, enteredAt, finishedAt);
    }

    public boolean isFinished() {
        return finishedAt != null;
    }
}
