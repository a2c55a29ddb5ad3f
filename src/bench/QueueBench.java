import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.wiring.Caravan;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** The program behind src/bench/queue, which says what it measures. */
public final class QueueBench {

    private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
                    + "{\"id\":32}")
            .getBytes(StandardCharsets.US_ASCII);

    private static final String RESULTS = "caravan.queue.results";
    private static final AtomicInteger REQUESTS = new AtomicInteger();
    private static final BlockingQueue<Long> ARRIVALS = new LinkedBlockingQueue<>();

    public static void main(String[] arguments) throws Exception {
        int messages = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
        Path folder = Files.createTempDirectory("caravan-queue-");
        try (ServerSocket helpDesk = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            start(() -> accept(helpDesk));
            String url = "http://127.0.0.1:" + helpDesk.getLocalPort();
            try (Caravan caravan = run(folder.resolve("own"), url, Map.of());
                    Connection connection = connect(caravan.jmsBroker().port("core"))) {
                throughput(unacknowledged(caravan), connection, 5_000, "warming up");
                throughput(unacknowledged(caravan), connection, messages, "throughput");
                latency(connection, 500);
            }
            try (Caravan caravan = run(folder.resolve("results"), url, Map.of(RESULTS, "ticket.results"));
                    Connection connection = connect(caravan.jmsBroker().port("core"))) {
                fillResults(connection);
                throughput(unacknowledged(caravan), connection, messages, "unread results, embedded");
            }
            for (String kind : List.of("jms", "amqp")) {
                elsewhere(folder.resolve(kind), url, kind, messages);
            }
        } finally {
            try (var paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static Caravan run(Path data, String helpDesk, Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(Map.of(
                "caravan.endpoint.url", helpDesk,
                "caravan.queue.kind", "embedded",
                "caravan.queue.listen.core", "127.0.0.1:0",
                "caravan.queue.listen.amqp", "127.0.0.1:0"));
        keys.putAll(more);
        Settings settings = Settings.of(new Values(Map.of(), Map.of(), keys), data);
        return Caravan.start(settings, Caravan.Mode.RUN, Path.of("routes"), Map.of(), Clock.systemUTC(), "bench");
    }

    private static Connection connect(int port) throws Exception {
        Connection connection = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port).createConnection();
        connection.start();
        return connection;
    }

    private static LongSupplier unacknowledged(Caravan caravan) {
        return () -> caravan.jmsBroker().unacknowledged("ticket.updates");
    }

    /** An Artemis that pages as the embedded one does, read by {@code jms} or {@code amqp}. */
    private static void elsewhere(Path folder, String helpDesk, String kind, int messages) throws Exception {
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(folder.resolve("journal").toString())
                .setBindingsDirectory(folder.resolve("bindings").toString())
                .setLargeMessagesDirectory(folder.resolve("large-messages").toString())
                .setPagingDirectory(folder.resolve("paging").toString())
                .addAddressSetting(
                        "#",
                        new AddressSettings()
                                .setMaxSizeBytes(20 << 20)
                                .setPageSizeBytes(2 << 20)
                                .setDefaultAddressRoutingType(RoutingType.ANYCAST)
                                .setDefaultQueueRoutingType(RoutingType.ANYCAST))
                .addAcceptorConfiguration("jms", "tcp://127.0.0.1:0?protocols=CORE")
                .addAcceptorConfiguration("amqp", "tcp://127.0.0.1:0?protocols=AMQP");
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ().setConfiguration(configuration);
        broker.start();
        ActiveMQServer server = broker.getActiveMQServer();
        String address = (kind.equals("jms") ? "tcp" : "amqp") + "://127.0.0.1:" + port(server, kind);
        Map<String, String> keys = Map.of(
                "caravan.queue.kind", kind,
                "caravan.queue.url", address,
                RESULTS, "ticket.results");
        try (Connection connection = connect(port(server, "jms"))) {
            fillResults(connection);
            try (Caravan caravan = run(folder.resolve("data"), helpDesk, keys)) {
                throughput(
                        () -> server.locateQueue("ticket.updates").getMessageCount(),
                        connection,
                        messages,
                        "unread results, " + kind);
            }
        } finally {
            broker.stop();
        }
    }

    private static int port(ActiveMQServer server, String acceptor) {
        return ((NettyAcceptor) server.getRemotingService().getAcceptor(acceptor)).getActualPort();
    }

    /** So that the broker pages from the first answer on. */
    private static void fillResults(Connection connection) throws Exception {
        try (Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE)) {
            MessageProducer producer = session.createProducer(session.createQueue("ticket.results"));
            for (int i = 0; i < 400; i++) {
                BytesMessage message = session.createBytesMessage();
                message.writeBytes(new byte[90_000]);
                producer.send(message);
            }
        }
    }

    private static void throughput(LongSupplier unacknowledged, Connection connection, int messages, String name)
            throws Exception {
        REQUESTS.set(0);
        long start = System.nanoTime();
        try (Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
            Queue queue = session.createQueue("ticket.updates");
            MessageProducer producer = session.createProducer(queue);
            for (int i = 0; i < messages; i++) {
                producer.send(session.createTextMessage(update(i)));
                if (i % 500 == 499) {
                    session.commit();
                }
            }
            session.commit();
            while (unacknowledged.getAsLong() > 0) {
                Thread.sleep(5);
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%s: %d messages in %.1f s, %.0f messages/s, %d requests%n",
                name, messages, seconds, messages / seconds, REQUESTS.get());
    }

    private static void latency(Connection connection, int messages) throws Exception {
        ARRIVALS.clear();
        double[] millis = new double[messages];
        try (Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE)) {
            MessageProducer producer = session.createProducer(session.createQueue("ticket.updates"));
            for (int i = 0; i < messages; i++) {
                long sent = System.nanoTime();
                producer.send(session.createTextMessage(update(i)));
                millis[i] = (ARRIVALS.take() - sent) / 1e6;
                Thread.sleep(10);
            }
        }
        Arrays.sort(millis);
        System.out.printf(
                "latency: median %.1f ms, 95%% below %.1f ms, worst %.1f ms%n",
                millis[messages / 2], millis[messages * 95 / 100], millis[messages - 1]);
    }

    private static String update(int number) {
        return "{\"ticket\":\"LF-%06d\",\"status\":\"Resolved\",\"subject\":\"Change %d\"}"
                .formatted(100_000 + number % 2_000, number);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "help desk");
        thread.setDaemon(true);
        thread.start();
    }

    private static void accept(ServerSocket helpDesk) {
        try {
            while (true) {
                Socket connection = helpDesk.accept();
                start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // That is how it ends.
        }
    }

    private static void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            while (read(in)) {
                ARRIVALS.add(System.nanoTime());
                REQUESTS.incrementAndGet();
                out.write(ANSWER);
                out.flush();
            }
        } catch (IOException clientIsGone) {
            // So there is nobody to answer.
        }
    }

    private static boolean read(InputStream in) throws IOException {
        int length = 0;
        while (true) {
            String line = line(in);
            if (line == null) {
                return false;
            }
            if (line.isEmpty()) {
                in.skipNBytes(length);
                return true;
            }
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
