package io.github.ticketcaravan.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An update that could not be applied, with all that is needed to repair and replay it.
 *
 * <p>It is written in the transaction that records its outcome ({@code invalid}, {@code rejected} or
 * {@code failed}), so there is never the one without the other. A row of a re-dropped rejects file that names its
 * {@code id} replays it: where that is applied, {@code state} goes from {@code open} to {@code applied}; where
 * not, {@code replays} and {@code last_at} tell of the try, and the row becomes a dead letter of its own.
 *
 * @param id unique over all ledgers: the ledger's mark, a dash, a number
 * @param name the file, the mail's Message-ID, the queue
 * @param position row, command or index in it
 * @param original the row, command or message as it came
 * @param errors what was wrong, field by field
 * @param reason the same as one sentence
 */
@JsonPropertyOrder({
    "id",
    "state",
    "source",
    "name",
    "position",
    "ticket",
    "parameters",
    "original",
    "outcome",
    "status",
    "errors",
    "reason",
    "attempts",
    "first_at",
    "last_at",
    "replays"
})
public record DeadLetter(
        String id,
        String source,
        String name,
        long position,
        String ticket,
        Map<String, String> parameters,
        String original,
        String outcome,
        @Nullable Integer status,
        Map<String, List<String>> errors,
        String reason,
        int attempts,
        @JsonProperty("first_at") Instant firstAt,
        @JsonProperty("last_at") Instant lastAt,
        int replays,
        String state) {}
