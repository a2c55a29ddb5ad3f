package io.github.ticketcaravan.ledger;

import io.github.ticketcaravan.delivery.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The outcome of one instruction, as receipts show it. */
public record OutcomeLine(
        long position,
        String ticket,
        Outcome outcome,
        @Nullable Integer status,
        int attempts,
        String reason,
        Instant finishedAt) {}
