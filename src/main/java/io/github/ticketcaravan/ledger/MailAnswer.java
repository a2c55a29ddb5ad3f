package io.github.ticketcaravan.ledger;

import java.time.Instant;

/**
 * An answer that waits to be sent.
 *
 * @param messageId the same at every try
 * @param content the whole of it, as RFC 5322 has it
 * @param attempts tries so far
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two
public record MailAnswer(
        long mailId, String messageId, String recipient, byte[] content, Instant preparedAt, int attempts) {}
