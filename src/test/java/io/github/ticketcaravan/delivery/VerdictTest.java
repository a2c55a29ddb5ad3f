package io.github.ticketcaravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {\"id\":32,\"reference\":\"LF-616004\"}       | APPLIED",
                "200 | {}                                        | APPLIED",
                "200 | true                                      | APPLIED",
                "201 | {\"id\":1}                                  | APPLIED",
                "200 | false                                     | REJECTED",
                "202 | false                                     | REJECTED",
                "200 | <html>Please wait</html>                  | TRANSIENT",
                "200 | ''                                        | TRANSIENT",
                "204 | ''                                        | TRANSIENT",
                "200 | {\"id\":32,\"refer                           | TRANSIENT",
                "200 | {\"id\":32} and more                         | TRANSIENT",
                "200 | []                                        | TRANSIENT",
                "200 | \"true\"                                    | TRANSIENT",
                "200 | null                                      | TRANSIENT",
                "200 | 1                                         | TRANSIENT",
                "401 | {\"error\":\"no\"}                            | HALT",
                "401 | ''                                        | HALT",
                "403 | {\"error\":\"no\"}                            | HALT",
                "403 | <html>Forbidden</html>                    | HALT",
                "301 | ''                                        | HALT",
                "302 | {\"id\":32}                                 | HALT",
                "304 | ''                                        | HALT",
                "307 | ''                                        | HALT",
                "308 | true                                      | HALT",
                "399 | ''                                        | HALT",
                "404 | {\"error\":\"Ticket not found\"}              | REJECTED",
                "404 | <html>Not found</html>                    | HALT",
                "404 | 404 page not found                        | HALT",
                "404 | ''                                        | HALT",
                "405 | {\"error\":\"no\"}                            | REJECTED",
                "405 | Method Not Allowed                        | HALT",
                "405 | ''                                        | HALT",
                "409 | {\"error\":\"in use\"}                        | REJECTED",
                "409 | ''                                        | REJECTED",
                "422 | {\"errors\":{\"status_id\":[\"is blank\"]}}     | REJECTED",
                "422 | <html>                                    | REJECTED",
                "400 | ''                                        | REJECTED",
                "402 | ''                                        | REJECTED",
                "410 | true                                      | REJECTED",
                "413 | ''                                        | REJECTED",
                "414 | ''                                        | REJECTED",
                "418 | I am a teapot                             | REJECTED",
                "451 | {}                                        | REJECTED",
                "499 | ''                                        | REJECTED",
                "408 | {\"error\":\"slow\"}                          | TRANSIENT",
                "429 | {\"error\":\"too many\"}                      | TRANSIENT",
                "500 | {\"error\":\"oops\"}                          | TRANSIENT",
                "500 | false                                     | TRANSIENT",
                "502 | <html>Bad gateway</html>                  | TRANSIENT",
                "503 | {\"id\":32}                                 | TRANSIENT",
                "504 | ''                                        | TRANSIENT",
                "599 | true                                      | TRANSIENT",
                "100 | ''                                        | TRANSIENT",
                "102 | {\"id\":32}                                 | TRANSIENT",
                "600 | {\"id\":32}                                 | TRANSIENT",
                "999 | true                                      | TRANSIENT",
            })
    void anAnswerHasThisVerdict(int status, String body, Verdict verdict) {
        assertThat(Verdict.of(AnswerFixture.answer(status, body))).isEqualTo(verdict);
    }

    @Test
    void everyStatusHasAVerdictWhateverTheBody() {
        IntStream.range(0, 1_000).forEach(status -> {
            for (String body : new String[] {"", "{}", "true", "false", "null", "[]", "<html>", "{\"a\":"}) {
                assertThat(Verdict.of(AnswerFixture.answer(status, body)))
                        .as("%d %s", status, body)
                        .isNotNull();
            }
        });
    }

    @Test
    void aMissingAnswerIsTransient() {
        for (Exception cause : new Exception[] {
            new SocketException("Connection reset"),
            new SocketTimeoutException("Read timed out"),
            new IOException("Premature end of chunk coded message body"),
            new IllegalStateException()
        }) {
            assertThat(Verdict.of(Answer.none(cause, AnswerFixture.REDACTION))).isEqualTo(Verdict.TRANSIENT);
        }
        assertThat(Verdict.of(AnswerFixture.refused())).isEqualTo(Verdict.TRANSIENT);
    }

    @Test
    void aBodyLargerThanAnyTicketIsNotTheApisJson() {
        String huge = "{\"subject\":\"" + "x".repeat(2 << 20) + "\"}";

        assertThat(Verdict.of(AnswerFixture.answer(200, huge))).isEqualTo(Verdict.TRANSIENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32BE", "UTF-8"})
    void bytesThatAreNoTextAreNoJson(String charset) {
        byte[] noise = new byte[64];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) (i % 4 == 0 ? 0 : 0xD8 + i);
        }
        byte[] mark = "\uFEFF{".getBytes(java.nio.charset.Charset.forName(charset));
        byte[] body = java.util.Arrays.copyOf(mark, mark.length + noise.length);
        System.arraycopy(noise, 0, body, mark.length, noise.length);

        assertThat(Verdict.of(AnswerFixture.answer(200, body, null))).isEqualTo(Verdict.TRANSIENT);
    }

    @Test
    void aByteOrderMarkBeforeTheJsonDoesNoHarm() {
        byte[] body = "\uFEFF{\"id\":32}".getBytes(StandardCharsets.UTF_8);

        assertThat(Verdict.of(AnswerFixture.answer(200, body, null))).isEqualTo(Verdict.APPLIED);
    }
}
