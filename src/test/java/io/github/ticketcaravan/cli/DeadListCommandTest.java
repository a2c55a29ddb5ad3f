package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading the dead letters of two imports: two rejected and an invalid row, and one that failed. */
class DeadListCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z";

    @TempDir
    private static Path folder;

    private static Path data;

    @BeforeAll
    static void importTwoFiles() throws IOException {
        data = folder.resolve("data");
        Path first = Files.writeString(folder.resolve("first.csv"), """
                ticket,status,department
                LF-1,"Lost, ""found\""",
                LF-2,Resolved,
                LF-2,Resolved,Sales
                """);
        Path second = Files.writeString(folder.resolve("second.csv"), "ticket,status\nLF-3,New\n");
        try (ScriptedServer server = ScriptedServer.answering(number -> switch (number) {
            case 0 -> ScriptedServer.json(422, "{\"errors\":{\"status\":[\"is unknown\",\"is too long\"]}}");
            case 1 -> ScriptedServer.json(404, "{\"error\":\"no such ticket\"}");
            default -> ScriptedServer.json(500, "{}");
        })) {
            String url = server.url().toString();
            Cli.run(data, url, "import", first, "--set", "caravan.delivery.concurrency=1");
            Cli.run(data, url, "import", second, "--set", "caravan.delivery.retry.attempts=2");
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void eachIsOneLine() {
        Cli.Result result = dead("list");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        List<String> lines = result.out().lines().toList();
        assertThat(lines.get(0)).matches("ID +TICKET +OUTCOME +STATUS +FROM +REASON");
        assertThat(lines.get(1))
                .matches("\\S+-1 +LF-1 +rejected +422 +first.csv:2 +status is unknown; status is too long");
        assertThat(lines.get(2)).matches("\\S+-2 +LF-2 +rejected +404 +first.csv:3 +no such ticket");
        assertThat(lines.get(3)).matches("\\S+-3 +LF-2 +invalid +first.csv:4 +department: .*");
        assertThat(lines.get(4)).matches("\\S+-4 +LF-3 +failed +500 +second.csv:2 +after 2 attempts: HTTP 500, .*");
        assertThat(lines).hasSize(6).last().isEqualTo("4 dead letters");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --ticket LF-2                   | first.csv:3 first.csv:4
            --outcome invalid               | first.csv:4
            --status 404                    | first.csv:3
            --import 2                      | second.csv:2
            --source csv                    | first.csv:2 first.csv:3 first.csv:4 second.csv:2
            --source mail                   | ''
            --ticket LF-2 --outcome rejected | first.csv:3
            --ticket LF-9                   | ''
            """)
    void aFilterChooses(String filter, String expected) throws IOException {
        List<Object> words = new ArrayList<>(List.of("list", "--json"));
        words.addAll(List.of((Object[]) filter.split(" ", -1)));

        List<String> found = new ArrayList<>();
        for (JsonNode letter : JSON.readTree(dead(words.toArray()).out())) {
            found.add(
                    letter.path("name").asText() + ":" + letter.path("position").asLong());
        }

        assertThat(String.join(" ", found)).isEqualTo(expected);
    }

    @Test
    void asJsonEachHasEveryFieldOfADeadLetter() throws IOException {
        Cli.Result result = dead("list", "--json", "--status", "422");

        assertThat(result.exitCode()).isZero();
        JsonNode letters = JSON.readTree(result.out());
        assertThat(letters).hasSize(1);
        JsonNode letter = letters.get(0);
        List<String> fields = new ArrayList<>();
        letter.fieldNames().forEachRemaining(fields::add);
        assertThat(fields)
                .contains(
                        "id",
                        "source",
                        "name",
                        "position",
                        "ticket",
                        "parameters",
                        "original",
                        "outcome",
                        "status",
                        "errors",
                        "reason",
                        "attempts",
                        "first_at",
                        "last_at",
                        "replays");
        assertThat(letter.path("parameters").toString()).isEqualTo("{\"status\":\"Lost, \\\"found\\\"\"}");
        assertThat(letter.path("errors").toString()).isEqualTo("{\"status\":[\"is unknown\",\"is too long\"]}");
        assertThat(letter.path("status").asInt()).isEqualTo(422);
        assertThat(letter.path("attempts").asInt()).isEqualTo(1);
        assertThat(letter.path("first_at").asText()).matches(TIME);
    }

    @Test
    void oneIsShownWhole() {
        Cli.Result result = dead("show", "1");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines().map(String::strip))
                .anyMatch(line -> line.matches("\\S+-1: rejected \\(HTTP 422\\), open"))
                .contains(
                        "from        csv first.csv, position 2",
                        "ticket      LF-1",
                        "reason      status is unknown; status is too long",
                        "status: is unknown",
                        "status: is too long",
                        "replays     0")
                .anyMatch(line -> line.startsWith("as it came  LF-1,"));
    }

    @Test
    void severalAreShownByTheirIdsAndAsJson() throws IOException {
        String id = JSON.readTree(dead("list", "--json", "--status", "404").out())
                .get(0)
                .path("id")
                .asText();

        assertThat(JSON.readTree(dead("show", "--json", id).out())
                        .path("ticket")
                        .asText())
                .isEqualTo("LF-2");
        assertThat(dead("show", id, "4").out()).contains("rejected (HTTP 404)", "failed (HTTP 500)");
    }

    @ParameterizedTest
    @CsvSource({"99", "nonsense", "0000-1"})
    void anIdThatDoesNotExist(String id) {
        Cli.Result result = dead("show", id);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualToIgnoringNewLines(
                        "There is no dead letter " + id + " in this ledger: caravan dead list shows them");
    }

    @Test
    void whereThereAreNoneTheJsonIsAnEmptyArray() throws IOException {
        assertThat(JSON.readTree(dead("list", "--json", "--ticket", "none").out())
                        .toString())
                .isEqualTo("[]");
    }

    @Test
    void whatStandsInALetterSteersNoTerminal(@TempDir Path other) throws IOException {
        Path file = Files.writeString(other.resolve("escape.csv"), "ticket,status\nLF-\u001b[2J,New\n");
        Cli.run(other, "http://127.0.0.1:1", "import", file);

        for (String command : List.of("list", "show 1", "replay --all --dry-run", "discard 1")) {
            List<Object> words = new ArrayList<>(List.of("dead"));
            words.addAll(List.of((Object[]) command.split(" ", -1)));
            assertThat(Cli.run(other, "http://127.0.0.1:1", words.toArray()).out())
                    .as(command)
                    .contains("LF-\\u001b[2J")
                    .doesNotContain("\u001b");
        }
    }

    private static Cli.Result dead(Object... words) {
        List<Object> all = new ArrayList<>(List.of("dead"));
        all.addAll(List.of(words));
        return Cli.run(data, "http://127.0.0.1:1", all.toArray());
    }
}
