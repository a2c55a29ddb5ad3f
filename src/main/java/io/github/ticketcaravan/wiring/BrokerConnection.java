package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.QueueSettings;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Duration;
import org.apache.qpid.jms.JmsConnection;
import org.apache.qpid.jms.JmsDestination;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a broker, which addresses queues as this broker wants it, and tells in exceptions what the broker
 * said. Safe for several threads; each of its sessions is for one.
 */
final class BrokerConnection implements AutoCloseable {

    private final Connection connection;
    private final @Nullable AmqpBroker amqp;
    private final @Nullable Duration timeToLive;

    /** @param timeToLive that Artemis was told of; null: without end */
    BrokerConnection(Connection connection, @Nullable Duration timeToLive) {
        this.connection = connection;
        this.amqp = connection instanceof JmsConnection client ? new AmqpBroker(client) : null;
        this.timeToLive = timeToLive;
    }

    /**
     * How long the broker hears nothing of us before it gives our messages to others; null: however long. A session
     * comes first, for until then AMQP's client does not connect.
     */
    @Nullable
    Duration timeout() {
        return amqp == null ? timeToLive : amqp.idleTimeout();
    }

    /** Does this when the broker has taken back what the session was given, or the connection is lost. */
    void whenLost(Session reading, Runnable action) throws JMSException {
        connection.setExceptionListener(lost -> action.run());
        if (amqp != null) {
            amqp.whenLost(reading, action);
        }
    }

    void start() throws JMSException {
        connection.start();
    }

    Session session(int mode) throws JMSException {
        return connection.createSession(mode);
    }

    Destination destination(Session session, QueueSettings.Destination of) throws JMSException {
        AmqpAddress address = amqp == null ? AmqpAddress.NAME : amqp.address();
        return of.topic()
                ? session.createTopic(address.ofTopic(of.name()))
                : session.createQueue(address.ofQueue(of.name()));
    }

    /** Where an answer goes: the reply-to as it is, but for RabbitMQ, whose addresses in it can be of the other form. */
    Destination replyTo(Session session, Destination given) throws JMSException {
        AmqpAddress address = amqp == null ? AmqpAddress.NAME : amqp.address();
        return address == AmqpAddress.NAME || !(given instanceof JmsDestination known) || known.isTopic()
                ? given
                : session.createQueue(address.ofQueue(known.getAddress()));
    }

    /**
     * RabbitMQ 3 says of a message to a queue that is not there that it has it. So it is asked for the queue, by what
     * would read from it; call this before {@link #start}, so that nothing is read.
     */
    void requireToSend(Session session, QueueSettings.Destination to) throws JMSException {
        if (amqp != null && !to.topic()) {
            amqp.requireToSend(session, destination(session, to));
        }
    }

    MessageConsumer consumer(Session session, Destination from) throws JMSException {
        return amqp == null ? session.createConsumer(from) : amqp.ask(session, () -> session.createConsumer(from));
    }

    MessageProducer producer(Session session, @Nullable Destination to) throws JMSException {
        return amqp == null ? session.createProducer(to) : amqp.ask(session, () -> session.createProducer(to));
    }

    void send(Session session, MessageProducer producer, Destination to, Message message) throws JMSException {
        ask(session, to, () -> producer.send(to, message));
    }

    /** The same without waiting for the broker to confirm it, which the listener is told. */
    void send(Session session, MessageProducer producer, Destination to, Message message, CompletionListener listener)
            throws JMSException {
        ask(session, to, () -> producer.send(to, message, listener));
    }

    private interface Sending {
        void send() throws JMSException;
    }

    /** Some brokers are asked for a link to the destination first, also where their confirmation is not waited for. */
    private void ask(Session session, Destination to, Sending sending) throws JMSException {
        if (amqp == null) {
            sending.send();
            return;
        }
        amqp.ask(session, () -> {
            sending.send();
            return to;
        });
    }

    @Override
    public void close() throws JMSException {
        connection.close();
    }
}
