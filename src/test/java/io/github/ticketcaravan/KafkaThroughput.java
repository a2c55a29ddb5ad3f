package io.github.ticketcaravan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many messages a second one process carries out that were waiting in a topic, one update each, at a help desk that
 * answers at once; and how much memory it takes. Broker and help desk share the machine with it. No test: run by
 * {@code src/bench/queue-kafka}.
 */
class KafkaThroughput {

    private static final int MESSAGES = Integer.getInteger("caravan.messages", 200_000);
    private static final int WARM_UP = MESSAGES / 5;
    private static final String TOPIC = "ticket.updates";
    private static final Path PROJECT = Path.of(System.getProperty("caravan.project", "."));
    private static final byte[] ANSWER =
            ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n" + "{\"id\":1}")
                    .getBytes(StandardCharsets.US_ASCII);

    private final AtomicInteger requests = new AtomicInteger();

    @TempDir
    private Path folder;

    @Test
    void messagesASecond() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
                ServerSocket helpDesk = new ServerSocket(0, 200, InetAddress.getLoopbackAddress())) {
            Thread accepting = new Thread(() -> accept(helpDesk), "help desk");
            accepting.setDaemon(true);
            accepting.start();
            broker.createTopic(TOPIC, 6);
            try (KafkaProducer<String, byte[]> producer = broker.producer()) {
                for (int i = 0; i < MESSAGES; i++) {
                    String ticket = String.format(Locale.ROOT, "TC-%06d", i % 2_000);
                    String text = "{\"ticket\":\"" + ticket + "\",\"status\":\"Waiting for Staff\",\"subject\":\"" + i
                            + "\"}";
                    var unused =
                            producer.send(new ProducerRecord<>(TOPIC, ticket, text.getBytes(StandardCharsets.UTF_8)));
                }
            }
            Process worker = worker(helpDesk.getLocalPort(), broker.address());
            try {
                await().atMost(5, TimeUnit.MINUTES)
                        .pollInterval(1, TimeUnit.MILLISECONDS)
                        .until(() -> requests.get() >= WARM_UP);
                long begun = System.nanoTime();
                int first = requests.get();
                await().atMost(5, TimeUnit.MINUTES)
                        .pollInterval(20, TimeUnit.MILLISECONDS)
                        .until(() -> requests.get() >= MESSAGES);
                await().atMost(1, TimeUnit.MINUTES)
                        .pollInterval(20, TimeUnit.MILLISECONDS)
                        .until(() -> broker.committed("ticket-caravan", TOPIC) == MESSAGES);
                double seconds = (System.nanoTime() - begun) / 1e9;
                String memory = Files.readString(Path.of("/proc/" + worker.pid() + "/status"))
                        .lines()
                        .filter(line -> line.startsWith("VmHWM"))
                        .findFirst()
                        .orElse("VmHWM: unknown");
                new PrintStream(System.out, true, StandardCharsets.UTF_8)
                        .printf(
                                Locale.ROOT,
                                "%,d of %,d messages in %.1f s: %,.0f a second, outcomes kept and offsets committed;"
                                        + " most memory %s%n",
                                MESSAGES - first,
                                MESSAGES,
                                seconds,
                                (MESSAGES - first) / seconds,
                                memory.replaceAll("\\s+", " "));
            } finally {
                worker.destroyForcibly().waitFor();
            }
            assertThat(requests.get()).isEqualTo(MESSAGES);
        }
    }

    private Process worker(int port, String broker) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dcaravan.home=" + PROJECT.toAbsolutePath(),
                        "io.github.ticketcaravan.cli.Main",
                        "run",
                        "--config=" + PROJECT.resolve("config"),
                        "--data=" + folder.resolve("data"),
                        "--set=caravan.endpoint.url=http://127.0.0.1:" + port,
                        "--set=caravan.queue.kind=kafka",
                        "--set=caravan.queue.url=" + broker)
                .inheritIO()
                .start();
    }

    private void accept(ServerSocket listener) {
        try {
            while (true) {
                Socket connection = listener.accept();
                Thread thread = new Thread(() -> serve(connection), "help desk");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException closed) {
            // That is how it ends.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            byte[] line = new byte[8_192];
            while (true) {
                int length = 0;
                int body = 0;
                // Lines up to an empty one, and of them only the length of what follows.
                while (true) {
                    int next = in.read();
                    if (next < 0) {
                        return;
                    }
                    if (next != '\n') {
                        line[length++] = (byte) next;
                        continue;
                    }
                    if (length <= 1) {
                        break;
                    }
                    String header = new String(line, 0, length, StandardCharsets.US_ASCII);
                    if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                        body = Integer.parseInt(header.substring(15).strip());
                    }
                    length = 0;
                }
                in.readNBytes(body);
                requests.incrementAndGet();
                connection.getOutputStream().write(ANSWER);
            }
        } catch (IOException clientIsGone) {
            // So there is nobody to answer.
        }
    }
}
