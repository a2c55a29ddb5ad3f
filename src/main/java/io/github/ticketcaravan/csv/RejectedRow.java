package io.github.ticketcaravan.csv;

import org.jspecify.annotations.Nullable;

/**
 * A row that became a dead letter.
 *
 * @param original {@link io.github.ticketcaravan.update.TicketUpdate#original()} of its update
 * @param status of the last answer; null where there was none
 * @param deadLetter the dead letter's ID
 */
public record RejectedRow(
        String original, String outcome, @Nullable Integer status, String reason, String deadLetter) {}
