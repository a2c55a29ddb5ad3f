package io.github.ticketcaravan.mail;

import io.github.ticketcaravan.update.TicketUpdate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one mail, and why.
 *
 * @param reason one sentence, for the log, the ledger and the answer
 * @param sender the From's address in lower case, if it is authenticated; nobody else is ever answered
 * @param messageId with its angle brackets; null where there is none that could be used
 * @param subject decoded, on one line, shortened; empty where there is none
 * @param sentAt what the Date says; null where it says nothing
 * @param references the Message-IDs of the thread, the oldest first, with that of {@code In-Reply-To}
 * @param updates in the order given, at positions 1 to n. Those with problems are never sent, but have an outcome
 *     ({@code invalid}) like the others, also where the decision is {@link Decision#REFUSE}
 * @param attachments the CSV files to import under the sender's rights; empty unless it is {@link Decision#EXECUTE}
 * @param answering {@link Answering#NEVER} where nobody may be answered
 * @param endedBy what ended the commands, such as {@code the signature}; empty where none were looked for
 */
public record MailDecision(
        Decision decision,
        String reason,
        @Nullable String sender,
        @Nullable String messageId,
        String subject,
        @Nullable Instant sentAt,
        List<String> references,
        List<TicketUpdate> updates,
        List<CsvAttachment> attachments,
        Answering answering,
        String endedBy) {

    public MailDecision {
        references = List.copyOf(references);
        updates = List.copyOf(updates);
        attachments = List.copyOf(attachments);
    }
}
