package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.queue.OutgoingMessage;
import io.github.ticketcaravan.settings.QueueSettings;
import io.github.ticketcaravan.settings.QueueSettings.Kind;
import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;

/**
 * The step of the route {@code publish-jms}: sends messages in one transaction, grouped by ticket. Over AMQP 1.0, where
 * some brokers have no transactions, each is confirmed by itself. For one thread.
 */
public final class JmsPublisher implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final QueueSettings settings;
    private final Duration patience;
    private final JmsBroker broker;
    private final AtomicLong sent = new AtomicLong();
    private final ExecutorService sender = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "publish");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable BrokerConnection connection;
    private @Nullable Session session;
    private @Nullable MessageProducer producer;

    JmsPublisher(QueueSettings settings) {
        this(settings, PATIENCE);
    }

    /** @param patience after which a broker that takes no message is one that fails */
    JmsPublisher(QueueSettings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
        this.broker = JmsBroker.of(reachable(settings), Path.of(""), 1, embedded -> {});
    }

    /** The embedded broker is another process's, that of "run", and is reached as any other. */
    private static QueueSettings reachable(QueueSettings settings) {
        if (settings.kind() != Kind.EMBEDDED) {
            return settings;
        }
        return new QueueSettings(
                Kind.JMS,
                "tcp://" + settings.listenCore(),
                settings.user(),
                settings.password(),
                settings.tls(),
                settings.name(),
                settings.consumers(),
                settings.group(),
                settings.results(),
                settings.listenAmqp(),
                settings.listenCore(),
                settings.maxSize(),
                settings.minFree());
    }

    /** Connects, and makes what sends; a broker that is away is found out here. */
    void connect() throws JMSException {
        BrokerConnection connected = broker.connectToSend();
        connection = connected;
        boolean isTransacted = settings.kind() != Kind.AMQP;
        Session opened = connected.session(isTransacted ? Session.SESSION_TRANSACTED : Session.AUTO_ACKNOWLEDGE);
        session = opened;
        QueueSettings.Destination queue = new QueueSettings.Destination(false, settings.name());
        connected.requireToSend(opened, queue);
        MessageProducer made = connected.producer(opened, connected.destination(opened, queue));
        made.setDeliveryMode(DeliveryMode.PERSISTENT);
        producer = made;
    }

    /** The client waits without limit for a broker that is full, or whose disk is. */
    public void send(@Body List<OutgoingMessage> messages) throws Exception {
        Future<?> sending = sender.submit(() -> {
            sendAll(messages);
            return null;
        });
        long before = sent.get() - 1;
        while (before != sent.get()) {
            before = sent.get();
            try {
                sending.get(patience.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException notYet) {
                // It goes on as long as the broker takes some.
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception failure ? failure : e;
            }
        }
        sending.cancel(true);
        throw new JMSException("it took no message for " + patience.toSeconds()
                + " s, as a broker does that is full, or whose disk is: ask who runs it");
    }

    private void sendAll(List<OutgoingMessage> messages) throws JMSException {
        Session opened = session;
        MessageProducer made = producer;
        if (opened == null || made == null) {
            throw new IllegalStateException("connect() comes first");
        }
        for (OutgoingMessage outgoing : messages) {
            BytesMessage message = opened.createBytesMessage();
            message.writeBytes(outgoing.body());
            message.setStringProperty("caravan_id", outgoing.id());
            if (outgoing.key() != null) {
                message.setStringProperty("JMSXGroupID", outgoing.key());
            }
            if (outgoing.replayOf() != null) {
                message.setStringProperty(QueueMessages.DEAD_LETTER, outgoing.replayOf());
            }
            made.send(message);
            sent.incrementAndGet();
        }
        if (opened.getTransacted()) {
            opened.commit();
        }
    }

    @Override
    public void close() throws JMSException {
        sender.shutdownNow();
        if (connection != null) {
            connection.close();
        }
        broker.close();
    }
}
