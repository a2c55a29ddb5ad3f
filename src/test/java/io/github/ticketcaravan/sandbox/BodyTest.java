package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.sandbox.RawConnection.Response;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How bodies are read: whatever the method, not too much of them, and all of them or nothing. */
class BodyTest {

    private static final String UPDATE = "/api/v2/tickets/update";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final long TWO_HUNDRED_MEGABYTES = 200_000_000;

    private Sandbox sandbox;
    private SandboxClient client;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxClient.options().withTickets(1));
        client = new SandboxClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private String subject() throws Exception {
        return client.get("/api/v2/tickets/ticket?ticket=LF-616004")
                .json()
                .get("subject")
                .asText();
    }

    @Test
    void anExpectationIsMetWithOneInterimAnswer() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send("POST " + UPDATE + " HTTP/1.1\r\nHost: localhost\r\n" + RawConnection.AUTHORISED
                    + "Content-Type: " + FORM + "\r\nContent-Length: 24\r\nExpect: 100-continue\r\n"
                    + "Connection: close\r\n\r\n");
            assertThat(connection.read().status()).isEqualTo(100);
            connection.send("ticket=LF-616004&subject");

            assertThat(connection.readToTheEnd()).startsWith("HTTP/1.1 422 ").containsOnlyOnce("HTTP/1.1");
        }
    }

    @Test
    void anExpectationOfHttp10GetsNoInterimAnswer() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send(
                    "POST " + UPDATE + " HTTP/1.0\r\nExpect: 100-continue\r\nContent-Type: " + FORM + "\r\n",
                    "ticket=LF-616004");

            assertThat(connection.read().status()).isEqualTo(200);
        }
    }

    @Test
    void anotherExpectationIsA417() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send("POST " + UPDATE + " HTTP/1.1\r\nHost: localhost\r\nExpect: tea\r\n", "ticket=LF-616004");

            Response response = connection.read();
            assertThat(response.status()).isEqualTo(417);
            assertThat(response.body())
                    .isEqualTo("{\"error\":\"The expectation 'tea' cannot be met: only 100-continue is known\"}");
        }
    }

    @Test
    void javasClientThatWaitsForTheInterimAnswerGetsTheFinalOne() throws Exception {
        for (int i = 0; i < 5; i++) {
            var answer = client.send(client.request(UPDATE, "sandbox")
                    .expectContinue(true)
                    .header("Content-Type", FORM)
                    .POST(BodyPublishers.ofString("ticket=LF-616004&subject=" + i)));

            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @Test
    void anAnnouncedBodyThatIsTooLargeIsA413WithoutAnInterimAnswer() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send("POST " + UPDATE + " HTTP/1.1\r\nHost: localhost\r\n" + RawConnection.AUTHORISED
                    + "Content-Type: " + FORM + "\r\nContent-Length: 1000001\r\nExpect: 100-continue\r\n\r\n");

            assertTooLarge(connection.read());
            assertThat(connection.readToTheEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FORM, "multipart/form-data; boundary=x", "text/plain"})
    void whoSendsTwoHundredMegabytesAnnouncedAndThenReadsGetsThe413(String type) throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send("POST " + UPDATE + " HTTP/1.1\r\nHost: localhost\r\n" + RawConnection.AUTHORISED
                    + "Content-Type: " + type + "\r\nContent-Length: " + TWO_HUNDRED_MEGABYTES + "\r\n\r\n");
            byte[] piece = new byte[1_000_000];
            for (long sent = 0; sent < TWO_HUNDRED_MEGABYTES; sent += piece.length) {
                connection.out().write(piece);
            }

            assertTooLarge(connection.read());
            assertThat(connection.readToTheEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FORM, "multipart/form-data; boundary=x", "text/plain"})
    void whoSendsTwoHundredMegabytesInChunksAndThenReadsGetsThe413(String type) throws Exception {
        byte[] chunk = ("f4240\r\n" + "x".repeat(1_000_000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send("POST " + UPDATE + " HTTP/1.1\r\nHost: localhost\r\n" + RawConnection.AUTHORISED
                    + "Content-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (long sent = 0; sent < TWO_HUNDRED_MEGABYTES; sent += 1_000_000) {
                connection.out().write(chunk);
            }
            connection.send("0\r\n\r\n");

            assertTooLarge(connection.read());
            assertThat(connection.readToTheEnd()).isEmpty();
        }
        assertThat(client.get("/api/v2/objects/slas").status()).isEqualTo(200);
    }

    @Test
    void javasClientGetsThe413OfTwoHundredMegabytesInChunks() throws Exception {
        var answer = client.send(client.request(UPDATE, "sandbox")
                .header("Content-Type", FORM)
                .POST(BodyPublishers.ofInputStream(() -> new Zeros(TWO_HUNDRED_MEGABYTES))));

        assertThat(answer.status()).isEqualTo(413);
    }

    private static void assertTooLarge(Response response) {
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.head()).containsIgnoringCase("\r\nconnection: close\r\n");
        assertThat(response.body()).isEqualTo("{\"error\":\"A request may have 1 MB\"}");
    }

    private static final class Zeros extends InputStream {

        private long left;

        Zeros(long length) {
            left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] bytes, int from, int length) {
            if (left <= 0) {
                return -1;
            }
            int read = (int) Math.min(left, length);
            left -= read;
            return read;
        }
    }

    @Test
    void anAddressThatIsTooLongIsToldToWhoSendsALargeBodyToo() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send(
                    "POST " + UPDATE + "?subject=" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n",
                    "x".repeat(20_000_000));

            assertThat(connection.read().status()).isEqualTo(414);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "REPORT"})
    void aFormBodyUpdatesWhateverTheMethod(String method) throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send(
                    method + " " + UPDATE + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + FORM + "\r\n",
                    "ticket=LF-616004&subject=By+" + method);

            assertThat(connection.read().status()).isEqualTo(200);
        }
        assertThat(subject()).isEqualTo("By " + method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "TRACE"})
    void aMultipartBodyUpdatesWhateverTheMethod(String method) throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send(
                    method + " " + UPDATE
                            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n",
                    multipart("By " + method) + "--\r\n");

            assertThat(connection.read().status()).isEqualTo(200);
        }
        assertThat(subject()).isEqualTo("By " + method);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, application/x-www-form-urlencoded",
        "GET, multipart/form-data; boundary=x",
        "GET, multipart/form-data",
        "GET, application/json",
        "TRACE, application/x-www-form-urlencoded",
        "POST, multipart/form-data; boundary=x",
        "PUT, text/plain",
        "DELETE, application/x-www-form-urlencoded"
    })
    void anEmptyBodyOfAnyTypeLeavesTheQueryItsSay(String method, String type) throws Exception {
        for (String empty : new String[] {"Content-Length: 0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}) {
            try (RawConnection connection = new RawConnection(sandbox)) {
                connection.send(method + " " + UPDATE + "?ticket=LF-616004 HTTP/1.1\r\nHost: localhost\r\n"
                        + RawConnection.AUTHORISED + "Content-Type: " + type + "\r\n" + empty);

                Response response = connection.read();
                assertThat(response.status()).as(response.body()).isEqualTo(200);
            }
        }
    }

    @Test
    void anAddressInUtf8ThatIsNotEncodedIsRead() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send("GET " + UPDATE + "?ticket=LF-616004&subject=Grüße HTTP/1.1\r\nHost: localhost\r\n", "");

            assertThat(connection.read().status()).isEqualTo(200);
        }
        assertThat(subject()).isEqualTo("Grüße");
    }

    private static String multipart(String subject) {
        return "--x\r\nContent-Disposition: form-data; name=\"ticket\"\r\n\r\nLF-616004\r\n"
                + "--x\r\nContent-Disposition: form-data; name=\"subject\"\r\n\r\n" + subject + "\r\n--x";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"a\\r\\n--xy\\r\\nb", "a\\r\\n--x-\\r\\nb", "a--x--b", "a\\n\\nb", "'\\r\\na\\r\\n'"})
    void whatOnlyResemblesABoundaryIsPartOfTheValue(String written) throws Exception {
        String value = written.replace("\\r", "\r").replace("\\n", "\n");
        var answer = client.send(client.request(UPDATE, "sandbox")
                .header("Content-Type", "Multipart/Form-Data; charset=utf-8; Boundary=\"x\"")
                .POST(BodyPublishers.ofString(
                        multipart("Notes").replace("subject", "custom[notes]").replace("Notes", value) + "--")));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().at("/custom_fields/notes").asText("")).isEqualTo(value);
    }

    @Test
    void preambleEpilogueAndLinesWithoutCarriageReturnAreRead() throws Exception {
        String body = "preamble\r\n" + multipart("Read") + "--\r\nepilogue";
        for (String written : new String[] {body, body.replace("\r", "")}) {
            var answer = client.send(client.request(UPDATE, "sandbox")
                    .header("Content-Type", "multipart/form-data; boundary=x")
                    .POST(BodyPublishers.ofString(written)));

            assertThat(answer.json().get("subject").asText()).isEqualTo("Read");
        }
    }

    @Test
    void aMultipartBodyThatIsCutOffAnywhereIsA400AndChangesNothing() throws Exception {
        String whole = multipart("Cut off") + "--";
        for (int length = 1; length < whole.length(); length++) {
            var answer = client.send(client.request(UPDATE + "?ticket=LF-616004", "sandbox")
                    .header("Content-Type", "multipart/form-data; boundary=x")
                    .POST(BodyPublishers.ofString(whole.substring(0, length))));

            assertThat(answer.status()).as(whole.substring(0, length)).isEqualTo(400);
            assertThat(answer.body())
                    .isEqualTo("{\"error\":\"The multipart body is cut off: its closing boundary is missing\"}");
        }
        assertThat(subject()).isEqualTo("Example API Ticket");
    }

    @Test
    void aConnectionThatEndsBeforeItsBodyDoesChangesNothing() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send("POST " + UPDATE + " HTTP/1.1\r\nHost: localhost\r\n" + RawConnection.AUTHORISED
                    + "Content-Type: " + FORM + "\r\nContent-Length: 100\r\n\r\nticket=LF-616004&subject=Half");
        }
        assertThat(subject()).isEqualTo("Example API Ticket");
        assertThat(client.get("/sandbox/requests").json()).hasSize(1);
    }
}
