package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real RabbitMQ 3 with its plug-in for AMQP 1.0, where one is installed. */
@Timeout(120)
class RabbitmqTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String UPDATE = "{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}";

    @TempDir
    private static Path rabbitFolder;

    private static Rabbitmq rabbit;

    @TempDir
    private Path folder;

    private ScriptedServer helpDesk;

    @BeforeAll
    static void startRabbit() throws Exception {
        assumeThat(Rabbitmq.program())
                .as("RabbitMQ 3 is installed (Debian: rabbitmq-server)")
                .isPresent();
        rabbit = new Rabbitmq(rabbitFolder);
    }

    @AfterAll
    static void stopRabbit() {
        if (rabbit != null) {
            rabbit.close();
        }
    }

    @BeforeEach
    void listen() throws Exception {
        helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
    }

    @AfterEach
    void close() {
        helpDesk.close();
    }

    private QueueFixture fixture() {
        return new QueueFixture(folder, helpDesk.url())
                .with("caravan.queue.kind", "amqp")
                .with("caravan.queue.url", rabbit.url())
                .with("caravan.queue.user", Rabbitmq.USER)
                .with("caravan.queue.password", Rabbitmq.PASSWORD);
    }

    /** A program that knows RabbitMQ's addresses. */
    private static final class Program implements AutoCloseable {

        private final jakarta.jms.Connection connection;
        private final Session session;

        Program() throws JMSException {
            connection = new JmsConnectionFactory(
                            rabbit.url() + "?jms.receiveLocalOnly=true&jms.requestTimeout=5000&jms.closeTimeout=1000")
                    .createConnection(Rabbitmq.USER, Rabbitmq.PASSWORD);
            connection.start();
            session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
        }

        void send(String queue, Message message) throws JMSException {
            session.createProducer(session.createQueue("/amq/queue/" + queue)).send(message);
        }

        List<String> read(String queue, int number) throws JMSException {
            List<String> texts = new ArrayList<>();
            try (MessageConsumer consumer = session.createConsumer(session.createQueue("/amq/queue/" + queue))) {
                while (texts.size() < number) {
                    texts.add(((TextMessage) consumer.receive(20_000)).getText());
                }
                assertThat(consumer.receive(100)).isNull();
            }
            return texts;
        }

        @Override
        public void close() throws JMSException {
            connection.close();
        }
    }

    private static void publish(QueueFixture fixture, Path file) throws Exception {
        try (Publisher publisher = new Publisher(fixture.settings(), CaravanFixture.ROUTES, Map.of());
                Publication publication = publisher.read(file, "")) {
            publisher.check();
            publisher.publish(publication, published -> {});
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/amq/queue/", "/queue/", "/queues/"})
    void whatIsPublishedIsCarriedOutAnsweredAndForwardedHoweverTheQueueIsWritten(String prefix) throws Exception {
        helpDesk.script(request -> request.ticket().startsWith("OC")
                ? ScriptedServer.json(422, "{\"errors\":{\"status_id\":[\"can't be blank\"]}}")
                : ScriptedServer.APPLIED);
        List<String> lines = new ArrayList<>(List.of("ticket,status"));
        for (int i = 0; i < 12; i++) {
            lines.add((i % 2 == 0 ? "LF-61600" : "OC-82040") + i % 4 + "," + i);
        }
        Path file = Files.write(folder.resolve("updates.csv"), lines, StandardCharsets.UTF_8);
        QueueFixture fixture = fixture()
                .with("caravan.queue.name", prefix + "ticket.updates")
                .with("caravan.queue.results", prefix + "ticket.results")
                .with("caravan.dead-letter.forward", prefix + "ticket.updates.dead");
        try (LogLines log = new LogLines();
                Program program = new Program()) {
            publish(fixture, file);
            try (Caravan caravan = fixture.start()) {
                assertThat(caravan.routeIds()).contains("queue-jms", "dead-letter-forward");

                assertThat(program.read("ticket.results", 12))
                        .filteredOn(answer -> answer.contains("\"outcome\":\"applied\""))
                        .hasSize(6);
                assertThat(program.read("ticket.updates.dead", 6)).allMatch(letter -> letter.contains("OC-82040"));
            }
            assertThat(program.read("ticket.updates", 0)).isEmpty();
            assertThat(helpDesk.requests()).hasSize(12);
            assertThat(log.lines()).hasSize(6).allMatch(line -> line.contains("rejected"));
            assertThat(new QueueCheck(fixture.settings()).find()).contains("lets us read", "and send to");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b%c:$d", "a quorum"})
    void namesThatAnAddressHasToEncodeAndQuorumQueuesAreReadToo(String name) throws Exception {
        QueueFixture fixture =
                fixture().with("caravan.queue.name", name.equals("a quorum") ? "/queues/a%20quorum" : name);
        try (Caravan caravan = fixture.start()) {
            Path file = Files.writeString(folder.resolve("updates.csv"), "ticket,status\nLF-616004,Resolved\n");
            publish(fixture, file);

            await().atMost(PATIENCE).until(() -> helpDesk.requests().size() == 1);
            assertThat(caravan.routeIds()).contains("queue-jms");
        }
    }

    @Test
    void aReplyToOfAnyFormIsReached() throws Exception {
        try (Caravan caravan = fixture().start();
                Program program = new Program()) {
            assertThat(caravan.routeIds()).contains("queue-jms");
            for (String replyTo : List.of("replies", "/queue/replies", "/amq/queue/replies")) {
                TextMessage message = program.session.createTextMessage(UPDATE);
                message.setJMSReplyTo(program.session.createQueue(replyTo));
                program.send("ticket.updates", message);

                assertThat(program.read("replies", 1))
                        .singleElement()
                        .asString()
                        .contains("\"outcome\":\"applied\"");
            }
            assertThat(helpDesk.requests()).hasSize(3);
        }
    }

    @Test
    void aReplyToThatCannotBeReachedIsToldAtOnceAndBlocksNobody() throws Exception {
        try (LogLines log = new LogLines();
                Caravan caravan = fixture().start();
                Program program = new Program()) {
            assertThat(caravan.routeIds()).contains("queue-jms");
            long before = System.nanoTime();
            for (String replyTo : List.of("/exchange/no.such/x", "replies")) {
                TextMessage message = program.session.createTextMessage(UPDATE);
                message.setJMSReplyTo(program.session.createQueue(replyTo));
                program.send("ticket.updates", message);
            }

            assertThat(program.read("replies", 1)).singleElement().asString().contains("\"outcome\":\"applied\"");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("its answer cannot be sent to /exchange/no.such/x (NOT_FOUND - no exchange 'no.such'");
        }
    }

    /** It would say of each letter that it has it. */
    @Test
    void deadLettersAreNotLostWhereTheirQueueIsMissingAndGoThereWhenItIsMade() throws Exception {
        try (LogLines log = new LogLines();
                Program program = new Program();
                Caravan caravan = fixture()
                        .with("caravan.dead-letter.forward", "dead.later")
                        .start()) {
            program.send("ticket.updates", program.session.createTextMessage("[]"));
            await().atMost(PATIENCE)
                    .until(() ->
                            !log.linesWith("Dead letters cannot be forwarded").isEmpty());
            assertThat(log.linesWith("Dead letters cannot be forwarded").get(0))
                    .contains("NOT_FOUND - no queue 'dead.later'");

            // This address makes it.
            program.session
                    .createConsumer(program.session.createQueue("/queue/dead.later"))
                    .close();

            assertThat(program.read("dead.later", 1)).singleElement().asString().contains("the array is empty");
            await().atMost(PATIENCE)
                    .until(() ->
                            !log.linesWith("Dead letters are forwarded again").isEmpty());
            assertThat(caravan.routeIds()).contains("dead-letter-forward");
        }
    }

    @Test
    void whereAQueueIsMissingItsWordsAreTold() throws Exception {
        Path file = Files.writeString(folder.resolve("updates.csv"), "ticket,status\nLF-616004,Resolved\n");
        QueueFixture missing = fixture().with("caravan.queue.name", "missing");
        long before = System.nanoTime();

        assertThatThrownBy(() -> new QueueCheck(missing.settings()).find())
                .hasMessageContaining(
                        "does not let us read caravan.queue.name=missing (NOT_FOUND - no queue 'missing'");
        assertThatThrownBy(() -> new QueueCheck(fixture()
                                .with("caravan.queue.results", "missing")
                                .settings())
                        .find())
                .hasMessageContaining("does not let us send to caravan.queue.results=missing (NOT_FOUND - no queue");
        assertThatThrownBy(() -> publish(missing, file))
                .hasMessageContaining("does not take messages for the queue missing (NOT_FOUND - no queue 'missing'");
        try (LogLines log = new LogLines();
                Caravan caravan = missing.start()) {
            await().atMost(PATIENCE).until(() -> !log.lines().isEmpty());
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("The queue missing cannot be read (NOT_FOUND - no queue 'missing'");
            assertThat(caravan.routeIds()).contains("queue-jms");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("nobody waited for a time-out")
                .isLessThan(Duration.ofSeconds(10));
    }
}
