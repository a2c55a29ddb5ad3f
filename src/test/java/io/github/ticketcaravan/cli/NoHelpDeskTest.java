package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses and credentials at which no row can be applied: no row is to blame, and none is lost. */
class NoHelpDeskTest {

    private static final String REDIRECT = "Location: http://127.0.0.1:1/elsewhere";

    private static final String NO_HELP_DESK = "There is no help desk at caravan.endpoint.url: ";

    @TempDir
    private Path folder;

    private Path data;
    private Path file;

    @BeforeEach
    void writeTheFile() throws IOException {
        data = folder.resolve("data");
        file = Files.writeString(
                folder.resolve("updates.csv"), "ticket,status\nLF-616004,Resolved\nOC-820409,Resolved\nLF-1,New\n");
    }

    @Test
    void aHostThatDoesNotExist() {
        assertUnreachable(
                "http://no-such-host.invalid:1",
                "cannot be reached (" + "no-such-host.invalid",
                "--set",
                "caravan.endpoint.token=a-token",
                "--set",
                "caravan.endpoint.secret=a-secret");
    }

    @Test
    void aPortThatRefusesConnections() throws IOException {
        assertUnreachable(freePort(), "cannot be reached (Connect to");
    }

    @Test
    void aServerThatAnswersWithAPage() throws IOException {
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.html(200))) {
            assertUnreachable(
                    server.url(), "HTTP 200, not the API's JSON: " + "<html><body>We are elsewhere</body></html>");
        }
    }

    @Test
    void aServerThatHangsUp() throws IOException {
        try (ScriptedServer server = ScriptedServer.always("")) {
            assertUnreachable(server.url(), "no whole answer (");
        }
    }

    @Test
    void aServerThatSendsHalfAnAnswer() throws IOException {
        try (ScriptedServer server = ScriptedServer.always(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"id\":")) {
            assertUnreachable(server.url(), "no whole answer (");
        }
    }

    @Test
    void aServerThatSpeaksSomethingElse() throws IOException {
        try (ScriptedServer server = ScriptedServer.always("220 mail.example.com ESMTP\r\n")) {
            assertUnreachable(server.url(), "no whole answer (");
        }
    }

    @Test
    void aServerThatIsSilent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertUnreachable(
                    "http://127.0.0.1:" + silent.getLocalPort(),
                    "no whole answer (",
                    "--set",
                    "caravan.endpoint.response-timeout=50ms");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsNotFollowed(int status) throws IOException {
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.answer(status, REDIRECT, ""))) {
            assertStops(
                    server.url(),
                    "The help desk answered HTTP " + status + ", a redirect to http://127.0.0.1:1/elsewhere, which is"
                            + " not followed since it would carry the secret along: mend caravan.endpoint.url",
                    "--set",
                    "caravan.delivery.concurrency=1");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"404", "405"})
    void aPathWhereThereIsNoApi(int status) throws IOException {
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.html(status))) {
            assertStops(
                    server.url(),
                    "The help desk answered HTTP " + status + " (not the API's JSON: <html><body>We are elsewhere"
                            + "</body></html>): there is no help desk's API at this address; mend caravan.endpoint.url",
                    "--set",
                    "caravan.delivery.concurrency=1");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void credentialsThatAreWrong(int status) throws IOException {
        try (ScriptedServer server =
                ScriptedServer.always(ScriptedServer.json(status, "{\"error\":\"Access denied\"}"))) {
            assertStops(
                    server.url(),
                    "The help desk answered HTTP " + status + " (Access denied): mend caravan.endpoint.token,"
                            + " caravan.endpoint.secret or caravan.endpoint.application",
                    "--set",
                    "caravan.delivery.concurrency=1");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aStopIsOfNoHarmOnceItIsMended() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(
                number -> number == 0 ? ScriptedServer.json(403, "{}") : ScriptedServer.json(200, "true"))) {
            assertStops(server.url(), "The help desk answered HTTP 403", "--set", "caravan.delivery.concurrency=1");

            assertThat(Cli.run(data, server.url(), "import", file).exitCode()).isZero();
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void aSingleUpdateStopsLikewise() throws IOException {
        Object url = freePort();

        Cli.Result result = Cli.run(data, url, "send", "LF-616004", "status=Resolved");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith(NO_HELP_DESK + "cannot be reached (Connect to")
                .doesNotContain("\tat ");
        assertNoDeadLetters(url);
    }

    private void assertStops(Object url, String reason, String... options) {
        Instant start = Instant.now();
        Object[] words = new Object[options.length + 2];
        words[0] = "import";
        words[1] = file;
        System.arraycopy(options, 0, words, 2, options.length);

        Cli.Result result = Cli.run(data, url, words);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.out())
                .contains("Stopped: " + reason)
                .contains("  not sent           3\n")
                .contains("The same command goes on where it stopped; rows that have an outcome are not sent again.")
                .doesNotContain("\tat ");
        assertThat(result.err()).doesNotContain("\tat ");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
        assertNoDeadLetters(url);
        assertThat(folder.resolve("updates.rejected.csv")).doesNotExist();
    }

    private void assertUnreachable(Object url, String because, String... options) {
        assertStops(url, NO_HELP_DESK + because, options);
    }

    private void assertNoDeadLetters(Object url) {
        assertThat(Cli.run(
                                data,
                                url,
                                "dead",
                                "list",
                                "--set",
                                "caravan.endpoint.token=sandbox",
                                "--set",
                                "caravan.endpoint.secret=sandbox")
                        .out())
                .isEqualToIgnoringNewLines("0 dead letters");
    }

    private static URI freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }
}
