package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.SmallDisk;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code caravan run} with the embedded broker, the ledger and the inbox on one disk, which becomes full. */
@Timeout(180)
class BrokerFullDiskTest {

    @TempDir
    private Path folder;

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(100));
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("run.log"));
    }

    @Test
    void runStaysAndCarriesOutWhatWasConfirmedWhenThereIsRoomAgain() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (SmallDisk disk = SmallDisk.at(folder.resolve("data"), 48);
                HelpDesk helpDesk = new HelpDesk()) {
            List<String> tickets = helpDesk.tickets();
            helpDesk.forget();
            Process run = Cli.runProcess(
                            folder,
                            folder.resolve("run.log"),
                            helpDesk,
                            List.of(
                                    "--set=caravan.delivery.rate=50",
                                    "--set=caravan.queue.kind=embedded",
                                    "--set=caravan.queue.min-free=1MB",
                                    "--set=caravan.queue.listen.core=127.0.0.1:" + port,
                                    "--set=caravan.queue.listen.amqp=127.0.0.1:0"))
                    .start();
            try {
                soon().until(() -> log().contains("Ctrl-C stops."));
                int confirmed = publish(port, tickets);
                Path ballast = folder.resolve("data/ballast");
                fill(ballast);
                soon().until(() -> log().contains("the disk is full: "));
                assertThat(run.waitFor(3, TimeUnit.SECONDS)).as("it has ended").isFalse();

                disk.resize(200);

                soon().until(() -> helpDesk.requests() >= confirmed && isEmpty(port));
                assertThat(run.isAlive()).isTrue();
                run.destroy();
                assertThat(run.waitFor()).as(log()).isZero();
            } finally {
                run.destroyForcibly().waitFor();
            }
        }
    }

    /** 400 messages of 50 kB, or fewer if the broker takes no more; gives how many it confirmed. */
    private static int publish(int port, List<String> tickets) throws JMSException {
        int confirmed = 0;
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port);
                Connection connection = factory.createConnection()) {
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            MessageProducer producer = session.createProducer(session.createQueue("ticket.updates"));
            while (confirmed < 400) {
                String update =
                        "{\"ticket\":\"" + tickets.get(confirmed % tickets.size()) + "\",\"status\":\"Resolved\"}";
                BytesMessage message = session.createBytesMessage();
                message.writeBytes((update + " ".repeat(50_000)).getBytes(StandardCharsets.UTF_8));
                producer.send(message);
                confirmed++;
            }
        } catch (JMSException full) {
            assertThat(confirmed).isPositive();
        }
        return confirmed;
    }

    private static boolean isEmpty(int port) throws JMSException {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port);
                Connection connection = factory.createConnection();
                Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
                QueueBrowser browser = session.createBrowser(session.createQueue("ticket.updates"))) {
            connection.start();
            return !browser.getEnumeration().hasMoreElements();
        }
    }

    private static void fill(Path ballast) {
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(new byte[4_096]);
            }
        } catch (IOException full) {
            // That is what it is for.
        }
    }
}
