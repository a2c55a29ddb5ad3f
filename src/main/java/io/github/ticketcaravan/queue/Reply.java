package io.github.ticketcaravan.queue;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the sender of a message is told about one update in it.
 *
 * @param outcome {@code applied}, {@code invalid}, {@code rejected} or {@code failed}
 * @param status the HTTP status that settled it; null where there was none
 * @param errors what is wrong, field by field
 */
@JsonPropertyOrder({"ticket", "outcome", "status", "attempts", "errors"})
public record Reply(
        String ticket, String outcome, @Nullable Integer status, int attempts, Map<String, List<String>> errors) {

    private static final JsonMapper JSON = new JsonMapper();

    /** As JSON: an object, or an array of them where there are several. */
    public static String json(List<Reply> replies) {
        try {
            return JSON.writeValueAsString(replies.size() == 1 ? replies.get(0) : replies);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("text and numbers can always be written", e);
        }
    }
}
