package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.settings.EndpointSettings;
import java.io.ByteArrayInputStream;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Answers as they come off the wire. */
final class AnswerFixture {

    static final Redaction REDACTION = Redaction.of(new EndpointSettings(
            URI.create("https://desk.example"),
            "tok&en-1234",
            "s3cret/+5678",
            "helpdesk",
            false,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1)));

    private AnswerFixture() {}

    static Answer answer(int status, String body) {
        return answer(status, body, null);
    }

    static Answer answer(int status, String body, String retryAfter) {
        return answer(status, body.getBytes(StandardCharsets.UTF_8), retryAfter);
    }

    static Answer answer(int status, byte[] body, String retryAfter) {
        return Answer.read(status, new ByteArrayInputStream(body), retryAfter, null, REDACTION);
    }

    static Answer applied() {
        return answer(200, "{\"id\":1}");
    }

    static Answer rejected() {
        return answer(422, "{\"errors\":{\"status_id\":[\"can't be blank\"]}}");
    }

    static Answer unavailable() {
        return answer(503, "");
    }

    static Answer refused() {
        return Answer.none(new ConnectException("Connect to desk.example failed: Connection refused"), REDACTION);
    }

    static Answer wrongSecret() {
        return answer(403, "{\"error\":\"Invalid token\"}");
    }
}
