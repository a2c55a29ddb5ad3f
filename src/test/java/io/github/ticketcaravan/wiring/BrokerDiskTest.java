package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.SmallDisk;
import io.github.ticketcaravan.queue.OutgoingMessage;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The embedded broker on a disk with little room, or none. */
@Timeout(180)
class BrokerDiskTest {

    private static final String UPDATE = "{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}";
    private static final String MORE_THAN_THERE_IS = "1000GB";

    @TempDir
    private Path folder;

    private final CountDownLatch answers = new CountDownLatch(1);
    private ScriptedServer helpDesk;

    @BeforeEach
    void listen() throws Exception {
        helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
    }

    @AfterEach
    void close() {
        answers.countDown();
        helpDesk.close();
    }

    private QueueFixture fixture() {
        return new QueueFixture(folder, helpDesk.url());
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    @ParameterizedTest
    @EnumSource
    void whereTooLittleIsFreeAPublisherIsRejectedWithTheReason(QueueFixture.Protocol protocol) throws Exception {
        try (LogLines log = new LogLines();
                Caravan caravan = fixture()
                        .with("caravan.queue.min-free", MORE_THAN_THERE_IS)
                        .start();
                QueueFixture.Client client = protocol.client(caravan)) {
            String why = "MB are free in " + folder.resolve("data/queue")
                    + ", less than caravan.queue.min-free=1,000,000MB: make room there";
            assertThat(log.linesWith("The embedded broker takes no messages, because "))
                    .singleElement()
                    .asString()
                    .endsWith(why);
            assertThatThrownBy(() -> client.send(UPDATE)).hasMessageContaining(why);
            Message large = client.session.createTextMessage(UPDATE + " ".repeat(1_000_000));
            assertThatThrownBy(() -> client.send(large)).hasMessageContaining(why);
            Session session = client.connection.createSession(Session.SESSION_TRANSACTED);
            MessageProducer producer = session.createProducer(session.createQueue(QueueFixture.QUEUE));
            assertThatThrownBy(() -> {
                        producer.send(session.createTextMessage(UPDATE));
                        session.commit();
                    })
                    .isInstanceOf(JMSException.class);

            assertThat(helpDesk.requests()).isEmpty();
            assertThat(caravan.jmsBroker().unacknowledged(QueueFixture.QUEUE)).isZero();
            try (Stream<Path> files = Files.list(folder.resolve("data/queue/large-messages"))) {
                assertThat(files).isEmpty();
            }
        }
    }

    @Test
    void theDoctorTellsThatTooLittleIsFree() {
        QueueCheck check = new QueueCheck(
                fixture().with("caravan.queue.min-free", MORE_THAN_THERE_IS).settings());

        assertThatThrownBy(check::find)
                .hasMessageContaining("The embedded broker takes no messages, because ")
                .hasMessageContaining("caravan.queue.min-free=1,000,000MB: make room there");
    }

    @Test
    void publishIsToldThatTooLittleIsFreeAndWhere() throws Exception {
        Path file = Files.writeString(folder.resolve("updates.csv"), "ticket,status\nLF-616004,Resolved\n");
        int port = freePort();
        QueueFixture fixture = fixture()
                .with("caravan.queue.min-free", MORE_THAN_THERE_IS)
                .with("caravan.queue.listen.core", "127.0.0.1:" + port);
        try (Caravan caravan = fixture.start();
                Publisher publisher = new Publisher(fixture.settings(), CaravanFixture.ROUTES, Map.of());
                Publication publication = publisher.read(file, "")) {
            assertThat(caravan.routeIds()).contains("queue-jms");
            publisher.check();

            assertThatThrownBy(() -> publisher.publish(publication, published -> {}))
                    .hasMessageStartingWith("0 of 1 messages were published, then ticket.updates at 127.0.0.1:" + port
                            + " took no more (")
                    .hasMessageContaining("caravan.queue.min-free=1,000,000MB: make room there");
        }
    }

    @ParameterizedTest
    @CsvSource({"jms, tcp, core", "amqp, amqp, amqp"})
    void aBrokerThatLetsItsSendersWaitEndsPublishWithASentence(String kind, String scheme, String acceptor)
            throws Exception {
        try (StrictBroker broker = new StrictBroker(StrictBroker.FULL);
                JmsPublisher publisher = new JmsPublisher(
                        fixture()
                                .with("caravan.queue.kind", kind)
                                .with("caravan.queue.url", scheme + "://127.0.0.1:" + broker.port(acceptor))
                                .with("caravan.queue.user", StrictBroker.USER)
                                .with("caravan.queue.password", StrictBroker.PASSWORD)
                                .with("caravan.queue.name", StrictBroker.FULL)
                                .settings()
                                .queue(),
                        Duration.ofSeconds(1))) {
            publisher.connect();
            List<OutgoingMessage> messages = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                messages.add(new OutgoingMessage("id-" + i, null, null, new byte[10_000]));
            }

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            publisher.send(messages);
                        }
                    })
                    .hasMessage("it took no message for 1 s, as a broker does that is full, or whose disk is:"
                            + " ask who runs it");
        }
    }

    /**
     * Sends 50 kB after 50 kB until the broker fails, as an answer of this process, which is not rejected before.
     *
     * @return the tickets of those that the broker has confirmed
     */
    private static Set<String> fill(Caravan caravan, boolean transacted) throws JMSException {
        Set<String> confirmed = new HashSet<>();
        Connection connection = caravan.jmsBroker().connect();
        try {
            Session session =
                    connection.createSession(transacted ? Session.SESSION_TRANSACTED : Session.AUTO_ACKNOWLEDGE);
            MessageProducer producer = session.createProducer(session.createQueue(QueueFixture.QUEUE));
            while (true) {
                String ticket = "LF-%06d".formatted(confirmed.size());
                BytesMessage message = session.createBytesMessage();
                message.writeBytes(("{\"ticket\":\"" + ticket + "\",\"status\":\"Open\"}" + " ".repeat(50_000))
                        .getBytes(StandardCharsets.UTF_8));
                producer.send(message);
                if (transacted) {
                    session.commit();
                }
                confirmed.add(ticket);
            }
        } catch (JMSException full) {
            return confirmed;
        } finally {
            try {
                connection.close();
            } catch (JMSException gone) {
                // So there is nothing to close.
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"32, false", "60, true"})
    void onAFullDiskItGivesUpAndWithRoomAgainNothingThatItConfirmedIsLost(int megabytes, boolean transacted)
            throws Exception {
        helpDesk.script(request -> {
            awaitQuietly();
            return ScriptedServer.APPLIED;
        });
        try (SmallDisk disk = SmallDisk.at(folder.resolve("data/queue"), megabytes);
                LogLines log = new LogLines()) {
            QueueFixture fixture = fixture()
                    .with("caravan.queue.min-free", "1MB")
                    .with("caravan.queue.listen.core", "127.0.0.1:" + freePort());
            Files.createDirectories(folder.resolve("data/inbox"));
            try (Caravan caravan = fixture.start(CaravanFixture.quickRoutes(folder))) {
                Set<String> confirmed = fill(caravan, transacted);
                assertThat(confirmed).hasSizeGreaterThan(100);
                soon().until(() ->
                        !log.linesWith("The embedded broker does not run (").isEmpty());
                answers.countDown();

                Files.writeString(folder.resolve("data/inbox/rows.csv"), "ticket,status\nOC-820409,Open\n");
                soon().untilAsserted(() -> assertThat(helpDesk.requests())
                        .as("other sources go on")
                        .extracting(ScriptedServer.Request::ticket)
                        .contains("OC-820409"));
                assertThat(log.linesWith("the disk is full: "))
                        .isNotEmpty()
                        .allSatisfy(line -> assertThat(line)
                                .contains(" MB are free in " + folder.resolve("data/queue"), "it needs 16 MB"));
                assertThatThrownBy(() -> new QueueCheck(fixture.settings()).find())
                        .hasMessageContaining("the embedded broker cannot run: the disk is full: ");
                assertThat(caravan.stopped()).isNull();

                disk.resize(megabytes + 100);

                soon().until(() ->
                        log.linesWith("The embedded broker runs again").size() == 1);
                soon().untilAsserted(() -> assertThat(missing(confirmed)).isEmpty());
                soon().until(() -> caravan.jmsBroker().unacknowledged(QueueFixture.QUEUE) == 0);
                assertThat(helpDesk.requests())
                        .as("what was in flight can be repeated")
                        .hasSizeLessThanOrEqualTo(confirmed.size() + 12);
            }
        }
    }

    private Set<String> missing(Set<String> confirmed) {
        Set<String> missing = new TreeSet<>(confirmed);
        helpDesk.requests().forEach(request -> missing.remove(request.ticket()));
        return missing;
    }

    private void awaitQuietly() {
        try {
            answers.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void startedOnAFullDiskItWaitsForRoomAndAPortInUseIsStillAnError() throws Exception {
        int port = freePort();
        QueueFixture fixture =
                fixture().with("caravan.queue.min-free", "1MB").with("caravan.queue.listen.core", "127.0.0.1:" + port);
        try (SmallDisk disk = SmallDisk.at(folder.resolve("data/queue"), 8);
                LogLines log = new LogLines()) {
            try (Caravan caravan = fixture.start()) {
                assertThat(log.lines().get(0))
                        .startsWith("The embedded broker does not run (the disk is full: 8 MB are free in ");
                soon().until(() -> !log.linesWith("The queue ticket.updates cannot be read (The embedded broker")
                        .isEmpty());

                disk.resize(64);

                soon().until(() ->
                        log.linesWith("The embedded broker runs again").size() == 1);
                try (QueueFixture.Client client = QueueFixture.Protocol.CORE.client(caravan)) {
                    assertThat(QueueFixture.Client.receive(client.ask(UPDATE)).getText())
                            .contains("\"outcome\":\"applied\"");
                }
            }
            try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(taken.isBound()).isTrue();
                assertThatThrownBy(fixture::start)
                        .hasMessageContaining("the embedded broker cannot be started (")
                        .hasMessageContaining("caravan.queue.listen.core=127.0.0.1:" + port);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
