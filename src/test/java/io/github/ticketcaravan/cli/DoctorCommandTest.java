package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code caravan doctor} finds right, and what wrong. */
class DoctorCommandTest {

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void chooseTheDataFolder() {
        data = folder.resolve("data");
    }

    private Cli.Result doctor(Object url, String... sets) {
        Object[] words = new Object[1 + 2 * sets.length];
        words[0] = "doctor";
        for (int i = 0; i < sets.length; i++) {
            words[1 + 2 * i] = "--set";
            words[2 + 2 * i] = sets[i];
        }
        return Cli.run(data, url, words);
    }

    /** The line of one check. */
    private static String line(Cli.Result result, String check) {
        return result.out()
                .lines()
                .filter(line -> line.substring(7).startsWith(check))
                .reduce((one, other) -> one + "\n" + other)
                .orElse("");
    }

    @Test
    void whereAllIsRightItSaysSoALineEachAndLeavesNothingBehind() throws IOException {
        try (HelpDesk helpDesk = new HelpDesk()) {
            Cli.Result result = doctor(helpDesk.url());

            assertThat(result.exitCode()).as(result.out()).isZero();
            assertThat(result.err()).isEmpty();
            assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).startsWith("ok     "));
            assertThat(result.out().lines().map(line -> line.substring(7, 21).strip()))
                    .startsWith("configuration", "data folder", "ledger", "routes", "endpoint");
            assertThat(line(result, "ledger")).endsWith("ledger.db, made at the first start");
            assertThat(line(result, "routes")).contains("csv-drop", "attempt", "dead-replay-poll");
            assertThat(line(result, "endpoint"))
                    .endsWith(helpDesk.url() + " lets us in (HTTP 404, Ticket"
                            + " 'caravan-no-such-ticket' does not exist)");
            assertThat(helpDesk.requests()).isEqualTo(1);
            JsonNode request = helpDesk.log().get(0);
            assertThat(request.path("path").asText()).isEqualTo("/api/v2/tickets/update");
            assertThat(request.path("parameters").toString())
                    .as("even if there were such a ticket, nothing of it would be changed")
                    .isEqualTo("{\"ticket\":\"caravan-no-such-ticket\"}");
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void asJsonItIsAnArray() throws IOException {
        try (HelpDesk helpDesk = new HelpDesk()) {
            Cli.Result result = Cli.run(
                    data,
                    helpDesk.url(),
                    "doctor",
                    "--json",
                    "--set",
                    "caravan.endpoint.token=nobody",
                    "--set",
                    "caravan.endpoint.secret=hush-4711");

            assertThat(result.exitCode()).isEqualTo(2);
            JsonNode findings = new ObjectMapper().readTree(result.out());
            assertThat(findings.isArray()).isTrue();
            assertThat(findings.get(0).toString())
                    .startsWith("{\"check\":\"configuration\",\"ok\":true,\"message\":\"");
            assertThat(findings).anySatisfy(finding -> {
                assertThat(finding.path("check").asText()).isEqualTo("endpoint");
                assertThat(finding.path("ok").asBoolean()).isFalse();
                assertThat(finding.path("message").asText())
                        .contains("HTTP 403", "mend caravan.endpoint.token, caravan.endpoint.secret");
            });
            assertThat(result.out() + result.err()).doesNotContain("hush-4711");
        }
    }

    @Test
    void withoutAUrlTheOtherChecksAreMadeAllTheSame() {
        Cli.Result result = Cli.run("doctor", "--data", data, "--set", "caravan.endpoint.url=");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(line(result, "endpoint")).startsWith("wrong ").contains("caravan.endpoint.url is empty: set it");
        assertThat(result.out().lines().filter(line -> line.startsWith("ok "))).hasSizeGreaterThanOrEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            403 | {"error":"Access denied"} | mend caravan.endpoint.token, caravan.endpoint.secret or caravan.endpoint.application
            401 | {"error":"Access denied"} | have this address and the method tickets/update allowed for them
            302 |                           | a redirect to http://127.0.0.1:1/elsewhere, which is not followed
            404 | <html>                    | there is no help desk's API at this address; mend caravan.endpoint.url
            200 | {"id":1}                  | answers HTTP 200 for a ticket that cannot exist
            200 | <html>                    | is not available (after 1 attempt: HTTP 200, not the API's JSON: <html>)
            503 | {"error":"Maintenance"}   | is not available (after 1 attempt: HTTP 503, Maintenance): try again later
            429 |                           | is not available (after 1 attempt: HTTP 429, empty answer): try again later
            """)
    void anEndpointThatIsNotAsItShouldBe(int status, String body, String said) throws IOException {
        String headers = "Location: http://127.0.0.1:1/elsewhere\r\nRetry-After: 3600";
        try (ScriptedServer server =
                ScriptedServer.always(ScriptedServer.answer(status, headers, body == null ? "" : body))) {
            Cli.Result result = doctor(server.url());

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(line(result, "endpoint")).startsWith("wrong ").contains(said);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void anEndpointThatRejectsTheUpdateInAnotherWayLetsUsIn() throws IOException {
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(422, "{\"errors\":[\"no ticket\"]}"))) {
            assertThat(doctor(server.url()).exitCode()).isZero();
        }
    }

    @Test
    void anAddressWhereNobodyListens() throws IOException {
        String url;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = "http://127.0.0.1:" + socket.getLocalPort();
        }
        Cli.Result result = doctor(url);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(line(result, "endpoint"))
                .startsWith("wrong ")
                .contains("There is no help desk at caravan.endpoint.url: cannot be reached (")
                .endsWith("Check the URL and the network");
    }

    @Test
    void nobodyIsToldOfItsLetter() throws IOException {
        Path letters = folder.resolve("letters");
        try (HelpDesk helpDesk = new HelpDesk()) {
            Cli.Result result = doctor(
                    helpDesk.url(),
                    "caravan.dead-letter.forward=file:" + letters,
                    "caravan.notify.uri=file:" + letters);

            assertThat(result.exitCode()).as(result.out()).isZero();
            assertThat(line(result, "routes")).contains("dead-letter-forward", "notify");
            assertThat(filesIn(letters)).isEmpty();
        }
    }

    private static List<Path> filesIn(Path letters) throws IOException {
        if (!Files.exists(letters)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(letters)) {
            return files.toList();
        }
    }

    @Test
    void aFileInThePlaceOfTheDataFolder() throws IOException {
        Files.writeString(data, "in the way");

        Cli.Result result = doctor("http://127.0.0.1:1");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(line(result, "data folder"))
                .startsWith("wrong  data folder    --data " + data + ": cannot be written (")
                .endsWith("make it writable, or choose another folder");
    }

    @Test
    void aLedgerThatIsNoDatabase() throws IOException {
        Path ledger = Files.writeString(folder.resolve("ledger.db"), "no database, whatever it is called\n".repeat(99));

        Cli.Result result = doctor("http://127.0.0.1:1", "caravan.ledger.url=jdbc:sqlite:" + ledger);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(line(result, "ledger"))
                .startsWith("wrong  ledger         The ledger jdbc:sqlite:" + ledger + " cannot be opened (")
                .contains("or set caravan.ledger.url");
    }

    @Test
    void aDatabaseThatIsNotThereIsToldWithoutItsPassword() {
        Cli.Result result = doctor(
                "http://127.0.0.1:1",
                "caravan.ledger.url=jdbc:postgresql://127.0.0.1:1/ledger?user=me&password=hush-77");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(line(result, "ledger"))
                .contains("jdbc:postgresql://127.0.0.1:1/ledger cannot be opened (Connection refused): look whether the"
                        + " database server is there");
        assertThat(result.out() + result.err()).doesNotContain("hush-77");
    }

    @Test
    void aRouteThatIsMisspelt() throws IOException {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        try (Stream<Path> shipped = Files.list(Cli.PROJECT.resolve("routes"))) {
            for (Path route : shipped.toList()) {
                Files.writeString(
                        routes.resolve(route.getFileName()),
                        Files.readString(route).replace("method: done", "method: dnoe"));
            }
        }
        try (HelpDesk helpDesk = new HelpDesk()) {
            Cli.Result result = Cli.run(data, helpDesk.url(), "doctor", "--routes", routes);

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(line(result, "routes"))
                    .startsWith("wrong  routes         the routes in " + routes + " cannot be started: ")
                    .contains("dnoe", "csv-drop-file");
            assertThat(line(result, "endpoint"))
                    .as("which does without that route")
                    .startsWith("ok ");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            caravan.endpont.url=x         | caravan.endpont.url: there is no such key; did you mean caravan.endpoint.url?
            caravan.delivery.concurrency=0 | caravan.delivery.concurrency=0: expected a whole number from 1 to 1000
            caravn.endpoint.url=x         | caravn.endpoint.url: there is no such key; keys begin with caravan. or camel.
            """)
    void aConfigurationThatCannotBeUsedIsAllThatIsTold(String set, String said) {
        Cli.Result result = doctor("http://127.0.0.1:1", set);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEqualToIgnoringNewLines("wrong  configuration  " + said);
        assertThat(result.err()).isEqualToIgnoringNewLines("The rest can be checked once the configuration is mended");
    }
}
