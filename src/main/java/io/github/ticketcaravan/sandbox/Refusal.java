package io.github.ticketcaravan.sandbox;

import java.util.List;
import java.util.Map;

/** A request that is answered with an error: the status, and either one sentence or messages field by field. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, List<String>> errors;

    /** {@code {"error": message}}. */
    Refusal(int status, String message) {
        this(status, message, Map.of());
    }

    /** 422 with {@code {"errors": {"field_id": ["message", ...], ...}}}. */
    Refusal(Map<String, List<String>> errors) {
        this(422, "validation failed", errors);
    }

    // Without a stack trace: a refusal is an ordinary answer, given thousands of times a second.
    private Refusal(int status, String message, Map<String, List<String>> errors) {
        super(message, null, false, false);
        this.status = status;
        this.errors = errors;
    }

    int status() {
        return status;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    Map<String, List<String>> errors() {
        return errors;
    }

    static Refusal notFound(String what, String given) {
        return new Refusal(404, what + " '" + excerpt(given) + "' does not exist");
    }

    /** As much of a value as belongs into a message. */
    static String excerpt(String value) {
        return value.codePointCount(0, value.length()) <= 100
                ? value
                : value.substring(0, value.offsetByCodePoints(0, 100)) + "…";
    }
}
