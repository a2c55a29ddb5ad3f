import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.wiring.Caravan;
import io.github.ticketcaravan.wiring.JmsBroker;
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
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** The program behind src/bench/queue, which says what it measures. */
public final class QueueBench {

    private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
                    + "{\"id\":32}")
            .getBytes(StandardCharsets.US_ASCII);

    private static final AtomicInteger REQUESTS = new AtomicInteger();
    private static final BlockingQueue<Long> ARRIVALS = new LinkedBlockingQueue<>();

    public static void main(String[] arguments) throws Exception {
        int messages = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
        Path folder = Files.createTempDirectory("caravan-queue-");
        try (ServerSocket helpDesk = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            start(() -> accept(helpDesk));
            Settings settings = Settings.of(
                    new Values(
                            Map.of(),
                            Map.of(),
                            Map.of(
                                    "caravan.endpoint.url", "http://127.0.0.1:" + helpDesk.getLocalPort(),
                                    "caravan.queue.kind", "embedded",
                                    "caravan.queue.listen.core", "127.0.0.1:0",
                                    "caravan.queue.listen.amqp", "127.0.0.1:0")),
                    folder);
            try (Caravan caravan = Caravan.start(
                    settings, Caravan.Mode.RUN, Path.of("routes"), Map.of(), Clock.systemUTC(), "bench")) {
                String url = "tcp://127.0.0.1:" + caravan.jmsBroker().port("core");
                try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
                        Connection connection = factory.createConnection()) {
                    connection.start();
                    throughput(caravan.jmsBroker(), connection, 5_000, "warming up");
                    throughput(caravan.jmsBroker(), connection, messages, "throughput");
                    latency(connection, 500);
                }
            }
        } finally {
            try (var paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void throughput(JmsBroker broker, Connection connection, int messages, String name) throws Exception {
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
            while (broker.unacknowledged("ticket.updates") > 0) {
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
