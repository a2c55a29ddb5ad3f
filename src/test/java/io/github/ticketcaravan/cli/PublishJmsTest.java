package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.assertj.core.groups.Tuple;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code caravan publish} to a real Artemis, in its own protocol and over AMQP 1.0. */
class PublishJmsTest {

    private static final String QUEUE = "ticket.updates";

    @TempDir
    private Path folder;

    private ActiveMQServer server;
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws Exception {
        server = new ActiveMQServerImpl(new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .addAddressSetting(
                        "#",
                        new AddressSettings()
                                .setDefaultAddressRoutingType(RoutingType.ANYCAST)
                                .setDefaultQueueRoutingType(RoutingType.ANYCAST))
                .addAcceptorConfiguration("jms", "tcp://127.0.0.1:0?protocols=CORE")
                .addAcceptorConfiguration("amqp", "tcp://127.0.0.1:0?protocols=AMQP"));
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private String url(String kind) {
        NettyAcceptor acceptor = (NettyAcceptor) server.getRemotingService().getAcceptor(kind);
        return (kind.equals("jms") ? "tcp" : "amqp") + "://127.0.0.1:" + acceptor.getActualPort();
    }

    private Object[] arguments(String kind, Path file, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "publish",
                file.toString(),
                "--config=" + Cli.PROJECT.resolve("config"),
                "--data=" + folder.resolve("data"),
                "--set=caravan.queue.kind=" + kind,
                "--set=caravan.queue.url=" + url(kind)));
        all.addAll(Arrays.asList(more));
        return all.toArray();
    }

    private int publish(String kind, Path file, String... more) {
        String[] words = Arrays.copyOf(arguments(kind, file, more), 6 + more.length, String[].class);
        return Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), words);
    }

    private Path file(String name, String... lines) throws Exception {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    /** What a program of somebody else's reads there. */
    private record Read(String group, String id, String replayOf, String text) {}

    private List<Read> read() throws JMSException {
        List<Read> read = new ArrayList<>();
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url("jms"));
                Connection connection = factory.createConnection();
                Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE)) {
            connection.start();
            MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE));
            for (Message message = consumer.receive(1_000); message != null; message = consumer.receiveNoWait()) {
                assertThat(message.getJMSDeliveryMode()).isEqualTo(jakarta.jms.DeliveryMode.PERSISTENT);
                byte[] body = new byte[(int) ((BytesMessage) message).getBodyLength()];
                ((BytesMessage) message).readBytes(body);
                read.add(new Read(
                        message.getStringProperty("JMSXGroupID"),
                        message.getStringProperty("caravan_id"),
                        message.getStringProperty("caravan_dead_letter"),
                        new String(body, StandardCharsets.UTF_8)));
            }
        }
        return read;
    }

    @ParameterizedTest
    @ValueSource(strings = {"jms", "amqp"})
    void eachRowIsAPersistentMessageOfItsTicketsGroupWithAnIdOfItsOwn(String kind) throws Exception {
        Path file = file(
                "updates.rejected.csv",
                "ticket,status,caravan.dead-letter",
                "lf-616004,W\u00e4iting,",
                "OC-820409,Open,k3f9-17",
                "LF-616004,Closed,");

        assertThat(publish(kind, file)).as(err.toString()).isZero();

        List<Read> read = read();
        assertThat(read)
                .extracting(Read::group, Read::replayOf, Read::text)
                .containsExactly(
                        Tuple.tuple("LF-616004", null, "{\"ticket\":\"lf-616004\",\"status\":\"W\u00e4iting\"}"),
                        Tuple.tuple("OC-820409", "k3f9-17", "{\"ticket\":\"OC-820409\",\"status\":\"Open\"}"),
                        Tuple.tuple("LF-616004", null, "{\"ticket\":\"LF-616004\",\"status\":\"Closed\"}"));
        assertThat(read).extracting(Read::id).doesNotContainNull().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jms", "amqp"})
    void whatACrashInterruptedIsPublishedAgainUnderTheSameIds(String kind) throws Exception {
        int rows = 20_000;
        List<String> lines = new ArrayList<>(List.of("ticket,subject"));
        for (int row = 0; row < rows; row++) {
            lines.add("T-" + row % 50 + "," + row);
        }
        Path file = file("updates.csv", lines.toArray(String[]::new));
        Process crashed = Cli.process(folder, arguments(kind, file)).inheritIO().start();
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .pollInterval(1, TimeUnit.MILLISECONDS)
                .until(() -> server.locateQueue(QUEUE) != null
                        && server.locateQueue(QUEUE).getMessageCount() > 0);
        crashed.destroyForcibly().waitFor();
        long before = server.locateQueue(QUEUE).getMessageCount();
        assertThat(before).isLessThan(rows);

        assertThat(publish(kind, file)).as(err.toString()).isZero();

        List<Read> read = read();
        assertThat(read).hasSizeGreaterThan(rows);
        List<String> ids = read.stream().map(Read::id).toList();
        assertThat(ids.subList(ids.size() - rows, ids.size())).doesNotHaveDuplicates();
        // Nothing that the crash left has an ID that does not come again, with the same content.
        assertThat(new LinkedHashSet<>(read)).hasSize(rows);
    }

    @Test
    void aBrokerThatIsAwayIsOneSentence() throws Exception {
        Path file = file("updates.csv", "ticket,status", "A,Open");
        Object[] words = arguments("jms", file, "--set=caravan.queue.url=tcp://127.0.0.1:9");

        assertThat(Main.run(
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(err, true),
                        Arrays.copyOf(words, words.length, String[].class)))
                .isEqualTo(2);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("tcp://127.0.0.1:9", "caravan.queue.url");
    }
}
