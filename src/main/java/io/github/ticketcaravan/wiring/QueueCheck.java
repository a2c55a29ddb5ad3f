package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.QueueSettings;
import io.github.ticketcaravan.settings.Settings;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/**
 * Whether the broker of Jakarta Messaging is there, lets us in, and lets us read the queue and send answers.
 *
 * <p>No message is taken: the connection is never started, so that the broker gives none out. None is sent either, so
 * where Artemis forbids only the sending, by its own protocol, that is not found out.
 */
public final class QueueCheck implements Check {

    private final Settings settings;

    public QueueCheck(Settings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "queue";
    }

    @Override
    public String find() throws Exception {
        QueueSettings queue = settings.queue();
        return switch (queue.kind()) {
            case OFF -> "not configured (caravan.queue.kind is off)";
            case EMBEDDED -> embedded(queue);
            case JMS, AMQP -> elsewhere(queue);
            case KAFKA -> "not Jakarta Messaging (caravan.queue.kind is kafka)";
        };
    }

    private String embedded(QueueSettings queue) throws IOException {
        BrokerDisk disk = new BrokerDisk(settings.data().resolve(JmsBroker.EMBEDDED_FOLDER), queue.minFree());
        String full = disk.full();
        String refusal =
                full == null ? disk.refusal() : "the embedded broker cannot run: " + full + ": make room there";
        if (refusal != null) {
            throw new IOException(refusal);
        }
        boolean runs = DataFolder.isRunning(settings.data());
        for (QueueSettings.Listen listen : List.of(queue.listenAmqp(), queue.listenCore())) {
            if (!runs) {
                bind(listen);
            }
        }
        return "the embedded broker " + (runs ? "runs" : "can listen") + " at " + queue.listenAmqp()
                + " (AMQP 1.0) and " + queue.listenCore() + " (Artemis)";
    }

    private static void bind(QueueSettings.Listen listen) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(listen.host()), listen.port()));
        } catch (IOException e) {
            throw new IOException(
                    "the embedded broker cannot listen at " + listen + " (" + e.getMessage()
                            + "): end what listens there, or set caravan.queue.listen.amqp and caravan.queue.listen.core",
                    e);
        }
    }

    private String elsewhere(QueueSettings queue) throws JMSException {
        String doing = "connect";
        try (JmsBroker broker = JmsBroker.of(queue, settings.data(), 1, embedded -> {});
                BrokerConnection connection = broker.connectToSend()) {
            Session session = connection.session(Session.AUTO_ACKNOWLEDGE);
            doing = "read caravan.queue.name=" + queue.name();
            connection
                    .consumer(
                            session,
                            connection.destination(session, new QueueSettings.Destination(false, queue.name())))
                    .close();
            QueueSettings.Destination results = queue.results();
            if (results != null) {
                doing = "send to caravan.queue.results=" + results.name();
                connection.requireToSend(session, results);
                connection
                        .producer(session, connection.destination(session, results))
                        .close();
            }
            return queue.url() + " lets us read " + queue.name()
                    + (results == null ? "" : " and send to " + results.name());
        } catch (JMSException e) {
            JMSException told = new JMSException("the broker " + queue.url() + " does not let us " + doing + " ("
                    + RouteCheck.because(e) + "): check caravan.queue.url, user and password, and with who runs the"
                    + " broker that the queue is there and what we may do");
            told.initCause(e);
            throw told;
        }
    }
}
