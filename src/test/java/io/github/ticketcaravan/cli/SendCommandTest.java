package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendCommandTest {

    @TempDir
    private Path data;

    @Test
    void anUpdateThatIsApplied() throws IOException {
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(200, "{}"))) {
            Cli.Result result = Cli.run(
                    data,
                    server.url(),
                    "send",
                    "LF-616004",
                    "Status=Waiting for Staff",
                    "cf.phone_number=01234 = 123123",
                    "tag-list=");

            assertThat(result.exitCode()).isZero();
            assertThat(result.out()).isEqualToIgnoringNewLines("LF-616004: applied (HTTP 200)");
            assertThat(result.err()).isEmpty();
            assertThat(server.requests())
                    .singleElement()
                    .asString()
                    .endsWith(
                            "\r\n\r\nticket=LF-616004&status=Waiting+for+Staff&custom%5Bphone_number%5D=01234+%3D+123123"
                                    + "&tag_list=");
        }
    }

    @Test
    void anUpdateThatIsRejectedIsADeadLetter() throws IOException {
        try (ScriptedServer server =
                ScriptedServer.always(ScriptedServer.json(422, "{\"errors\":{\"status\":[\"is unknown\"]}}"))) {
            Cli.Result result = Cli.run(data, server.url(), "send", "LF-616004", "status=Lost");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out()).isEqualToIgnoringNewLines("LF-616004: rejected (HTTP 422): status is unknown");
            assertThat(Cli.run(data, server.url(), "dead", "list", "--source", "cli")
                            .out())
                    .contains("status is unknown", "1 dead letter");
        }
    }

    @Test
    void anUpdateThatIsInvalidIsNotSent() throws IOException {
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(200, "{}"))) {
            Cli.Result result =
                    Cli.run(data, server.url(), "send", "LF-616004", "department=Sales", "reply_due_at=01/02/2026");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out()).startsWith("LF-616004: invalid: ").contains("department: ", "reply_due_at: ");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void inRoutesTooWhatIsSetWinsOverTheEnvironment() throws Exception {
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(422, "{}"))) {
            ProcessBuilder builder = Cli.process(
                    data,
                    "send",
                    "LF-616004",
                    "status=Lost",
                    "--data",
                    data.resolve("data"),
                    "--set",
                    "caravan.endpoint.url=" + server.url(),
                    "--set",
                    "caravan.dead-letter.forward=file:letters");
            builder.environment()
                    .putAll(Map.of(
                            "CARAVAN_ENDPOINT_URL", "http://127.0.0.1:1",
                            "CARAVAN_ENDPOINT_TOKEN", "sandbox",
                            "CARAVAN_ENDPOINT_SECRET", "sandbox",
                            "CARAVAN_DEAD_LETTER_FORWARD", "file:elsewhere"));
            Process process = builder.redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(said).isEqualTo(1);
            assertThat(said).contains("LF-616004: rejected (HTTP 422)");
            assertThat(server.requests()).hasSize(1);
            assertThat(data.resolve("letters")).isNotEmptyDirectory();
            assertThat(data.resolve("elsewhere")).doesNotExist();
        }
    }

    @Test
    void aParameterIsGivenOnce() {
        Cli.Result result = Cli.run(data, "http://127.0.0.1:1", "send", "LF-616004", "sla=1", "SLA=2");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("'sla' is given twice: give it once" + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            status       | 'status': expected NAME=VALUE, such as status=Resolved
            =Resolved    | '=Resolved': expected NAME=VALUE, such as status=Resolved
            statsu=New   | 'statsu' is no parameter of a ticket update; did you mean status?
            """)
    void whatIsNoParameterIsAMisuse(String argument, String sentence) throws IOException {
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(200, "{}"))) {
            Cli.Result result = Cli.run(data, server.url(), "send", "LF-616004", argument);

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).startsWith(sentence + System.lineSeparator());
            assertThat(server.requests()).isEmpty();
        }
    }
}
