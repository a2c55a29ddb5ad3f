package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.apache.activemq.artemis.jms.client.ActiveMQQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker elsewhere that lets nobody do more than he was allowed: answers that cannot be sent, and the doctor. */
@Timeout(120)
class JmsStrictBrokerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String UPDATE = "{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}";
    private static final String RESULTS = "ticket.results";

    @TempDir
    private Path folder;

    private QueueFixture fixture(QueueFixture.Protocol protocol, Object helpDesk, int port) {
        boolean core = protocol == QueueFixture.Protocol.CORE;
        return new QueueFixture(folder, helpDesk)
                .with("caravan.queue.kind", core ? "jms" : "amqp")
                .with("caravan.queue.url", (core ? "tcp" : "amqp") + "://127.0.0.1:" + port)
                .with("caravan.queue.user", StrictBroker.USER)
                .with("caravan.queue.password", StrictBroker.PASSWORD);
    }

    private static int port(StrictBroker broker, QueueFixture.Protocol protocol) {
        return broker.port(protocol.name().toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @EnumSource
    void aReplyToThatIsNotThereOrMayNotBeWrittenToIsToldOnceAndBlocksNobody(QueueFixture.Protocol protocol)
            throws Exception {
        try (ScriptedServer helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
                StrictBroker broker = new StrictBroker(QueueFixture.QUEUE, RESULTS, StrictBroker.FORBIDDEN);
                LogLines log = new LogLines();
                QueueFixture.Client client = new QueueFixture.Client(
                        protocol.factory(port(broker, protocol)), StrictBroker.USER, StrictBroker.PASSWORD);
                Caravan caravan = fixture(protocol, helpDesk.url(), port(broker, protocol))
                        .with("caravan.queue.results", RESULTS)
                        .start()) {
            assertThat(caravan.routeIds()).contains("queue-jms");
            var results = client.consumer(RESULTS);
            for (String replyTo : new String[] {"no.such.queue", StrictBroker.FORBIDDEN}) {
                Message message = client.session.createTextMessage(UPDATE);
                // Artemis' own client asks the broker before it makes one: a sender that means harm does not.
                message.setJMSReplyTo(
                        protocol == QueueFixture.Protocol.CORE
                                ? new ActiveMQQueue(replyTo)
                                : client.session.createQueue(replyTo));
                client.send(message);

                assertThat(QueueFixture.Client.receive(results).getText()).contains("\"outcome\":\"applied\"");
                await().atMost(PATIENCE).until(() -> broker.unacknowledged(QueueFixture.QUEUE) == 0);
                assertThat(log.linesWith("its answer cannot be sent to")).hasSize(1);
                assertThat(log.linesWith("its answer cannot be sent to").get(0))
                        .contains(replyTo, message.getJMSMessageID(), "its outcome is in the ledger");
                assertThat(log.lines()).hasSize(1);
                log.forget();
            }

            assertThat(QueueFixture.Client.receive(client.ask(UPDATE)).getText())
                    .contains("\"outcome\":\"applied\"");
            assertThat(helpDesk.requests()).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReplyToThatIsFullAndBlocksStopsNobodyForEver(QueueFixture.Protocol protocol) throws Exception {
        try (ScriptedServer helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
                StrictBroker broker = new StrictBroker(QueueFixture.QUEUE, RESULTS, StrictBroker.FULL);
                QueueFixture.Client client = new QueueFixture.Client(
                        protocol.factory(port(broker, protocol)), StrictBroker.USER, StrictBroker.PASSWORD);
                Caravan caravan = fixture(protocol, helpDesk.url(), port(broker, protocol))
                        .with("caravan.queue.results", RESULTS)
                        .start()) {
            assertThat(caravan.routeIds()).contains("queue-jms");
            client.session
                    .createProducer(client.session.createQueue(StrictBroker.FULL))
                    .send(client.session.createTextMessage("x".repeat(30_000)));
            var results = client.consumer(RESULTS);
            Message message = client.session.createTextMessage(UPDATE);
            message.setJMSReplyTo(client.session.createQueue(StrictBroker.FULL));
            client.send(message);

            assertThat(QueueFixture.Client.receive(results).getText()).contains("\"outcome\":\"applied\"");
            await().atMost(PATIENCE).until(() -> broker.unacknowledged(QueueFixture.QUEUE) == 0);
            assertThat(QueueFixture.Client.receive(client.ask(UPDATE)).getText())
                    .contains("\"outcome\":\"applied\"");
        }
    }

    @Test
    void aQueueOfDeadLettersThatIsFullAndBlocksHoldsUpNeitherThemNorTheEnd() throws Exception {
        QueueFixture.Protocol protocol = QueueFixture.Protocol.CORE;
        try (ScriptedServer helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
                StrictBroker broker = new StrictBroker(QueueFixture.QUEUE, StrictBroker.FULL);
                QueueFixture.Client client = new QueueFixture.Client(
                        protocol.factory(port(broker, protocol)), StrictBroker.USER, StrictBroker.PASSWORD)) {
            client.session
                    .createProducer(client.session.createQueue(StrictBroker.FULL))
                    .send(client.session.createTextMessage("x".repeat(30_000)));
            try (Caravan caravan = fixture(protocol, helpDesk.url(), port(broker, protocol))
                    .with("caravan.dead-letter.forward", "jms:" + StrictBroker.FULL)
                    .start()) {
                assertThat(caravan.routeIds()).contains("queue-jms");
                client.send("{\"status\":\"Resolved\"}");

                await().atMost(PATIENCE).until(() -> broker.unacknowledged(StrictBroker.FULL) == 2);
            }
        }
    }

    /** By AMQP the link alone can be ended; the connection stays. */
    @Test
    void whatTheBrokerHasTakenBackIsSentNoMore() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        QueueFixture.Protocol protocol = QueueFixture.Protocol.AMQP;
        try (ScriptedServer helpDesk = new ScriptedServer(request -> {
                    awaitQuietly(answer);
                    return ScriptedServer.APPLIED;
                });
                StrictBroker broker = new StrictBroker(QueueFixture.QUEUE);
                QueueFixture.Client client = new QueueFixture.Client(
                        protocol.factory(port(broker, protocol)), StrictBroker.USER, StrictBroker.PASSWORD);
                Caravan caravan = fixture(protocol, helpDesk.url(), port(broker, protocol))
                        .start()) {
            for (int i = 0; i < 5; i++) {
                client.send(UPDATE);
            }
            await().atMost(PATIENCE).until(() -> helpDesk.requests().size() == 1);
            broker.endConsumers(QueueFixture.QUEUE);
            await().atMost(PATIENCE).until(() -> broker.consumers(QueueFixture.QUEUE) == 0);

            // It has given up what it had, and asks for more.
            await().atMost(PATIENCE).until(() -> broker.consumers(QueueFixture.QUEUE) == 1);
            answer.countDown();
            assertThat(helpDesk.requests()).hasSize(1);
            assertThat(caravan.routeIds()).contains("queue-jms");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String found(QueueFixture fixture) throws Exception {
        return new QueueCheck(fixture.settings()).find();
    }

    @ParameterizedTest
    @EnumSource
    void theDoctorTellsWhetherTheQueueCanBeReadAndAnswersBeSent(QueueFixture.Protocol protocol) throws Exception {
        try (StrictBroker broker = new StrictBroker(QueueFixture.QUEUE, RESULTS, StrictBroker.FORBIDDEN)) {
            int port = port(broker, protocol);

            assertThat(found(fixture(protocol, "http://127.0.0.1:1", port).with("caravan.queue.results", RESULTS)))
                    .endsWith("lets us read ticket.updates and send to ticket.results");
            assertThatThrownBy(() ->
                            found(fixture(protocol, "http://127.0.0.1:1", port).with("caravan.queue.name", "missing")))
                    .hasMessageContaining("does not let us read caravan.queue.name=missing (")
                    .hasMessageContaining("check caravan.queue.url, user and password");
            assertThatThrownBy(() -> found(
                            fixture(protocol, "http://127.0.0.1:1", port).with("caravan.queue.password", "hush-4711")))
                    .hasMessageContaining("does not let us connect (")
                    .hasMessageNotContaining("hush-4711");
            assertThatThrownBy(() -> found(fixture(protocol, "http://127.0.0.1:1", port)
                            .with("caravan.queue.results", "missing.results")))
                    .hasMessageContaining("does not let us send to caravan.queue.results=missing.results (");
        }
    }

    @Test
    void overAmqpTheDoctorTellsOfResultsThatMayNotBeWrittenTo() throws Exception {
        QueueFixture.Protocol protocol = QueueFixture.Protocol.AMQP;
        try (StrictBroker broker = new StrictBroker(QueueFixture.QUEUE, StrictBroker.FORBIDDEN)) {
            assertThatThrownBy(() -> found(fixture(protocol, "http://127.0.0.1:1", port(broker, protocol))
                            .with("caravan.queue.results", StrictBroker.FORBIDDEN)))
                    .hasMessageContaining("does not let us send to caravan.queue.results=forbidden (");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theDoctorTellsOfABrokerThatIsAway(QueueFixture.Protocol protocol) throws Exception {
        int port = freePort();

        assertThatThrownBy(() -> found(fixture(protocol, "http://127.0.0.1:1", port)))
                .hasMessageContaining("127.0.0.1:" + port + " does not let us connect (");
    }

    @Test
    void theDoctorTellsWhetherTheEmbeddedBrokerCanListen() throws Exception {
        assertThat(found(new QueueFixture(folder, "http://127.0.0.1:1")))
                .isEqualTo("the embedded broker can listen at 127.0.0.1:0 (AMQP 1.0) and 127.0.0.1:0 (Artemis)");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() -> found(
                            new QueueFixture(folder, "http://127.0.0.1:1").with("caravan.queue.listen.core", address)))
                    .hasMessageContaining("the embedded broker cannot listen at " + address)
                    .hasMessageContaining("caravan.queue.listen.core");
        }
        assertThat(found(new QueueFixture(folder, "http://127.0.0.1:1").with("caravan.queue.kind", "off")))
                .isEqualTo("not configured (caravan.queue.kind is off)");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
