package io.github.ticketcaravan.csv;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of one row.
 *
 * @param row the number of its first line in the file, counting the header as 1
 * @param status of the last answer; null where there was none
 * @param attempts how often it was sent
 * @param reason empty where it was applied
 */
public record ResultRow(
        long row,
        String ticket,
        String outcome,
        @Nullable Integer status,
        int attempts,
        String reason,
        Instant finishedAt) {}
