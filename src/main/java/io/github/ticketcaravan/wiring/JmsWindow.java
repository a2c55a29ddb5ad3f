package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.queue.QueueMessage;
import io.github.ticketcaravan.settings.QueueSettings;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One consumer of a queue, with the messages it has taken and not yet acknowledged.
 *
 * <p>Its session acknowledges all that it has delivered at once (CLIENT_ACKNOWLEDGE): the same as a transaction on
 * Artemis, and there on every broker of AMQP 1.0, of which some have no transactions. For one thread.
 */
final class JmsWindow implements AutoCloseable {

    private static final long WAIT_MILLIS = 1_000;

    /** Bytes after which no more are taken, so that a window of large messages fits in memory. */
    private static final long MOST_BYTES = 10_000_000;

    private final BrokerConnection connection;
    private final JmsBroker broker;
    private final JmsAnswers.Sender answers;
    private final JmsMessages reader;
    private final int most;
    private final List<Message> taken = new ArrayList<>();
    private final Session session;
    private final MessageConsumer consumer;
    private final BrokerLease lease;
    private volatile boolean broken;
    private volatile @Nullable Runnable whenBroken;

    private JmsWindow(BrokerConnection connection, JmsBroker broker, String queue, int most) throws JMSException {
        this.connection = connection;
        this.broker = broker;
        this.most = most;
        this.reader = new JmsMessages(queue, broker.settings().maxSize());
        this.session = connection.session(Session.CLIENT_ACKNOWLEDGE);
        this.consumer = connection.consumer(
                session, connection.destination(session, new QueueSettings.Destination(false, queue)));
        this.answers = new JmsAnswers.Sender(connection, broker.settings());
        connection.whenLost(session, this::lost);
        this.lease = new BrokerLease(connection, this::lost);
    }

    static JmsWindow open(JmsBroker broker, String queue, int most) throws JMSException {
        BrokerConnection connection = broker.connectToRead();
        try {
            JmsWindow window = new JmsWindow(connection, broker, queue, most);
            window.answers.requireResults();
            connection.start();
            return window;
        } catch (JMSException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void lost() {
        broken = true;
        Runnable action = whenBroken;
        if (action != null) {
            action.run();
        }
    }

    /** Whether the connection was lost, and with it what is not acknowledged; or may be, for all that we know. */
    boolean isBroken() {
        return broken || lease.isOver() || broker.trouble() != null;
    }

    /** What is done with the messages in hand when the connection is lost. */
    void whenBroken(Runnable action) {
        whenBroken = action;
    }

    /** Waits a second for a message, and takes whatever is there after it; empty if none came. */
    List<QueueMessage> take() throws JMSException {
        taken.clear();
        whenBroken = null;
        List<QueueMessage> messages = new ArrayList<>();
        long bytes = 0;
        Message message = consumer.receive(WAIT_MILLIS);
        while (message != null) {
            QueueMessage read = reader.read(message);
            taken.add(message);
            messages.add(read);
            bytes += read.body().length;
            message = messages.size() < most && bytes < MOST_BYTES ? consumer.receiveNoWait() : null;
        }
        return messages;
    }

    /** The messages as they were taken, in the same order. */
    List<Message> taken() {
        return taken;
    }

    JmsAnswers.Sender answers() {
        return answers;
    }

    void acknowledge() throws JMSException {
        taken.get(taken.size() - 1).acknowledge();
    }

    @Override
    public void close() throws JMSException {
        lease.close();
        connection.close();
    }
}
