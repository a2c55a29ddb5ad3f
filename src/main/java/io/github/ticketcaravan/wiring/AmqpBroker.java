package io.github.ticketcaravan.wiring;

import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.qpid.jms.JmsConnection;
import org.apache.qpid.jms.JmsConnectionListener;
import org.apache.qpid.jms.JmsOperationTimedOutException;
import org.apache.qpid.jms.JmsSendTimedOutException;
import org.apache.qpid.jms.message.JmsInboundMessageDispatch;
import org.apache.qpid.jms.provider.amqp.AmqpProvider;
import org.apache.qpid.jms.provider.amqp.message.AmqpJmsMessageFactory;
import org.apache.qpid.proton.amqp.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * The broker at the other end of a connection of AMQP 1.0: what it says of itself, and why it ended what we had.
 *
 * <p>RabbitMQ 3 ends the whole session where it does not like an address. The client tells so here, but whoever waits
 * for the answer would wait on until the request's time-out; he is woken. Safe for several threads.
 */
final class AmqpBroker implements JmsConnectionListener, AutoCloseable {

    /** What the broker is asked; it may end the session instead of answering. */
    interface Question<T> {
        T ask() throws JMSException;
    }

    private static final class Asking {

        private final Session session;
        private final Thread thread = Thread.currentThread();
        private @Nullable Throwable refusal;

        Asking(Session session) {
            this.session = session;
        }
    }

    private final JmsConnection connection;
    private @Nullable Asking asking;
    private @Nullable Session reading;
    private @Nullable Runnable whenLost;

    AmqpBroker(JmsConnection connection) {
        this.connection = connection;
        connection.addConnectionListener(this);
    }

    private static AmqpProvider provider(JmsConnection connection) {
        return ((AmqpJmsMessageFactory) connection.getMessageFactory())
                .getAmqpConnection()
                .getProvider();
    }

    /** How the broker of this connection wants queues to be addressed. */
    static AmqpAddress address(JmsConnection connection) {
        Map<Symbol, Object> properties =
                provider(connection).getProtonConnection().getRemoteProperties();
        return properties == null
                ? AmqpAddress.NAME
                : AmqpAddress.of(text(properties, "product"), text(properties, "version"));
    }

    private static @Nullable String text(Map<Symbol, Object> properties, String name) {
        Object value = properties.get(Symbol.valueOf(name));
        return value == null ? null : value.toString();
    }

    AmqpAddress address() {
        return address(connection);
    }

    /** How long the broker wants to hear nothing of us before it ends the connection; null: however long. */
    @Nullable
    Duration idleTimeout() {
        int millis = provider(connection).getProtonTransport().getRemoteIdleTimeout();
        return millis <= 0 ? null : Duration.ofMillis(millis);
    }

    /** RabbitMQ 3 says of a message to a queue that is not there that it has it: so it is asked as if we would read. */
    void requireToSend(Session session, Destination queue) throws JMSException {
        if (address() == AmqpAddress.RABBITMQ_3) {
            ask(session, () -> session.createConsumer(queue)).close();
        }
    }

    /** Does this when the broker has taken back what the session was given. */
    synchronized void whenLost(Session session, Runnable action) {
        reading = session;
        whenLost = action;
    }

    /** @throws JMSException with what the broker said, where it said something */
    <T> T ask(Session session, Question<T> question) throws JMSException {
        Asking mine = new Asking(session);
        synchronized (this) {
            asking = mine;
        }
        try {
            return question.ask();
        } catch (JMSException | RuntimeException e) {
            throw told(e, end(mine));
        } finally {
            end(mine);
        }
    }

    /** Why the session was ended meanwhile; null: it was not. */
    private synchronized @Nullable Throwable end(Asking mine) {
        if (asking == mine) {
            asking = null;
            if (mine.refusal != null) {
                // The interrupt was ours.
                Thread.interrupted();
            }
        }
        return mine.refusal;
    }

    private JMSException told(Exception failure, @Nullable Throwable refusal) {
        String because = null;
        if (refusal != null) {
            because = refusal.getMessage();
        } else if (failure instanceof JmsOperationTimedOutException) {
            because = "the broker did not answer within "
                    + Duration.ofMillis(connection.getRequestTimeout()).toSeconds() + " s";
        } else if (failure instanceof JmsSendTimedOutException) {
            because = "the broker did not take a message within "
                    + Duration.ofMillis(connection.getSendTimeout()).toSeconds() + " s";
        } else if (failure instanceof JMSException plain) {
            return plain;
        }
        JMSException told = new JMSException(because == null ? String.valueOf(failure.getMessage()) : because);
        if (refusal != null) {
            told.initCause(refusal);
        }
        told.addSuppressed(failure);
        return told;
    }

    @Override
    public void onSessionClosed(Session session, @Nullable Throwable cause) {
        lost(session);
        synchronized (this) {
            Asking waits = asking;
            if (waits != null && waits.session == session && cause != null) {
                waits.refusal = cause;
                waits.thread.interrupt();
            }
        }
    }

    @Override
    public void onConsumerClosed(MessageConsumer consumer, @Nullable Throwable cause) {
        lost(null);
    }

    @Override
    public void onConnectionInterrupted(URI remote) {
        lost(null);
    }

    @Override
    public void onConnectionFailure(Throwable cause) {
        lost(null);
    }

    /** @param session that was lost; null: the one that reads, for none else has a consumer */
    private void lost(@Nullable Session session) {
        Runnable action;
        synchronized (this) {
            action = session == null || Objects.equals(session, reading) ? whenLost : null;
        }
        if (action != null) {
            action.run();
        }
    }

    /** Hears no more of the connection. */
    @Override
    public void close() {
        connection.removeConnectionListener(this);
    }

    @Override
    public void onProducerClosed(MessageProducer producer, @Nullable Throwable cause) {}

    @Override
    public void onConnectionEstablished(URI remote) {}

    @Override
    public void onConnectionRestored(URI remote) {}

    @Override
    public void onInboundMessage(JmsInboundMessageDispatch message) {}
}
