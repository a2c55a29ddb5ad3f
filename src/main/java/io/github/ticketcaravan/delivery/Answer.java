package io.github.ticketcaravan.delivery;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt met with: an HTTP answer, or none. Immutable.
 *
 * @param status the HTTP status, or {@link #NONE}
 * @param json the body, where it is JSON
 * @param text the beginning of the body, where it is not
 * @param retryAfter the header of that name
 * @param location the header of that name
 * @param cause why there is no answer
 */
public record Answer(
        int status,
        @Nullable JsonNode json,
        String text,
        @Nullable String retryAfter,
        @Nullable String location,
        @Nullable Exception cause) {

    /** The status of an attempt that met with no answer: refused, reset, timed out, cut short. */
    public static final int NONE = 0;

    /** No answer of the API comes near this; reading stops there. */
    private static final int LARGEST_BODY = 1 << 20;

    private static final int EXCERPT = 200;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Reads the body whole and closes it. A body that breaks off makes it no answer at all. */
    public static Answer read(
            int status, @Nullable InputStream body, @Nullable String retryAfter, @Nullable String location) {
        byte[] bytes;
        try (body) {
            bytes = body == null ? new byte[0] : body.readNBytes(LARGEST_BODY);
        } catch (IOException brokenOff) {
            return none(brokenOff);
        }
        JsonNode json = null;
        try {
            json = JSON.readTree(bytes);
        } catch (JacksonException notJson) {
            json = null;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        boolean isJson = json != null && !json.isMissingNode();
        return new Answer(status, isJson ? json : null, isJson ? "" : excerpt(bytes), retryAfter, location, null);
    }

    public static Answer none(Exception cause) {
        return new Answer(NONE, null, "", null, null, cause);
    }

    private static String excerpt(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, 4 * EXCERPT), StandardCharsets.UTF_8)
                .replaceAll("[\\p{Cntrl}\\s]+", " ")
                .strip();
        return text.length() > EXCERPT ? text.substring(0, EXCERPT) + "..." : text;
    }

    boolean isJson() {
        return json != null;
    }

    boolean isFalse() {
        return json != null && json.isBoolean() && !json.booleanValue();
    }

    boolean isObjectOrTrue() {
        return json != null && (json.isObject() || (json.isBoolean() && json.booleanValue()));
    }

    /** Whether nothing of the request can have reached the endpoint. */
    public boolean isUnreachable() {
        return cause instanceof ConnectException
                || cause instanceof UnknownHostException
                || cause instanceof NoRouteToHostException
                || cause instanceof SSLHandshakeException
                || (cause instanceof SocketTimeoutException timeout
                        && String.valueOf(timeout.getMessage()).startsWith("Connect"));
    }

    /**
     * What the endpoint said is wrong, field by field; {@code base} for what concerns no field.
     *
     * <p>Nothing else of the body is taken over: a ticket's JSON can hold the token and secret in {@code source}.
     */
    public Map<String, List<String>> errors() {
        Map<String, List<String>> errors = new LinkedHashMap<>();
        if (json == null) {
            return errors;
        }
        JsonNode fields = json.path("errors");
        if (fields.isObject()) {
            fields.properties().forEach(field -> errors.put(field.getKey(), messages(field.getValue())));
        } else if (!fields.isMissingNode()) {
            errors.put("base", messages(fields));
        }
        JsonNode error = json.path("error");
        if (!error.isMissingNode()) {
            errors.putIfAbsent("base", messages(error));
        }
        return errors;
    }

    private static List<String> messages(JsonNode value) {
        if (!value.isArray()) {
            return List.of(value.isValueNode() ? value.asText() : value.toString());
        }
        return value.valueStream()
                .map(element -> element.isValueNode() ? element.asText() : element.toString())
                .toList();
    }

    /** Whether a server says itself that it cannot answer just now. */
    boolean isFromAServerInTrouble() {
        return status == 408 || status == 429 || status / 100 == 5;
    }

    /** What it said, in a few words: the errors, the page's beginning, or why there was no answer. */
    public String said() {
        if (cause != null) {
            return isUnreachable()
                    ? "cannot be reached (" + because(cause) + ")"
                    : "no whole answer (" + because(cause) + ")";
        }
        String errors = ErrorSentence.of(errors());
        if (!errors.isEmpty()) {
            return errors;
        }
        if (json != null) {
            return json.isValueNode() ? "answered " + json : "gave no reason";
        }
        return text.isEmpty() ? "empty answer" : "not the API's JSON: " + text;
    }

    /** The status, if there is one, and what it said. */
    public String described() {
        return status == NONE ? said() : "HTTP " + status + ", " + said();
    }

    private static String because(Exception cause) {
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
