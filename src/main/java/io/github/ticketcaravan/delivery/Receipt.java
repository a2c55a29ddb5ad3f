package io.github.ticketcaravan.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one update.
 *
 * @param status the HTTP status that settled it; null where there was no answer
 * @param attempts requests sent, or tried to be
 * @param reason one sentence; empty for {@code applied} at the first attempt
 * @param errors what is wrong, field by field
 * @param firstAt when it was first tried, or refused without
 * @param finishedAt when it was settled
 */
public record Receipt(
        Outcome outcome,
        @Nullable Integer status,
        int attempts,
        String reason,
        Map<String, List<String>> errors,
        Instant firstAt,
        Instant finishedAt) {}
