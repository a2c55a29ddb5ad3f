package io.github.ticketcaravan.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages in {@code src/test/resources/queue}, each with what is read of it; and what no text file can hold. */
class MessageReaderTest {

    private static final Path PROJECT = Path.of(System.getProperty("caravan.project", "."));
    private static final Path FIXTURES = PROJECT.resolve("src/test/resources/queue");
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(read(PROJECT.resolve("src/main/dist/schema/ticket-update.schema.json")));

    /** What a schema cannot say, each with why. */
    private static final Map<String, String> BEYOND_THE_SCHEMA = Map.of(
            "names-as-people-write-them", "it knows one spelling",
            "custom-as-keys", "it knows one spelling",
            "duplicate-keys", "a parser has taken one of the two before the schema sees it",
            "duplicate-custom-field", "it cannot compare names",
            "lone-surrogate", "it looks at characters, not at halves of them",
            "huge-number", "it compares values, not the length of their text",
            "dead-letter", "a replay has another form");

    private final MessageReader reader = new MessageReader(new UpdateRules(ZoneOffset.UTC));

    @ParameterizedTest
    @MethodSource("fixtures")
    void aMessageIsReadAsItsFixtureSays(String name) {
        String[] fixture = fixture(name);

        assertThat(read(fixture[0]).stream().map(MessageReaderTest::shown).collect(Collectors.joining("\n")))
                .isEqualTo(fixture[1].strip());
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void theShippedSchemaAgrees(String name) {
        String message = fixture(name)[0];
        List<String> parts = name.startsWith("lines")
                ? message.lines().filter(line -> !line.isBlank()).toList()
                : List.of(message);

        boolean read = read(message).stream().allMatch(TicketUpdate::isValid);
        boolean fits = parts.stream().allMatch(MessageReaderTest::fitsTheSchema);

        assertThat(fits).as(name).isEqualTo(BEYOND_THE_SCHEMA.containsKey(name) ? !read : read);
    }

    @Test
    void everyKeyOfTheApiIsInTheSchemaAndTaken() throws IOException {
        Set<String> keys = new java.util.TreeSet<>();
        new ObjectMapper()
                .readTree(read(PROJECT.resolve("src/main/dist/schema/ticket-update.schema.json")))
                .at("/$defs/update/properties")
                .fieldNames()
                .forEachRemaining(keys::add);
        Set<String> api = Stream.of(io.github.ticketcaravan.update.Parameter.values())
                .map(parameter -> parameter.apiName().replaceFirst("\\[.*", ""))
                .collect(Collectors.toCollection(java.util.TreeSet::new));

        assertThat(keys).isEqualTo(api);
    }

    @Test
    void eachPartKeepsTheTextItCameAs() {
        assertThat(read(" [ {\"ticket\":\"LF-616004\" , \"status\":\"New\"},\n [ 1 , 2 ] , \"x\" ]"))
                .extracting(TicketUpdate::original)
                .containsExactly("{\"ticket\":\"LF-616004\" , \"status\":\"New\"}", "[ 1 , 2 ]", "\"x\"");
        assertThat(read("{\"ticket\":\"A\",\"status\":\"New\"}\nrubbish\n"))
                .extracting(TicketUpdate::original)
                .containsExactly("{\"ticket\":\"A\",\"status\":\"New\"}", "rubbish");
    }

    @Test
    void positionsAreCountedFromOneAndTheNameIsTheQueues() {
        assertThat(read("[1,2]"))
                .extracting(TicketUpdate::origin)
                .containsExactly(
                        new Origin(Source.QUEUE, "ticket.updates", 1), new Origin(Source.QUEUE, "ticket.updates", 2));
    }

    @Test
    void aByteOrderMarkIsPassedOver() {
        assertThat(read("\uFEFF{\"ticket\":\"LF-616004\",\"status\":\"New\"}")).allMatch(TicketUpdate::isValid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t "})
    void anEmptyMessageIsInvalid(String text) {
        assertThat(problem(text.getBytes(StandardCharsets.UTF_8))).startsWith("the message is empty: expected a JSON");
    }

    @Test
    void whatIsNoTextIsInvalidAndKeptInBase64() {
        byte[] picture = {(byte) 0x89, 'P', 'N', 'G', 0, (byte) 0xff};
        TicketUpdate update = reader.read(message(picture, null)).get(0);

        assertThat(update.original()).isEqualTo("base64:iVBORwD/");
        assertThat(update.problems().get(0).message()).startsWith("the message is no UTF-8 text");
        byte[] halfOfASurrogatePair = {'"', (byte) 0xed, (byte) 0xa0, (byte) 0xbd, '"'};
        assertThat(problem(halfOfASurrogatePair)).startsWith("the message is no UTF-8 text");
    }

    @Test
    void aNulInTheTextIsKeptInBase64SinceNoDatabaseHoldsIt() {
        TicketUpdate update = read("{\0}").get(0);

        assertThat(update.isValid()).isFalse();
        assertThat(update.original()).isEqualTo("base64:ewB9");
    }

    @Test
    void nestingIsNoDangerHoweverDeep() {
        for (int depth : new int[] {1_000, 500_000, 3_000_000}) {
            String deep = "[".repeat(depth);
            assertThat(problem(deep.getBytes(StandardCharsets.UTF_8))).contains("not JSON");
            TicketUpdate update = read("[{\"ticket\":\"LF-616004\",\"status\":" + deep + "]".repeat(depth) + "}]")
                    .get(0);
            assertThat(update.isValid()).isFalse();
        }
        assertThat(read("[{\"ticket\":\"A\",\"status\":" + "[".repeat(1_000) + "]".repeat(1_000)
                        + "},{\"ticket\":\"LF-616004\",\"status\":\"New\"}]"))
                .extracting(TicketUpdate::isValid)
                .containsExactly(false, true);
    }

    @Test
    void aMessageOfTooManyUpdatesIsInvalidAsAWhole() {
        List<TicketUpdate> updates = read("[" + "1,".repeat(MessageReader.MOST_UPDATES) + "1]");

        assertThat(updates).hasSize(1);
        assertThat(updates.get(0).problems().get(0).message()).startsWith("the message has more than 100000 updates");
    }

    @Test
    void anObjectOfTooManyKeysTellsSoAndNotEachOfThem() {
        StringBuilder object = new StringBuilder("{\"ticket\":\"LF-616004\"");
        for (int i = 0; i < 100_000; i++) {
            object.append(",\"k").append(i).append("\":{}");
        }
        TicketUpdate update = read(object + "}").get(0);

        assertThat(update.problems()).hasSizeLessThanOrEqualTo(501);
        assertThat(update.problems()).extracting(Problem::message).contains("has more than 500 parameters");
    }

    @Test
    void theContentTypeOfLinesDecides() {
        byte[] body = "[1]\n[2]".getBytes(StandardCharsets.UTF_8);

        assertThat(reader.read(message(body, "application/x-ndjson; charset=utf-8")))
                .hasSize(2);
    }

    @Test
    void whyABodyCannotBeReadIsTheProblem() {
        QueueMessage message = new QueueMessage(
                "ID:1",
                null,
                "q",
                "{\"tick€".getBytes(StandardCharsets.UTF_8),
                "too large",
                null,
                null,
                null,
                null,
                Map.of());
        QueueMessage cut = new QueueMessage(
                "ID:1",
                null,
                "q",
                new byte[] {'a', (byte) 0xe2, (byte) 0x82},
                "too large",
                null,
                null,
                null,
                null,
                Map.of());

        assertThat(reader.read(message)).hasSize(1);
        assertThat(reader.read(message).get(0).problems()).containsExactly(new Problem("base", "too large"));
        assertThat(reader.read(message).get(0).original()).isEqualTo("{\"tick€");
        assertThat(reader.read(cut).get(0).original()).isEqualTo("a");
    }

    private static boolean fitsTheSchema(String json) {
        try {
            new ObjectMapper().readTree(json);
        } catch (IOException notJson) {
            return false;
        }
        return SCHEMA.validate(json, InputFormat.JSON).isEmpty();
    }

    private List<TicketUpdate> read(String text) {
        return reader.read(message(text.getBytes(StandardCharsets.UTF_8), null));
    }

    private String problem(byte[] body) {
        List<TicketUpdate> updates = reader.read(message(body, null));
        assertThat(updates).hasSize(1);
        return updates.get(0).problems().get(0).message();
    }

    private static QueueMessage message(byte[] body, String contentType) {
        return new QueueMessage("ID:1", null, "ticket.updates", body, null, contentType, null, null, null, Map.of());
    }

    private static String shown(TicketUpdate update) {
        String line = update.origin().position() + " " + update.ticket() + " "
                + update.parameters().toString().replace("\n", "\\n");
        String replay = update.replayOf() == null ? "" : " replay of " + update.replayOf();
        return line + replay + (update.isValid() ? "" : " " + sentence(update.problems()));
    }

    private static String sentence(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.field() + ": " + problem.message())
                .collect(Collectors.joining("; "));
    }

    private static String[] fixture(String name) {
        String[] parts = read(FIXTURES.resolve(name + ".txt")).split("\n----\n", -1);
        assertThat(parts).hasSize(2);
        return parts;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static List<String> fixtures() throws IOException {
        try (Stream<Path> files = Files.list(FIXTURES)) {
            return files.map(file -> file.getFileName().toString().replace(".txt", ""))
                    .sorted()
                    .toList();
        }
    }
}
