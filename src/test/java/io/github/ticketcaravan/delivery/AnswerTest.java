package io.github.ticketcaravan.delivery;

import static io.github.ticketcaravan.delivery.AnswerFixture.REDACTION;
import static io.github.ticketcaravan.delivery.AnswerFixture.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.ticketcaravan.settings.EndpointSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {

    @Test
    void errorsAreTakenFieldByFieldInTheirOrder() {
        Answer answer =
                answer(422, "{\"errors\":{\"priority_id\":[\"can't be blank\",\"is odd\"],\"base\":[\"No.\"]}}");

        assertThat(answer.errors())
                .containsExactly(
                        entry("priority_id", List.of("can't be blank", "is odd")), entry("base", List.of("No.")));
        assertThat(answer.said()).isEqualTo("priority_id can't be blank; priority_id is odd; No.");
        assertThat(answer.described()).isEqualTo("HTTP 422, priority_id can't be blank; priority_id is odd; No.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":\"Ticket not found\"}              | Ticket not found",
                "{\"error\":[\"One\",\"Two\"]}                   | One; Two",
                "{\"errors\":[\"Bad query\"]}                  | Bad query",
                "{\"errors\":\"Bad query\"}                    | Bad query",
                "{\"errors\":{\"base\":[\"Inner\"]},\"error\":\"Outer\"} | Inner",
                "{\"errors\":{\"status_id\":[]},\"error\":\"Outer\"} | Outer",
                "{\"errors\":{\"status_id\":\"is blank\"}}       | status_id is blank",
                "{\"errors\":{\"custom\":{\"a\":1}}}             | custom {\"a\":1}",
                "{\"errors\":{\"größe\":[\"zu groß\"]}}          | größe zu groß",
                "{\"error\":\"line\\nbreak\"}                  | line break",
                "{}                                          | gave no reason",
                "{\"errors\":{}}                               | gave no reason",
                "[]                                          | gave no reason",
                "false                                       | answered false",
                "\"No such ticket\"                            | answered \"No such ticket\"",
                "''                                          | empty answer",
                "<h1>Bad  gateway</h1>                       | not the API's JSON: <h1>Bad gateway</h1>",
                "{\"id\":                                      | not the API's JSON",
            })
    void whatItSaidIsOneSentence(String body, String sentence) {
        assertThat(answer(422, body).said()).isEqualTo(sentence);
    }

    @Test
    void whatItSaidIsOfBoundedLength() {
        String errors = "{\"errors\":{\"base\":[\"" + "x".repeat(10_000) + "\"]}}";

        assertThat(answer(422, errors).said()).hasSize(1_003).endsWith("...");
        assertThat(answer(502, "y".repeat(10_000)).said()).endsWith("yyy...").hasSizeLessThan(230);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":32,\"source\":{\"token\":\"abc-77\",\"secret\":\"def-88\"}}",
                "{\"id\":32,\"source\":{\"token\":\"abc-77\",\"secret\":\"def-88\"}",
                "{\"id\":32,\"source\":{\"token\":\"abc-77\",\"secret\":\"def-88\"}} trailing",
                "[{\"source\":{\"token\":\"abc-77\",\"secret\":\"def-88\"}}]",
                "{\"errors\":{\"base\":{\"source\":{\"token\":\"abc-77\",\"secret\":\"def-88\"}}}}",
                "{\"errors\":{\"source\":{\"token\":\"abc-77\",\"secret\":\"def-88\"}}}",
                "{\"error\":[{\"ticket\":{\"source\":{\"token\":\"abc-77\",\"secret\":\"def-88\"}}}]}",
                "<pre>{\"source\":{\"token\":\"abc-77\",\"secret\":\"def-88\"}}</pre>",
            })
    void nothingOfATicketsSourceIsTakenOver(String body) {
        for (int status : new int[] {200, 403, 404, 422, 503}) {
            Answer answer = answer(status, body);

            assertThat(answer.toString() + answer.said() + answer.described()).doesNotContain("abc-77", "def-88");
        }
    }

    @Test
    void anErrorOnAFieldNamedSourceIsTakenOver() {
        assertThat(answer(422, "{\"errors\":{\"source\":[\"is unknown\"]}}").said())
                .isEqualTo("source is unknown");
    }

    @Test
    void ourOwnCredentialsAreHiddenWhereverTheyAreRepeated() throws IOException {
        String token = "tok&en-1234";
        String secret = "s3cret/+5678";
        String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        String page = "X-Auth-Token: " + token + " tok&amp;en-1234 X-Auth-Secret: " + secret + " " + encoded;

        assertThat(answer(502, "<pre>" + page + "</pre>").said())
                .isEqualTo("not the API's JSON: <pre>X-Auth-Token: (hidden) (hidden) X-Auth-Secret: (hidden)"
                        + " (hidden)</pre>");
        assertThat(answer(403, "{\"error\":\"no token tok&en-1234\"}").errors())
                .containsExactly(entry("base", List.of("no token (hidden)")));
        // Escaped in the JSON, so that it is only there once that is read.
        assertThat(answer(422, "{\"errors\":{\"s3cret\\/+5678\":[\"tok\\u0026en-1234\"]}}")
                        .said())
                .isEqualTo("(hidden) (hidden)");
        assertThat(answer(200, "\"tok&en-1234\"").said()).isEqualTo("answered \"(hidden)\"");
        // Where an excerpt is cut, no half of a secret is left.
        assertThat(answer(502, "z".repeat(195) + secret).said()).doesNotContain("s3c");
        assertThat(Answer.read(302, null, null, "https://elsewhere/?t=" + encoded, REDACTION)
                        .location())
                .isEqualTo("https://elsewhere/?t=(hidden)");
        assertThat(Answer.none(new IOException("bad header: " + token), REDACTION)
                        .said())
                .isEqualTo("no whole answer (bad header: (hidden))");
    }

    @Test
    void theEmbeddedEndpointsCredentialsAreNoSecret() {
        Redaction practice = Redaction.of(new EndpointSettings(
                URI.create("http://localhost:8089"),
                "sandbox",
                "sandbox",
                null,
                false,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1)));

        assertThat(practice.of("The sandbox plays a 503")).isEqualTo("The sandbox plays a 503");
    }

    @Test
    void aBodyThatBreaksOffIsNoAnswer() {
        InputStream half = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Premature end of Content-Length delimited message body");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        };

        Answer answer = Answer.read(200, half, "3", null, REDACTION);

        assertThat(answer.status()).isEqualTo(Answer.NONE);
        assertThat(answer.isUnreachable()).isFalse();
        assertThat(answer.described())
                .isEqualTo("no whole answer (Premature end of Content-Length delimited message body)");
    }

    @Test
    void onlyWhatCannotHaveReachedTheEndpointIsUnreachable() {
        assertThat(Answer.none(new ConnectException("Connection refused"), REDACTION)
                        .isUnreachable())
                .isTrue();
        assertThat(Answer.none(new java.net.UnknownHostException("desk.invalid"), REDACTION)
                        .said())
                .isEqualTo("cannot be reached (desk.invalid)");
        assertThat(Answer.none(new ConnectTimeoutException("Connect to x failed: timed out"), REDACTION)
                        .isUnreachable())
                .isTrue();
        assertThat(Answer.none(new SocketTimeoutException("Read timed out"), REDACTION)
                        .isUnreachable())
                .isFalse();
        assertThat(Answer.none(new SocketException("Connection reset"), REDACTION)
                        .isUnreachable())
                .isFalse();
        assertThat(Answer.none(new SocketException(), REDACTION).said()).isEqualTo("no whole answer (SocketException)");
    }

    @Test
    void aCertificateThatIsNotTrustedIsToldWithItsRemedy() {
        SSLHandshakeException cause = new SSLHandshakeException("PKIX path building failed");
        cause.initCause(new CertificateException("PKIX path building failed"));

        assertThat(Answer.none(cause, REDACTION).said())
                .isEqualTo("cannot be reached (its certificate is not trusted: PKIX path building failed; have its"
                        + " authority in a trust store and name that with"
                        + " CARAVAN_JAVA_OPTS=-Djavax.net.ssl.trustStore=FILE)");
    }
}
