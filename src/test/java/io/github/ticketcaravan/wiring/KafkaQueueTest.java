package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.KafkaBroker;
import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The routes {@code queue-kafka...} with a real Kafka. */
@Timeout(120)
@SuppressWarnings("try") // Nothing is asked of what runs by itself.
class KafkaQueueTest {

    private static final int PARTITIONS = 6;

    @TempDir
    private static Path log;

    private static KafkaBroker broker;
    private static int tests;

    @TempDir
    private Path folder;

    private String topic;
    private String results;
    private String group;
    private ScriptedServer helpDesk;
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, String> camel = new HashMap<>();

    @BeforeAll
    static void startBroker() throws Exception {
        broker = KafkaBroker.start(log);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void start() throws Exception {
        tests++;
        topic = "updates-" + tests;
        results = "results-" + tests;
        group = "group-" + tests;
        broker.createTopic(topic, PARTITIONS);
        broker.createTopic(results, 1);
        helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
        settings.put("caravan.endpoint.url", helpDesk.url().toString());
        settings.put("caravan.delivery.retry.delay", "5ms");
        settings.put("caravan.delivery.retry.max-delay", "20ms");
        settings.put("caravan.queue.kind", "kafka");
        settings.put("caravan.queue.url", broker.address());
        settings.put("caravan.queue.name", topic);
        settings.put("caravan.queue.results", results);
        settings.put("caravan.queue.group", group);
        settings.put("caravan.ledger.url", "jdbc:sqlite:" + folder.resolve("ledger.db"));
        settings.put(
                "caravan.notify.uri",
                "file:" + folder.resolve("notes") + "?fileExist=Append&fileName=notes.txt&appendChars=\\\\n");
        camel.put("camel.component.kafka.sessionTimeoutMs", "3000");
        camel.put("camel.component.kafka.heartbeatIntervalMs", "300");
    }

    @AfterEach
    void stop() throws Exception {
        helpDesk.close();
    }

    private Caravan caravan(String name) {
        Settings all = Settings.of(new Values(Map.of(), Map.of(), settings), folder.resolve(name));
        return Caravan.start(all, Caravan.Mode.RUN, CaravanFixture.ROUTES, camel, Clock.systemUTC(), "test");
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    private static String message(String ticket, int number) {
        return "{\"ticket\":\"" + ticket + "\",\"subject\":\"" + number + "\"}";
    }

    /** Messages 0, 1, ... in turn for so many tickets. */
    private void send(int first, int messages, int tickets) {
        try (KafkaProducer<String, byte[]> producer = broker.producer()) {
            for (int i = first; i < first + messages; i++) {
                String ticket = "T-" + i % tickets;
                var unused = producer.send(
                        new ProducerRecord<>(topic, ticket, message(ticket, i).getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private void send(String ticket, String text, Map<String, String> headers) throws Exception {
        try (KafkaProducer<String, byte[]> producer = broker.producer()) {
            ProducerRecord<String, byte[]> record =
                    new ProducerRecord<>(topic, ticket, text.getBytes(StandardCharsets.UTF_8));
            headers.forEach((name, value) ->
                    record.headers().add(new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8))));
            producer.send(record).get();
        }
    }

    private void awaitCommitted(long messages) {
        soon().untilAsserted(() -> assertThat(broker.committed(group, topic)).isEqualTo(messages));
    }

    /** Of each ticket, the numbers that were sent, in that order. */
    private Map<String, List<Integer>> sent() {
        Map<String, List<Integer>> sent = new HashMap<>();
        for (ScriptedServer.Request request : helpDesk.requests()) {
            String subject = request.form().get("subject");
            // Delivery asks for a ticket that cannot exist, to know whether anybody is there.
            if (subject != null) {
                sent.computeIfAbsent(request.ticket(), ticket -> new ArrayList<>())
                        .add(Integer.valueOf(subject));
            }
        }
        return sent;
    }

    private void assertEachWasSentOnceInOrder(int messages) {
        Map<String, List<Integer>> sent = sent();
        sent.values().forEach(numbers -> assertThat(numbers).isSorted().doesNotHaveDuplicates());
        assertThat(sent.values().stream().flatMap(List::stream).collect(Collectors.toSet()))
                .isEqualTo(IntStream.range(0, messages).boxed().collect(Collectors.toSet()));
    }

    private List<String> notes() throws Exception {
        Path notes = folder.resolve("notes/notes.txt");
        return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
    }

    @Test
    void messagesAreSentInOrderAnsweredWithTheirKeysAndCommitted() throws Exception {
        send(0, 3_000, 50);
        try (Caravan caravan = caravan("a")) {
            awaitCommitted(3_000);
        }

        assertEachWasSentOnceInOrder(3_000);
        List<ConsumerRecord<String, byte[]>> answers = broker.records(results);
        assertThat(answers).hasSize(3_000);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(new String(answer.value(), StandardCharsets.UTF_8))
                        .isEqualTo("{\"ticket\":\"" + answer.key()
                                + "\",\"outcome\":\"applied\",\"status\":200,\"attempts\":1,\"errors\":{}}"));
    }

    @Test
    void messagesBehindOneThatTheLedgerRefusesWaitForIt() throws Exception {
        settings.put("caravan.delivery.window", "4"); // So that each message is a batch.
        try (LogLines lines = new LogLines();
                Caravan caravan = caravan("a")) {
            execute("create trigger away before insert on message when new.id = 'caravan-id 0'"
                    + " begin select raise(abort, 'the ledger is away'); end");
            for (int i = 0; i < 4; i++) {
                send("T-1", message("T-1", i), Map.of("caravan-id", Integer.toString(i)));
            }
            soon().until(() -> !lines.linesWith("the ledger is away").isEmpty());
            execute("drop trigger away");

            awaitCommitted(4);
        }

        assertThat(sent()).containsExactly(Map.entry("T-1", List.of(0, 1, 2, 3)));
    }

    private void execute(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    @Test
    void whatIsReadAgainIsAnsweredAgainAndNotSent() throws Exception {
        send(0, 100, 10);
        try (Caravan caravan = caravan("a")) {
            awaitCommitted(100);
        }
        forgetWhatIsCommitted();
        try (Caravan caravan = caravan("b")) {
            awaitCommitted(100);
        }

        assertEachWasSentOnceInOrder(100);
        assertThat(broker.records(results)).hasSize(200);
    }

    private void forgetWhatIsCommitted() throws Exception {
        Map<TopicPartition, OffsetAndMetadata> beginning = new HashMap<>();
        IntStream.range(0, PARTITIONS)
                .forEach(partition -> beginning.put(new TopicPartition(topic, partition), new OffsetAndMetadata(0)));
        try (Admin admin = broker.admin()) {
            admin.alterConsumerGroupOffsets(group, beginning).all().get();
        }
    }

    @Test
    void theSendersIdMakesTwoMessagesOneAndRefusesOtherContentUnderIt() throws Exception {
        // Within one batch, and in another while the first is still under way, or settled.
        helpDesk.script(request -> {
            sleep(200);
            return ScriptedServer.APPLIED;
        });
        try (Caravan caravan = caravan("a")) {
            send("T-1", message("T-1", 1), Map.of("caravan-id", "id-1"));
            send("T-1", message("T-1", 1), Map.of("caravan-id", "id-1"));
            send("T-1", message("T-1", 2), Map.of("caravan-id", "id-2"));
            send("T-1", message("T-1", 1), Map.of("caravan-id", "id-1"));
            awaitCommitted(4);
            send("T-1", message("T-1", 1), Map.of("caravan-id", "id-1"));
            send("T-1", message("T-1", 3), Map.of("caravan-id", "id-2"));
            awaitCommitted(6);
        }

        assertThat(sent()).isEqualTo(Map.of("T-1", List.of(1, 2)));
        assertThat(broker.records(results).stream()
                        .map(answer -> new String(answer.value(), StandardCharsets.UTF_8))
                        .map(answer -> answer.replaceFirst(".*\"outcome\":\"(\\w+)\".*", "$1")))
                .containsExactly("applied", "applied", "applied", "applied", "applied", "invalid");
    }

    @Test
    void nothingIsCommittedPastAMessageThatIsNotDoneAndOthersAreNotHeldUpByIt() throws Exception {
        CountDownLatch mended = new CountDownLatch(1);
        helpDesk.script(request -> {
            if (request.ticket().equals("SLOW")) {
                awaitLatch(mended);
            }
            return ScriptedServer.APPLIED;
        });
        broker.createTopic("one", 1);
        settings.put("caravan.queue.name", "one");
        broker.send("one", "T", message("T-0", 0));
        broker.send("one", "S", message("SLOW", 1));
        for (int i = 2; i < 40; i++) {
            broker.send("one", "T", message("T-" + i, i));
        }
        try (Caravan caravan = caravan("a")) {
            soon().until(() -> helpDesk.requests().size() == 40);
            assertThat(broker.committed(group, "one")).isLessThanOrEqualTo(1);
            mended.countDown();
            soon().untilAsserted(
                            () -> assertThat(broker.committed(group, "one")).isEqualTo(40));
        }

        assertThat(helpDesk.requests()).hasSize(40);
    }

    @Test
    void aConsumerThatWaitsInAHaltLongerThanThePollIntervalIsNotThrownOut() throws Exception {
        camel.put("camel.component.kafka.maxPollIntervalMs", "1000");
        settings.put("caravan.delivery.window", "8");
        CountDownLatch mended = new CountDownLatch(1);
        helpDesk.script(request -> mended.getCount() == 0 ? ScriptedServer.APPLIED : ScriptedServer.json(503, "{}"));
        send(0, 60, 20);
        try (Caravan caravan = caravan("a")) {
            soon().until(() -> notes().stream().anyMatch(note -> note.contains("unavailable")));
            Set<String> members = broker.members(group);
            long until = System.nanoTime() + Duration.ofMillis(2_500).toNanos();
            await().atMost(Duration.ofSeconds(20)).until(() -> System.nanoTime() > until);
            assertThat(broker.members(group)).hasSize(1).isEqualTo(members);
            assertThat(broker.committed(group, topic)).isZero();
            mended.countDown();
            awaitCommitted(60);
        }

        sent().values().forEach(numbers -> assertThat(numbers).isSorted());
    }

    @Test
    void aBrokerThatIsAwayAndComesAgainIsToldOnceAndNothingIsLost() throws Exception {
        send(0, 500, 20);
        try (Caravan caravan = caravan("a")) {
            soon().until(() -> helpDesk.requests().size() > 100);
            broker.stop();
            soon().until(() -> notes().stream().anyMatch(note -> note.contains("cannot be reached")));
            broker.start();
            send(500, 500, 20);
            awaitCommitted(1_000);
            soon().until(() -> notes().stream().anyMatch(note -> note.contains("answers again")));
        }

        assertThat(sent().values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
        assertThat(sent().values().stream().flatMap(List::stream).distinct()).hasSize(1_000);
        assertThat(notes())
                .filteredOn(note -> note.startsWith("Kafka at"))
                .satisfiesExactly(
                        away -> assertThat(away).contains("cannot be reached"),
                        back -> assertThat(back).contains("answers again"));
    }

    @Test
    void whenPartitionsChangeHandsWhatIsInFlightIsFinishedAndTheRestLeft() throws Exception {
        camel.put("camel.component.kafka.maxPollIntervalMs", "20000");
        AtomicInteger latency = new AtomicInteger(2);
        helpDesk.script(request -> {
            sleep(latency.get());
            return ScriptedServer.APPLIED;
        });
        send(0, 3_000, 60);
        try (Caravan first = caravan("a")) {
            soon().until(() -> helpDesk.requests().size() > 200);
            // So that enough is left for both.
            latency.set(20);
            try (Caravan second = caravan("b")) {
                soon().until(() -> broker.members(group).size() == 2);
                latency.set(2);
                int before = helpDesk.requests().size();
                soon().until(() -> helpDesk.requests().size() > before + 300);
                latency.set(0);
            }
            awaitCommitted(3_000);
        }

        assertEachWasSentOnceInOrder(3_000);
        assertThat(broker.records(results).size()).isGreaterThanOrEqualTo(3_000);
    }

    @Test
    void headersOfSendersSteerNothing() throws Exception {
        ScriptedServer elsewhere = new ScriptedServer(request -> ScriptedServer.APPLIED);
        Map<String, String> hostile = new HashMap<>();
        for (String name : List.of(
                "CamelHttpUri",
                "Camel.HttpUri",
                "CamelHttpMethod",
                "CamelHttpPath",
                "CamelHttpQuery",
                "CamelFileName",
                "CamelRedeliveryDelay",
                "CamelKafkaOverrideTopic",
                "CamelKafkaTopic",
                "CamelKafkaKey",
                "CamelKafkaPartition",
                "CamelKafkaOffset",
                "CamelKafkaTimestamp",
                "CamelKafkaHeaders",
                "CamelKafkaManualCommit",
                "kafka.OVERRIDE_TOPIC",
                "kafka.TOPIC",
                "kafka.KEY",
                "kafka.OFFSET",
                "kafka.HEADERS",
                "kafka.MANUAL_COMMIT",
                "givenUp",
                "kafkaBatch",
                "X-Auth-Token")) {
            for (String spelt : Set.of(name, name.toLowerCase(Locale.ROOT), name.toUpperCase(Locale.ROOT))) {
                hostile.put(spelt, elsewhere.url().toString());
            }
        }
        try (Caravan caravan = caravan("a")) {
            send("T-1", message("T-1", 1), hostile);
            awaitCommitted(1);
        }

        assertThat(elsewhere.requests()).isEmpty();
        assertThat(helpDesk.requests()).singleElement().satisfies(request -> {
            assertThat(request.line()).startsWith("POST /api/v2/tickets/update ");
            assertThat(request.headers())
                    .noneMatch(header -> header.contains(elsewhere.url().toString()));
        });
        assertThat(broker.records(topic)).hasSize(1);
        assertThat(broker.records(results)).singleElement().satisfies(answer -> {
            assertThat(answer.key()).isEqualTo("T-1");
            assertThat(Stream.of(answer.headers().toArray()).map(header -> header.key()))
                    .containsExactly("correlation-id");
        });
        elsewhere.close();
    }

    @Test
    void whateverIsNoUpdateEndsAsADeadLetterWhichIsForwarded() throws Exception {
        String dead = topic + ".dead";
        broker.createTopic(dead, 1);
        settings.put("caravan.dead-letter.forward", dead);
        byte[] notUtf8 = message("T-2", 5).getBytes(StandardCharsets.ISO_8859_1);
        notUtf8[notUtf8.length - 3] = (byte) 0xFC;
        try (KafkaProducer<String, byte[]> producer = broker.producer()) {
            producer.send(new ProducerRecord<>(topic, 3, "k", null)).get();
            producer.send(new ProducerRecord<>(topic, 3, null, new byte[] {(byte) 0xFF, 0, 1}))
                    .get();
            producer.send(new ProducerRecord<>(topic, 3, "k", "no JSON".getBytes(StandardCharsets.UTF_8)))
                    .get();
            producer.send(new ProducerRecord<>(topic, 3, "T-2", notUtf8)).get();
            producer.send(new ProducerRecord<>(topic, 3, "", message("T-1", 4).getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
        List<ConsumerRecord<String, byte[]>> letters;
        try (Caravan caravan = caravan("a")) {
            awaitCommitted(5);
            soon().until(() -> broker.records(dead).size() == 4);
            letters = broker.records(dead);
        }

        assertThat(sent()).isEqualTo(Map.of("T-1", List.of(4)));
        assertThat(letters.stream().map(KafkaQueueTest::text))
                .allSatisfy(letter -> assertThat(letter).contains("\"outcome\":\"invalid\""))
                .satisfiesExactly(
                        tombstone -> assertThat(tombstone).contains("the message is empty"),
                        binary -> assertThat(binary).contains("UTF-8"),
                        noJson -> assertThat(noJson).contains("no JSON"),
                        latin1 -> assertThat(latin1).contains("UTF-8").contains("T-2"));
        assertThat(broker.records(results)).extracting(ConsumerRecord::key).containsExactly("k", null, "k", "T-2", "");
    }

    @Test
    void aRecordAsLargeAsAllowedIsCarriedOutAndOfALargerOneOnlyTheBeginningIsKept() throws Exception {
        int allowed = 10_000_000;
        String large = "large-" + topic;
        broker.createTopic(large, 1, Map.of("max.message.bytes", "120000000"));
        settings.put("caravan.queue.name", large);
        String dead = topic + ".dead";
        broker.createTopic(dead, 1, Map.of("max.message.bytes", "30000000"));
        settings.put("caravan.dead-letter.forward", dead);
        try (KafkaProducer<String, byte[]> producer = broker.producer()) {
            for (int size : List.of(allowed, allowed + 1, 3 * allowed)) {
                byte[] padded = new byte[size];
                Arrays.fill(padded, (byte) ' ');
                byte[] update = message("T-1", size).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(update, 0, padded, 0, update.length);
                producer.send(new ProducerRecord<>(large, "T-1", padded)).get();
            }
        }
        List<DeadLetter> letters;
        try (Caravan caravan = caravan("a")) {
            soon().untilAsserted(
                            () -> assertThat(broker.committed(group, large)).isEqualTo(3));
            letters = caravan.ledger().deadLetters().list(DeadLetterFilter.inStates(Set.of()));
            soon().until(() -> broker.records(dead).size() == 2);
        }

        assertThat(sent()).isEqualTo(Map.of("T-1", List.of(allowed)));
        assertThat(letters).hasSize(2).allSatisfy(letter -> {
            assertThat(letter.outcome()).isEqualTo("invalid");
            assertThat(letter.reason()).contains("larger than caravan.queue.max-size=" + allowed);
            assertThat(String.valueOf(letter.original())).hasSizeLessThanOrEqualTo(allowed);
        });
    }

    private static String text(ConsumerRecord<String, byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
