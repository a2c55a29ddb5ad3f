package io.github.ticketcaravan.delivery;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt met with: an HTTP answer, or none. Immutable.
 *
 * <p>Of the body it keeps what it says is wrong and nothing else: a ticket's JSON can hold the token and secret in
 * {@code source}. All its texts have been through {@link Redaction} and are of bounded length.
 *
 * @param status the HTTP status, or {@link #NONE}
 * @param errors what the endpoint said is wrong, field by field; {@code base} for what concerns no field
 * @param text the body in few words, where it holds no errors; why there is no answer, where there is none
 * @param retryAfter the header of that name
 * @param location the header of that name
 * @param cause why there is no answer
 */
public record Answer(
        int status,
        Body body,
        Map<String, List<String>> errors,
        String text,
        @Nullable String retryAfter,
        @Nullable String location,
        @Nullable Exception cause) {

    /** What a body is. */
    enum Body {
        OBJECT,
        TRUE,
        FALSE,
        OTHER_JSON,
        NOT_JSON
    }

    /** The status of an attempt that met with no answer: refused, reset, timed out, cut short. */
    public static final int NONE = 0;

    /** No answer of the API comes near this; reading stops there. */
    private static final int LARGEST_BODY = 1 << 20;

    /** Holds nearly every answer; to make an array for each was a third of all that was allocated. */
    private static final ThreadLocal<byte[]> BUFFER = ThreadLocal.withInitial(() -> new byte[16 * 1024]);

    private static final int LONGEST_EXCERPT = 200;
    private static final int LONGEST_MESSAGE = 1_000;
    private static final int MOST_FIELDS = 50;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Reads the body and closes it. A body that breaks off makes it no answer at all. */
    public static Answer read(
            int status,
            @Nullable InputStream body,
            @Nullable String retryAfter,
            @Nullable String location,
            Redaction redaction) {
        byte[] buffer = BUFFER.get();
        int length;
        byte[] bytes;
        try (body) {
            length = body == null ? 0 : body.readNBytes(buffer, 0, buffer.length);
            if (length < buffer.length && status / 100 == 2 && isOneObject(buffer, length)) {
                return new Answer(status, Body.OBJECT, Map.of(), "", retryAfter, null, null);
            }
            bytes = body == null || length < buffer.length
                    ? Arrays.copyOf(buffer, length)
                    : joined(buffer, body.readNBytes(LARGEST_BODY - length));
        } catch (IOException brokenOff) {
            return none(brokenOff, redaction);
        }
        JsonNode json = json(bytes);
        String where = location == null ? null : shown(location, LONGEST_EXCERPT, redaction);
        Map<String, List<String>> errors = errors(json, redaction);
        return new Answer(status, kind(json), errors, text(json, bytes, redaction), retryAfter, where, null);
    }

    /** An attempt that ended with an exception in an answer's place. */
    public static Answer none(Exception cause, Redaction redaction) {
        String because = cause.getMessage();
        if (because == null || because.isBlank()) {
            because = cause.getClass().getSimpleName();
        }
        if (isAboutACertificate(cause)) {
            because =
                    "its certificate is not trusted: " + because + "; have its authority in a trust store and name that"
                            + " with CARAVAN_JAVA_OPTS=-Djavax.net.ssl.trustStore=FILE";
        }
        return new Answer(NONE, Body.NOT_JSON, Map.of(), shown(because, LONGEST_MESSAGE, redaction), null, null, cause);
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    /** Whether it is the API's yes; nearly every answer is, so nothing is made of what it says. */
    private static boolean isOneObject(byte[] bytes, int length) {
        try (JsonParser json = JSON.createParser(bytes, 0, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            json.skipChildren();
            return json.nextToken() == null;
        } catch (IOException notJson) {
            return false;
        }
    }

    private static @Nullable JsonNode json(byte[] bytes) {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (IOException notJson) {
            return null;
        }
        for (JsonNode parent : json.findParents("source")) {
            if (parent.get("source").isObject()) {
                ((ObjectNode) parent).remove("source");
            }
        }
        return json.isMissingNode() ? null : json;
    }

    private static Body kind(@Nullable JsonNode json) {
        if (json == null) {
            return Body.NOT_JSON;
        }
        if (json.isBoolean()) {
            return json.booleanValue() ? Body.TRUE : Body.FALSE;
        }
        return json.isObject() ? Body.OBJECT : Body.OTHER_JSON;
    }

    private static Map<String, List<String>> errors(@Nullable JsonNode json, Redaction redaction) {
        Map<String, List<String>> errors = new LinkedHashMap<>();
        if (json == null) {
            return errors;
        }
        JsonNode fields = json.path("errors");
        if (fields.isObject()) {
            fields.properties().stream()
                    .limit(MOST_FIELDS)
                    .forEach(field -> errors.put(
                            shown(field.getKey(), LONGEST_EXCERPT, redaction), messages(field.getValue(), redaction)));
        } else if (!fields.isMissingNode()) {
            errors.put("base", messages(fields, redaction));
        }
        JsonNode error = json.path("error");
        if (!error.isMissingNode()) {
            errors.putIfAbsent("base", messages(error, redaction));
        }
        return errors;
    }

    private static List<String> messages(JsonNode value, Redaction redaction) {
        return (value.isArray() ? value.valueStream() : java.util.stream.Stream.of(value))
                .limit(MOST_FIELDS)
                .map(message -> message.isValueNode() ? message.asText() : message.toString())
                .map(message -> shown(message, LONGEST_MESSAGE, redaction))
                .toList();
    }

    private static String text(@Nullable JsonNode json, byte[] bytes, Redaction redaction) {
        if (json != null) {
            return json.isValueNode()
                    ? "answered " + shown(json.toString(), LONGEST_EXCERPT, redaction)
                    : "gave no reason";
        }
        if (bytes.length == 0) {
            return "empty answer";
        }
        // What follows a brace may be a piece of a ticket, with the secrets it can hold.
        String text = new String(bytes, StandardCharsets.UTF_8);
        int brace = text.indexOf('{');
        String excerpt = shown(brace < 0 ? text : text.substring(0, brace), LONGEST_EXCERPT, redaction);
        return "not the API's JSON" + (excerpt.isEmpty() ? "" : ": " + excerpt);
    }

    /** On one line, shortened, and without the credentials. */
    private static String shown(String text, int longest, Redaction redaction) {
        String line =
                redaction.of(text).replaceAll("[\\p{Cntrl}\\s\\uFEFF]+", " ").strip();
        return line.length() > longest ? line.substring(0, longest) + "..." : line;
    }

    boolean isJson() {
        return body != Body.NOT_JSON;
    }

    /** Whether nothing of the request can have reached the endpoint. */
    public boolean isUnreachable() {
        return cause instanceof ConnectException
                || cause instanceof UnknownHostException
                || cause instanceof NoRouteToHostException
                || cause instanceof SSLHandshakeException
                || cause instanceof SSLPeerUnverifiedException
                || (cause instanceof SocketTimeoutException timeout
                        && String.valueOf(timeout.getMessage()).startsWith("Connect"));
    }

    private static boolean isAboutACertificate(Exception cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof CertificateException || each instanceof SSLPeerUnverifiedException) {
                return true;
            }
        }
        return false;
    }

    /** Whether a server says itself that it cannot answer just now. */
    boolean isFromAServerInTrouble() {
        return status == 408 || status == 429 || status / 100 == 5;
    }

    /** What it said, in a few words: the errors, the page's beginning, or why there was no answer. */
    public String said() {
        if (cause != null) {
            return (isUnreachable() ? "cannot be reached (" : "no whole answer (") + text + ")";
        }
        String sentence = ErrorSentence.of(errors);
        return sentence.isEmpty() ? text : sentence;
    }

    /** The status, if there is one, and what it said. */
    public String described() {
        return status == NONE ? said() : "HTTP " + status + ", " + said();
    }
}
