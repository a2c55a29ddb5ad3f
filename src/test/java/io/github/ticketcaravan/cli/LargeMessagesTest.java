package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are larger than the memory of the process that has to read them. */
@Timeout(180)
class LargeMessagesTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int HUGE = 100_000_000;
    private static final String UPDATE = "{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}";

    @TempDir
    private Path folder;

    private final HelpDesk helpDesk = new HelpDesk();
    private final int core = freePort();
    private final int amqp = freePort();
    private Process process;

    private void start(String heap, String... keys) throws IOException {
        List<Object> words = new ArrayList<>(List.of(
                "run",
                "--data",
                folder.resolve("data"),
                "--set",
                "caravan.endpoint.url=" + helpDesk.url(),
                "--set",
                "caravan.queue.results=ticket.results"));
        for (String key : keys) {
            words.addAll(List.of("--set", "caravan." + key));
        }
        ProcessBuilder builder = Cli.process(folder, words.toArray());
        builder.command().add(1, "-Xmx" + heap);
        process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        await().atMost(LONG).until(() -> said().anyMatch(line -> line.contains("Ctrl-C stops.")));
    }

    private void startWithItsOwnBroker(String heap, String... keys) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "queue.kind=embedded", "queue.listen.core=127.0.0.1:" + core, "queue.listen.amqp=127.0.0.1:" + amqp));
        all.addAll(List.of(keys));
        start(heap, all.toArray(String[]::new));
    }

    @AfterEach
    void end() throws Exception {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        helpDesk.close();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Stream<String> said() throws IOException {
        return Files.readAllLines(folder.resolve("said")).stream();
    }

    /** So many bytes, of which no more than a few are ever in memory. */
    private static final class Bytes extends InputStream {

        private int left;

        Bytes(int number) {
            left = number;
        }

        @Override
        public int read() {
            return left-- > 0 ? ' ' : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            int number = Math.min(left, length);
            left -= number;
            return number > 0 ? number : -1;
        }
    }

    @Test
    void aHugeMessageEndsAsInvalidAndTheOnesBehindItAreApplied() throws Exception {
        startWithItsOwnBroker("160m");
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + core);
        ActiveMQConnectionFactory compressing = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + core);
        compressing.setCompressLargeMessage(true);
        List<String> ids = new ArrayList<>();
        try (Connection connection = factory.createConnection();
                Connection compressed = compressing.createConnection()) {
            connection.start();
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            MessageProducer sender = session.createProducer(session.createQueue("ticket.updates"));
            Session small = compressed.createSession(Session.AUTO_ACKNOWLEDGE);
            MessageProducer compressor = small.createProducer(small.createQueue("ticket.updates"));

            String text = " ".repeat(HUGE);
            ids.add(sent(sender, session.createTextMessage(text)));
            ids.add(sent(compressor, small.createTextMessage(text)));
            BytesMessage bytes = session.createBytesMessage();
            bytes.setObjectProperty("JMS_AMQ_InputStream", new Bytes(HUGE));
            ids.add(sent(sender, bytes));
            Message forged = session.createTextMessage(UPDATE);
            forged.setBooleanProperty("_AMQ_LARGE_COMPRESSED", true);
            ids.add(sent(sender, forged));
            ids.add(sent(sender, session.createTextMessage(UPDATE + '\ud83d' + " ".repeat(3_000_000))));
            sent(sender, session.createTextMessage(UPDATE));
            // Large for the client, and none too large.
            sent(sender, session.createTextMessage(UPDATE + " ".repeat(3_000_000)));
            sent(compressor, small.createTextMessage(UPDATE + " ".repeat(3_000_000)));

            MessageConsumer results = session.createConsumer(session.createQueue("ticket.results"));
            List<String> outcomes = new ArrayList<>();
            for (int i = 0; i < ids.size() + 3; i++) {
                String answer = ((TextMessage) results.receive(60_000)).getText();
                outcomes.add(answer.replaceAll(".*\"outcome\":\"(\\w+)\".*", "$1"));
            }
            assertThat(outcomes)
                    .as(() -> String.join("\n", lines()))
                    .containsExactly(
                            "invalid", "invalid", "invalid", "invalid", "invalid", "applied", "applied", "applied");
            await().atMost(LONG).until(() -> isEmpty(session));
        }
        for (String id : ids.subList(0, 3)) {
            assertThat(lines())
                    .filteredOn(line -> line.contains(id))
                    .singleElement()
                    .asString()
                    .contains(": invalid: ", "is larger than caravan.queue.max-size=10000000 bytes");
        }
        assertThat(lines())
                .filteredOn(line -> line.contains(ids.get(3)))
                .singleElement()
                .asString()
                .contains(": invalid: ", "cannot be read");
        assertThat(lines())
                .filteredOn(line -> line.contains(ids.get(4)))
                .singleElement()
                .asString()
                .contains(": invalid: ", "half of a surrogate pair");
        assertThat(helpDesk.requests()).isEqualTo(3);
        assertThat(process.isAlive()).isTrue();
    }

    /** Artemis reads it into memory once, so this heap is that of the launcher. */
    @Test
    void overAmqpAHugeMessageIsNotTakenInAndItsSenderIsTold() throws Exception {
        startWithItsOwnBroker("512m");
        try (Connection connection = new JmsConnectionFactory("amqp://127.0.0.1:" + amqp).createConnection()) {
            connection.start();
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            MessageProducer sender = session.createProducer(session.createQueue("ticket.updates"));
            MessageConsumer results = session.createConsumer(session.createQueue("ticket.results"));
            Message huge = session.createTextMessage(" ".repeat(HUGE));

            assertThatThrownBy(() -> sender.send(huge))
                    .hasMessageContaining("the message has 100000")
                    .hasMessageContaining("caravan.queue.max-size is 10000000: expected a smaller one");
            sender.send(session.createTextMessage(UPDATE));

            assertThat(((TextMessage) results.receive(60_000)).getText()).contains("\"outcome\":\"applied\"");
            assertThat(lines()).as("one line").hasSize(2);
            assertThat(lines().get(1)).contains(huge.getJMSMessageID(), "not taken in, and its sender is told");
            try (Stream<Path> files = Files.list(folder.resolve("data/queue/large-messages"))) {
                assertThat(files).isEmpty();
            }
        }
    }

    /** Where the protocol or the broker gives us all of it at once, the launcher's heap is enough for it. */
    @ParameterizedTest
    @ValueSource(strings = {"amqp", "jms"})
    void fromABrokerElsewhereAHugeTextThatCameByAmqpEndsAsInvalid(String kind) throws Exception {
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration
                .setJournalDirectory(folder.resolve("broker/journal").toString())
                .setBindingsDirectory(folder.resolve("broker/bindings").toString())
                .setLargeMessagesDirectory(folder.resolve("broker/large").toString())
                .setPagingDirectory(folder.resolve("broker/paging").toString())
                .setJournalType(JournalType.NIO)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .addAcceptorConfiguration("core", "tcp://127.0.0.1:" + core + "?protocols=CORE")
                .addAcceptorConfiguration("amqp", "tcp://127.0.0.1:" + amqp + "?protocols=AMQP");
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ().setConfiguration(configuration);
        broker.start();
        start(
                "512m",
                "queue.kind=" + kind,
                "queue.url=" + (kind.equals("amqp") ? "amqp://127.0.0.1:" + amqp : "tcp://127.0.0.1:" + core));
        try (Connection connection = new JmsConnectionFactory("amqp://127.0.0.1:" + amqp).createConnection()) {
            connection.start();
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            MessageProducer sender = session.createProducer(session.createQueue("ticket.updates"));
            MessageConsumer results = session.createConsumer(session.createQueue("ticket.results"));

            sender.send(session.createTextMessage(" ".repeat(HUGE)));
            sender.send(session.createTextMessage(UPDATE));

            List<String> outcomes = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Message answer = results.receive(40_000);
                outcomes.add(
                        answer == null
                                ? "none"
                                : ((TextMessage) answer).getText().replaceAll(".*\"outcome\":\"(\\w+)\".*", "$1"));
            }
            assertThat(outcomes).as(() -> String.join("\n", lines())).containsExactly("invalid", "applied");
        } finally {
            broker.stop();
        }
    }

    /** 5,000 of 2 kB and 150 of 1 MB, which is more than the heap, wait at first, and are carried out after a restart. */
    @Test
    void aBacklogLargerThanTheMemoryIsTakenInAndCarriedOut() throws Exception {
        List<String> tickets = helpDesk.tickets();
        helpDesk.forget();
        startWithItsOwnBroker("160m", "delivery.rate=1");
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + core);
        try (Connection connection = factory.createConnection()) {
            Session session = connection.createSession(Session.SESSION_TRANSACTED);
            MessageProducer sender = session.createProducer(session.createQueue("ticket.updates"));
            for (int i = 1; i <= 5_150; i++) {
                String update = "{\"ticket\":\"" + tickets.get(i % tickets.size()) + "\",\"status\":\"Resolved\"}";
                String padding = " ".repeat(i % 34 == 0 ? 1_000_000 : 2_000);
                sender.send(session.createTextMessage(update + padding));
                if (i % 100 == 0 || i == 5_150) {
                    session.commit();
                }
            }
        }
        assertThat(helpDesk.requests()).isLessThan(500);
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

        startWithItsOwnBroker("160m");

        await().atMost(LONG).until(() -> helpDesk.requests() >= 5_150);
        try (Connection connection = factory.createConnection()) {
            connection.start();
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            await().atMost(LONG).until(() -> isEmpty(session));
        }
        assertThat(helpDesk.requests()).as(() -> String.join("\n", lines())).isBetween(5_150L, 5_155L);
        assertThat(lines()).as("nothing but its first sentence").hasSize(1);
        assertThat(process.isAlive()).isTrue();
    }

    private static boolean isEmpty(Session session) throws JMSException {
        try (QueueBrowser browser = session.createBrowser(session.createQueue("ticket.updates"))) {
            return !browser.getEnumeration().hasMoreElements();
        }
    }

    private static String sent(MessageProducer sender, Message message) throws JMSException {
        sender.send(message);
        return message.getJMSMessageID();
    }

    private List<String> lines() {
        try (Stream<String> lines = said()) {
            return lines.toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
