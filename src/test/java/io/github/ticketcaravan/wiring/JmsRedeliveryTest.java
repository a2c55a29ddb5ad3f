package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker elsewhere: what happens to messages when we stop, when the broker does, and when they are bad. */
@SuppressWarnings("try") // Nothing is asked of what runs by itself.
class JmsRedeliveryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String UPDATE = "{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}";

    @TempDir
    private Path folder;

    private ScriptedServer helpDesk;

    @BeforeEach
    void listen() throws Exception {
        helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
    }

    @AfterEach
    void close() {
        helpDesk.close();
    }

    private QueueFixture fixture(QueueFixture.Protocol ours, int port) {
        boolean core = ours == QueueFixture.Protocol.CORE;
        return new QueueFixture(folder, helpDesk.url())
                .with("caravan.queue.kind", core ? "jms" : "amqp")
                .with("caravan.queue.url", (core ? "tcp" : "amqp") + "://127.0.0.1:" + port)
                .with("caravan.queue.results", "ticket.results");
    }

    private static int port(EmbeddedBroker broker, QueueFixture.Protocol protocol) {
        return broker.port(protocol == QueueFixture.Protocol.CORE ? "core" : "amqp");
    }

    private static QueueFixture.Client client(EmbeddedBroker broker, QueueFixture.Protocol protocol) throws Exception {
        return new QueueFixture.Client(protocol.factory(port(broker, protocol)));
    }

    @ParameterizedTest
    @CsvSource({"CORE, CORE", "CORE, AMQP", "AMQP, CORE", "AMQP, AMQP"})
    void afterAStopOnlyWhatHasNoOutcomeIsSent(QueueFixture.Protocol ours, QueueFixture.Protocol senders)
            throws Exception {
        helpDesk.script(request ->
                request.ticket().equals("OC-820409") ? ScriptedServer.json(503, "") : ScriptedServer.APPLIED);
        try (EmbeddedBroker broker = QueueFixture.broker(folder.resolve("broker"), 0, 0);
                QueueFixture.Client client = client(broker, senders)) {
            client.send("{\"ticket\":\"OC-820409\",\"status\":\"New\"}");
            client.send(UPDATE);
            QueueFixture fixture = fixture(ours, port(broker, ours)).with("caravan.delivery.retry.attempts", "1000");
            try (Caravan caravan = fixture.start()) {
                assertThat(caravan.routeIds()).contains("queue-jms");
                await().atMost(PATIENCE)
                        .until(() -> helpDesk.requests("LF-616004") == 1 && helpDesk.requests("OC-820409") > 1);
                assertThat(broker.unacknowledged(QueueFixture.QUEUE)).isEqualTo(2);
            }
            assertThat(broker.unacknowledged(QueueFixture.QUEUE)).isEqualTo(2);
            helpDesk.forget();
            helpDesk.script(request -> ScriptedServer.APPLIED);

            try (Caravan caravan = fixture.start()) {
                assertThat(caravan.routeIds()).contains("queue-jms");
                MessageConsumer results = client.consumer("ticket.results");
                assertThat(QueueFixture.Client.receive(results).getText()).contains("OC-820409", "applied");
                assertThat(QueueFixture.Client.receive(results).getText()).contains("LF-616004", "applied");
                await().atMost(PATIENCE).until(() -> broker.unacknowledged(QueueFixture.QUEUE) == 0);
                assertThat(helpDesk.requests()).hasSize(1);
                assertThat(helpDesk.requests("OC-820409")).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"CORE, ''", "AMQP, ''", "AMQP, failover:"})
    void afterARestartOfTheBrokerItGoesOn(QueueFixture.Protocol ours, String failover) throws Exception {
        EmbeddedBroker first = QueueFixture.broker(folder.resolve("broker"), 0, 0);
        int core = first.port("core");
        int amqp = first.port("amqp");
        QueueFixture fixture = fixture(ours, ours == QueueFixture.Protocol.CORE ? core : amqp);
        if (!failover.isEmpty()) {
            fixture.with("caravan.queue.url", failover + "(amqp://127.0.0.1:1,amqp://127.0.0.1:" + amqp + ")");
        }
        try (Caravan caravan = fixture.start()) {
            try (QueueFixture.Client client = client(first, QueueFixture.Protocol.CORE)) {
                client.send(UPDATE);
                await().atMost(PATIENCE).until(() -> helpDesk.requests().size() == 1);
                await().atMost(PATIENCE).until(() -> first.unacknowledged(QueueFixture.QUEUE) == 0);
            }
            first.close();
            try (EmbeddedBroker second = QueueFixture.broker(folder.resolve("broker"), core, amqp);
                    QueueFixture.Client client = client(second, QueueFixture.Protocol.CORE)) {
                client.send(UPDATE);

                await().atMost(PATIENCE).until(() -> helpDesk.requests().size() == 2);
                await().atMost(PATIENCE).until(() -> second.unacknowledged(QueueFixture.QUEUE) == 0);
            }
        }
    }

    @Test
    void inAHaltNothingIsAcknowledgedAndTheJournalKeepsItThroughARestart() throws Exception {
        helpDesk.script(request -> ScriptedServer.json(401, "{}"));
        QueueFixture fixture = new QueueFixture(folder, helpDesk.url());
        try (Caravan caravan = fixture.start();
                QueueFixture.Client client = QueueFixture.Protocol.CORE.client(caravan)) {
            client.send(UPDATE);
            await().atMost(PATIENCE).until(() -> helpDesk.requests().size() == 1);
            assertThat(caravan.jmsBroker().unacknowledged(QueueFixture.QUEUE)).isEqualTo(1);
        }
        helpDesk.forget();
        helpDesk.script(request -> ScriptedServer.APPLIED);

        try (Caravan caravan = fixture.start()) {
            await().atMost(PATIENCE).until(() -> caravan.jmsBroker().unacknowledged(QueueFixture.QUEUE) == 0);
            assertThat(helpDesk.requests()).hasSize(1);
        }
    }

    /** A step that fails, called from a route. */
    public static final class Failing {

        private static final List<Long> TRIES = new CopyOnWriteArrayList<>();

        public static void fail(Exchange exchange) {
            TRIES.add(System.nanoTime());
            if (exchange != null) {
                throw new IllegalStateException("as if the ledger were away");
            }
        }
    }

    @Test
    void theDelayBetweenTriesOfTheSameMessageGrows() throws Exception {
        Path routes = CaravanFixture.quickRoutes(folder);
        Path deliver = routes.resolve("queue-deliver.camel.yaml");
        Files.writeString(
                deliver,
                Files.readString(deliver)
                        .replaceFirst(
                                "ref: queueBatches\\s+method: begin",
                                "beanType: \"" + Failing.class.getName().replace("$", "\\$") + "\""));
        Failing.TRIES.clear();
        try (Caravan caravan = new QueueFixture(folder, helpDesk.url()).start(routes);
                QueueFixture.Client client = QueueFixture.Protocol.CORE.client(caravan)) {
            client.send(UPDATE);
            await().atMost(PATIENCE).until(() -> Failing.TRIES.size() == 5);

            assertThat(Duration.ofNanos(Failing.TRIES.get(4) - Failing.TRIES.get(0)))
                    .as("100, 200, 400 and 800 ms")
                    .isGreaterThanOrEqualTo(Duration.ofMillis(1_500));
            assertThat(helpDesk.requests()).isEmpty();
        }
    }

    @Test
    void theEmbeddedBrokerGivesAMessageAgainHoweverOften() throws Exception {
        try (EmbeddedBroker broker = QueueFixture.broker(folder.resolve("broker"), 0, 0);
                QueueFixture.Client client = client(broker, QueueFixture.Protocol.CORE)) {
            client.send(UPDATE);
            Session session = client.connection.createSession(Session.SESSION_TRANSACTED);
            MessageConsumer consumer = session.createConsumer(session.createQueue(QueueFixture.QUEUE));
            for (int i = 0; i < 25; i++) {
                assertThat(consumer.receive(20_000)).as("delivery " + i).isNotNull();
                session.rollback();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void badMessagesEndAsInvalidAndTheQueueGoesOn(QueueFixture.Protocol senders) throws Exception {
        try (EmbeddedBroker broker = QueueFixture.broker(folder.resolve("broker"), 0, 0);
                LogLines log = new LogLines();
                QueueFixture.Client client = client(broker, senders);
                Caravan caravan = fixture(senders, port(broker, senders))
                        .with("caravan.queue.max-size", "200kB")
                        .start()) {
            assertThat(caravan.routeIds()).contains("queue-jms");
            MessageConsumer results = client.consumer("ticket.results");
            var steering = client.session.createTextMessage("rubbish");
            for (String name :
                    new String[] {"CamelHttpUri", "camelHttpMethod", "CAMELJMSDESTINATIONNAME", "caravan_x"}) {
                steering.setStringProperty(name, "http://127.0.0.1:1/");
            }
            var bytes = client.session.createBytesMessage();
            bytes.writeBytes(new byte[] {0, 1, 2, (byte) 0xff});
            var large = client.session.createBytesMessage();
            large.writeBytes(new byte[1_000_000]);
            var map = client.session.createMapMessage();
            map.setString("ticket", "LF-616004");
            for (var message : new jakarta.jms.Message[] {
                steering,
                bytes,
                large,
                map,
                client.session.createObjectMessage("x"),
                client.session.createMessage(),
                client.session.createTextMessage(""),
                client.session.createTextMessage("[".repeat(1_000)),
                client.session.createTextMessage(" ".repeat(1_000_000)),
            }) {
                client.send(message);
                TextMessage answer = QueueFixture.Client.receive(results);
                assertThat(answer.getText()).contains("\"outcome\":\"invalid\"");
                assertThat(log.lines()).as("one line a message").hasSize(1);
                assertThat(log.lines().get(0))
                        .startsWith("ticket.updates, message ")
                        .contains(message.getJMSMessageID(), ": invalid: ")
                        .hasSizeLessThan(600)
                        .doesNotContain("\n");
                log.forget();
            }
            client.send(UPDATE);

            assertThat(QueueFixture.Client.receive(results).getText()).contains("\"outcome\":\"applied\"");
            assertThat(helpDesk.requests()).hasSize(1);
            await().atMost(PATIENCE).until(() -> broker.unacknowledged(QueueFixture.QUEUE) == 0);
        }
    }
}
