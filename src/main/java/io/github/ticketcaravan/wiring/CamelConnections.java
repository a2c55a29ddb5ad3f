package io.github.ticketcaravan.wiring;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.qpid.jms.JmsSession;
import org.jspecify.annotations.Nullable;
import org.springframework.jms.connection.CachingConnectionFactory;
import org.springframework.jms.connection.SessionProxy;

/** What Camel's component sends by: one connection, whose session is used again unless the broker has ended it. */
final class CamelConnections extends CachingConnectionFactory {

    /** The beginnings of RabbitMQ's addresses; Camel has taken a slash off. */
    private static final Pattern RABBITMQ = Pattern.compile("(amq/queue|queues?|exchanges?|topic)/");

    CamelConnections(ConnectionFactory target) {
        super(target);
    }

    @Override
    protected @Nullable Session getSession(Connection connection, Integer mode) throws JMSException {
        Session session = super.getSession(connection, mode);
        if (session != null && own(session) instanceof JmsSession client && client.isClosed()) {
            resetConnection();
            return super.getSession(getConnection(), mode);
        }
        return session;
    }

    private static Session own(Session session) {
        return session instanceof SessionProxy proxy ? proxy.getTargetSession() : session;
    }

    /** A queue or topic to send to, by the address that the broker wants; of AMQP's brokers, one that is there. */
    static Destination destination(@Nullable Session given, String name, boolean isTopic) throws JMSException {
        Session session = Objects.requireNonNull(given);
        Session own = own(session);
        if (!(own instanceof JmsSession client)) {
            return isTopic ? session.createTopic(name) : session.createQueue(name);
        }
        try (AmqpBroker broker = new AmqpBroker(client.getConnection())) {
            AmqpAddress address = broker.address();
            String of = address != AmqpAddress.NAME && RABBITMQ.matcher(name).lookingAt() ? "/" + name : name;
            if (isTopic) {
                return session.createTopic(address.ofTopic(of));
            }
            Destination queue = session.createQueue(address.ofQueue(of));
            broker.requireToSend(own, queue);
            return queue;
        }
    }
}
