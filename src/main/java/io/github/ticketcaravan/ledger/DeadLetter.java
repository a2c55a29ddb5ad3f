package io.github.ticketcaravan.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An update that could not be applied, with all that is needed to repair and replay it.
 *
 * <p>It is born {@code open}, in the transaction that records its outcome. {@code dead edit} changes ticket and
 * parameters; {@code dead discard} makes it {@code discarded}; {@code dead replay} makes it {@code requested}, until
 * it was sent: then it is {@code applied}, or {@code open} again with what was said this time. A row of a re-dropped
 * rejects file that names its {@code id} replays it too; refused, it takes the row's place and form. One that came by
 * mail becomes {@code superseded} when its sender replies to the answer, and the reply's update of the same ticket has
 * an outcome, whichever.
 *
 * @param id unique over all ledgers: the ledger's mark, a dash, a number
 * @param name the file, the mail's Message-ID, the queue
 * @param sender of a command that came by mail: whose it is
 * @param position row, command or index in it
 * @param origin of a message: {@code message_id}, and Kafka's {@code partition} and {@code offset}
 * @param original the row, command or message as it came
 * @param errors what was wrong, field by field
 * @param reason the same as one sentence
 * @param problems of those reasons the ones that stay until it is edited, since they are not about what is left of it
 *     here: a misspelt name, too many cells, what its sender may not change
 * @param attempts requests in all
 * @param firstAt when it was first tried, which decides what came later than it
 * @param changedBy who edited, discarded, rewrote, closed or superseded it last: a user of this machine, a mail's
 *     sender, a file or queue
 */
@JsonPropertyOrder({
    "id",
    "state",
    "source",
    "name",
    "sender",
    "position",
    "origin",
    "ticket",
    "parameters",
    "original",
    "outcome",
    "status",
    "errors",
    "reason",
    "problems",
    "attempts",
    "first_at",
    "last_at",
    "replays",
    "changed_by",
    "changed_at"
})
public record DeadLetter(
        String id,
        String source,
        String name,
        @Nullable String sender,
        long position,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> origin,
        String ticket,
        Map<String, String> parameters,
        String original,
        String outcome,
        @Nullable Integer status,
        Map<String, List<String>> errors,
        String reason,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, List<String>> problems,
        int attempts,
        @JsonProperty("first_at") Instant firstAt,
        @JsonProperty("last_at") Instant lastAt,
        int replays,
        String state,
        @JsonProperty("changed_by") @Nullable String changedBy,
        @JsonProperty("changed_at") @Nullable Instant changedAt) {

    private static final int NOT_FOUND = 404;

    /** Whether it still waits for somebody to do something about it. */
    @JsonIgnore
    public boolean isPending() {
        return DeadLetterFilter.PENDING.contains(state);
    }

    /** Whether an update of that ticket can be this one mended: of the same ticket, or this one's is none that exists. */
    public boolean canBecome(String other) {
        return canBecome(ticket, status, errors.keySet(), other);
    }

    static boolean canBecome(String ticket, @Nullable Integer status, Set<String> errors, String other) {
        return ticket.isBlank()
                || ticket.strip().toUpperCase(Locale.ROOT).equals(other.strip().toUpperCase(Locale.ROOT))
                || (status == null ? errors.contains("ticket") : status == NOT_FOUND);
    }
}
