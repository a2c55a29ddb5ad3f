package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.artemis.api.core.Interceptor;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.protocol.core.impl.PacketImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How often a window of answers waits for the broker, which takes milliseconds each time where the broker pages. */
@Timeout(120)
class JmsAnswersPaceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MESSAGES = 200;
    private static final String RESULTS = "ticket.results";
    private static final String REPLIES = "replies";

    @TempDir
    private Path folder;

    private final AtomicInteger queries = new AtomicInteger();
    private ActiveMQServer broker;
    private ScriptedServer helpDesk;

    @BeforeEach
    void start() throws Exception {
        helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .addAcceptorConfiguration("core", "tcp://127.0.0.1:0?protocols=CORE")
                .addAcceptorConfiguration("amqp", "tcp://127.0.0.1:0?protocols=AMQP");
        for (String queue : List.of(QueueFixture.QUEUE, RESULTS, REPLIES)) {
            configuration.addQueueConfiguration(
                    QueueConfiguration.of(queue).setAddress(queue).setRoutingType(RoutingType.ANYCAST));
        }
        broker = new ActiveMQServerImpl(configuration);
        broker.start();
        broker.getRemotingService().addIncomingInterceptor((Interceptor) (packet, connection) -> {
            if (packet.getType() == PacketImpl.SESS_QUEUEQUERY || packet.getType() == PacketImpl.SESS_BINDINGQUERY) {
                queries.incrementAndGet();
            }
            return true;
        });
        try (QueueFixture.Client client = new QueueFixture.Client(QueueFixture.Protocol.CORE.factory(port("core")))) {
            Queue replies = client.session.createQueue(REPLIES);
            for (int i = 0; i < MESSAGES; i++) {
                Message message = client.session.createTextMessage("{\"ticket\":\"LF-" + i + "\",\"status\":\"Open\"}");
                message.setJMSReplyTo(replies);
                client.send(message);
            }
        }
        queries.set(0);
    }

    @AfterEach
    void stop() throws Exception {
        helpDesk.close();
        broker.stop();
    }

    private int port(String acceptor) {
        return ((NettyAcceptor) broker.getRemotingService().getAcceptor(acceptor)).getActualPort();
    }

    private void carryOut(String kind, String url) {
        try (Caravan caravan = new QueueFixture(folder, helpDesk.url())
                .with("caravan.queue.kind", kind)
                .with("caravan.queue.url", url)
                .with("caravan.queue.results", RESULTS)
                .start()) {
            assertThat(caravan.routeIds()).contains("queue-jms");
            await().atMost(PATIENCE).until(() -> count(QueueFixture.QUEUE) == 0);
        }
        assertThat(count(RESULTS)).isEqualTo(MESSAGES);
        assertThat(count(REPLIES)).isEqualTo(MESSAGES);
    }

    private long count(String queue) {
        return broker.locateQueue(queue).getMessageCount();
    }

    @Test
    void overArtemisOwnProtocolAQueueIsAskedForOnceAWindow() {
        carryOut("jms", "tcp://127.0.0.1:" + port("core"));

        assertThat(queries.get()).isPositive().isLessThan(MESSAGES / 4);
    }

    @Test
    void overAmqpTheAnswersOfAWindowAreOnTheirWayTogether() throws Exception {
        try (Relay relay = new Relay(port("amqp"))) {
            carryOut("amqp", "amqp://127.0.0.1:" + relay.port());

            assertThat(relay.reads.get())
                    .as("two answers a message, sent one by one, are read one by one")
                    .isPositive()
                    .isLessThan(MESSAGES);
        }
    }

    /** Passes on what the client sends, and counts in how many pieces it comes when it is looked for now and then. */
    private static final class Relay implements Closeable {

        private final AtomicInteger reads = new AtomicInteger();
        private final List<Socket> ends = new CopyOnWriteArrayList<>();
        private final ServerSocket server;
        private final int target;

        Relay(int target) throws IOException {
            this.target = target;
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = server.accept();
                    Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
                    ends.addAll(List.of(client, broker));
                    start(() -> pass(client, broker, reads, 5));
                    start(() -> pass(broker, client, new AtomicInteger(), 0));
                }
            } catch (IOException closed) {
                // That is how it ends.
            }
        }

        private static void pass(Socket from, Socket to, AtomicInteger reads, long pauseMillis) {
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] piece = new byte[1 << 16];
                for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                    reads.incrementAndGet();
                    out.write(piece, 0, length);
                    Thread.sleep(pauseMillis);
                }
            } catch (IOException closed) {
                // That is how it ends.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static void start(Runnable work) {
            Thread thread = new Thread(work, "relay");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket end : ends) {
                end.close();
            }
        }
    }
}
