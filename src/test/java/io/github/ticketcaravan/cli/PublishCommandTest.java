package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.KafkaBroker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** {@code caravan publish} to a real Kafka. */
class PublishCommandTest {

    private static final Path PROJECT = Path.of(System.getProperty("caravan.project", "."));

    @TempDir
    private static Path kafka;

    private static KafkaBroker broker;

    @TempDir
    private Path folder;

    private String topic;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(kafka);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void topic(TestInfo test) throws Exception {
        topic = test.getTestMethod().orElseThrow().getName();
        broker.createTopic(topic, 6);
    }

    private int publish(String address, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "publish",
                "--config=" + PROJECT.resolve("config"),
                "--data=" + folder.resolve("data"),
                "--set=caravan.queue.kind=kafka",
                "--set=caravan.queue.url=" + address,
                "--set=caravan.queue.name=" + topic));
        all.addAll(List.of(arguments));
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    private int publish(Path file, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(file.toString());
        return publish(broker.address(), all.toArray(String[]::new));
    }

    private Path file(String name, String... lines) throws Exception {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return record.headers().lastHeader(name) == null
                ? null
                : new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static String text(ConsumerRecord<String, byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    private static int line(ConsumerRecord<String, byte[]> record) {
        String id = header(record, "caravan-id");
        return Integer.parseInt(id.substring(id.indexOf('-') + 1));
    }

    /** In the order of their lines. */
    private List<ConsumerRecord<String, byte[]>> records() {
        return broker.records(topic).stream()
                .sorted(Comparator.comparing(PublishCommandTest::line))
                .toList();
    }

    @Test
    void eachRowOfACsvIsAMessageKeyedByItsTicket() throws Exception {
        Path file = file(
                "updates.csv",
                "Ticket No;Status;custom[a \"b\"];Reply due at;Remarks",
                "lf-616004;Waiting;\\empty;2026-12-01 09:30;x",
                "OC-820409;;\u00e4\u00f6\u00fc;;y");

        assertThat(publish(
                        file,
                        "--set=caravan.csv.columns=Ticket No=ticket",
                        "--set=caravan.csv.ignore=Remarks",
                        "--set=caravan.time-zone=Europe/Berlin"))
                .as(err.toString())
                .isZero();

        assertThat(records())
                .extracting(ConsumerRecord::key, PublishCommandTest::text)
                .containsExactly(
                        Tuple.tuple(
                                "LF-616004",
                                "{\"ticket\":\"lf-616004\",\"status\":\"Waiting\",\"custom[a \\\"b\\\"]\":\"\","
                                        + "\"reply_due_at\":\"2026-12-01T09:30:00+01:00\"}"),
                        Tuple.tuple(
                                "OC-820409",
                                "{\"ticket\":\"OC-820409\",\"custom[a \\\"b\\\"]\":\"\u00e4\u00f6\u00fc\"}"));
        assertThat(out.toString()).contains("updates.csv: 2 messages published to " + topic);
    }

    @Test
    void rowsOfATicketStandOnOnePartitionInTheFilesOrder() throws Exception {
        List<String> lines = new ArrayList<>(List.of("ticket,subject"));
        for (int row = 0; row < 3_000; row++) {
            lines.add((row % 2 == 0 ? "t-" : "T-") + row % 37 + "," + row);
        }
        assertThat(publish(file("updates.csv", lines.toArray(String[]::new)))).isZero();

        List<ConsumerRecord<String, byte[]>> records = broker.records(topic);
        assertThat(records).hasSize(3_000);
        records.stream().collect(Collectors.groupingBy(ConsumerRecord::key)).forEach((ticket, some) -> {
            assertThat(some)
                    .extracting(ConsumerRecord::partition)
                    .containsOnly(some.get(0).partition());
            assertThat(some).extracting(PublishCommandTest::line).isSorted();
        });
    }

    @Test
    void theSameFileGivesTheSameIdsAndAgainOthers() throws Exception {
        Path file = file("updates.csv", "ticket,status", "A,1", "B,2");
        publish(file);
        publish(file);
        publish(file, "--again");
        publish(file, "--set=caravan.time-zone=Europe/Berlin");

        List<String> ids = broker.records(topic).stream()
                .map(record -> header(record, "caravan-id"))
                .toList();
        assertThat(ids).hasSize(8);
        assertThat(ids.stream().distinct()).hasSize(6);
    }

    @Test
    void linesOfJsonAreMessagesUnchanged() throws Exception {
        assertThat(publish(file(
                        "updates",
                        "{\"ticket\":\"LF-1\", \"status\" : null}",
                        "",
                        "[{\"ticket\":\"LF-2\"},{\"ticket\":\"LF-3\"}]",
                        "{\"status\":\"Closed\"}")))
                .isZero();

        assertThat(records())
                .extracting(ConsumerRecord::key, PublishCommandTest::text)
                .containsExactly(
                        Tuple.tuple("LF-1", "{\"ticket\":\"LF-1\", \"status\" : null}"),
                        Tuple.tuple("LF-2", "[{\"ticket\":\"LF-2\"},{\"ticket\":\"LF-3\"}]"),
                        Tuple.tuple(null, "{\"status\":\"Closed\"}"));
        assertThat(err.toString())
                .contains("1 of them name no ticket")
                .contains("1 hold updates of several tickets and are keyed by the first");
    }

    @Test
    void whateverIsNoCsvIsPublishedLineByLine() throws Exception {
        assertThat(publish(file("notes", "not JSON", "at all"))).isZero();

        assertThat(records()).extracting(PublishCommandTest::text).containsExactly("not JSON", "at all");
    }

    @Test
    void aRowThatIsInvalidIsPublishedAllTheSameWithWhatStoodThereAndTold() throws Exception {
        assertThat(publish(file("updates.csv", "ticket,status,reply_due_at", "A,Open", "B,Open,01/02/2026", "C,Open,")))
                .isZero();

        assertThat(records())
                .extracting(PublishCommandTest::text)
                .containsExactly(
                        "{\"ticket\":\"A\",\"row\":\"A,Open\"}",
                        "{\"ticket\":\"B\",\"status\":\"Open\",\"reply_due_at\":\"01/02/2026\"}",
                        "{\"ticket\":\"C\",\"status\":\"Open\"}");
        assertThat(err.toString()).contains("2 of them are invalid").contains("row 2: ");
    }

    @Test
    void aRowThatReplaysADeadLetterSaysSo() throws Exception {
        assertThat(publish(file("updates.rejected.csv", "ticket,status,caravan.dead-letter", "A,Open,k3f9-17")))
                .isZero();

        assertThat(records()).singleElement().satisfies(record -> {
            assertThat(header(record, "caravan_dead_letter")).isEqualTo("k3f9-17");
            assertThat(text(record)).isEqualTo("{\"ticket\":\"A\",\"status\":\"Open\"}");
        });
    }

    @Test
    void whatIsWrongWithAFileIsFoundBeforeAnythingIsPublished() throws Exception {
        assertThat(publish(file("updates.csv", "ticket,statsu", "A,Open"))).isEqualTo(2);
        assertThat(err.toString()).contains("statsu").contains("status");
        assertThat(publish(file("cut.csv", "ticket,status", "A,Open", "B,\"Open")))
                .isEqualTo(2);
        assertThat(publish(file("updates.jsonl", "{\"ticket\":\"A\"}", "{\"ticket\":")))
                .isEqualTo(2);
        assertThat(publish(folder.resolve("missing.csv"))).isEqualTo(2);
        assertThat(publish(file("empty", ""))).isEqualTo(2);

        assertThat(broker.records(topic)).isEmpty();
    }

    @Test
    void aBrokerThatIsAwayATopicThatIsNotThereAndNoQueueAtAllAreOneSentenceEach() throws Exception {
        Path file = file("updates.csv", "ticket,status", "A,Open");

        assertThat(publish("127.0.0.1:9", file.toString())).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("Kafka at 127.0.0.1:9 cannot be reached")
                .contains("caravan.queue.url");

        err.getBuffer().setLength(0);
        assertThat(publish(file, "--set=caravan.queue.name=missing")).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("has no topic missing: create it");

        err.getBuffer().setLength(0);
        assertThat(publish(file, "--set=caravan.queue.kind=off")).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("caravan.queue.kind is off");
    }
}
