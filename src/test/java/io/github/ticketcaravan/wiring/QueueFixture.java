package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.QueueSettings;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;

/** {@code caravan run} with a queue, and a program that uses it. */
final class QueueFixture {

    static final String QUEUE = "ticket.updates";

    private final Path folder;
    private final Map<String, String> settings = new HashMap<>();

    QueueFixture(Path folder, Object url) {
        this.folder = folder;
        settings.put("caravan.endpoint.url", url.toString());
        settings.put("caravan.endpoint.token", CaravanFixture.TOKEN);
        settings.put("caravan.endpoint.secret", CaravanFixture.SECRET);
        settings.put("caravan.delivery.retry.delay", "5ms");
        settings.put("caravan.delivery.retry.max-delay", "20ms");
        settings.put("caravan.queue.kind", "embedded");
        settings.put("caravan.queue.listen.core", "127.0.0.1:0");
        settings.put("caravan.queue.listen.amqp", "127.0.0.1:0");
    }

    QueueFixture with(String key, String value) {
        settings.put(key, value);
        return this;
    }

    Settings settings() {
        return Settings.of(new Values(Map.of(), Map.of(), settings), folder.resolve("data"));
    }

    Caravan start() {
        return start(CaravanFixture.ROUTES);
    }

    Caravan start(Path routes) {
        return Caravan.start(settings(), Caravan.Mode.RUN, routes, Map.of(), Clock.systemUTC(), "1.2.3");
    }

    /** The protocols a program may speak to the embedded broker. */
    enum Protocol {
        CORE,
        AMQP;

        Client client(Caravan caravan) throws JMSException {
            return new Client(factory(caravan.jmsBroker().port(name().toLowerCase(java.util.Locale.ROOT))));
        }

        ConnectionFactory factory(int port) {
            return this == CORE
                    ? new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port)
                    : new JmsConnectionFactory("amqp://127.0.0.1:" + port);
        }
    }

    /** A broker of its own in this process, as {@code jms} and {@code amqp} have it elsewhere. */
    static EmbeddedBroker broker(Path folder, int core, int amqp) {
        Map<String, String> keys = Map.of(
                "caravan.queue.kind", "embedded",
                "caravan.queue.listen.core", "127.0.0.1:" + core,
                "caravan.queue.listen.amqp", "127.0.0.1:" + amqp);
        QueueSettings queue =
                Settings.of(new Values(Map.of(), Map.of(), keys), folder).queue();
        EmbeddedBroker broker = new EmbeddedBroker(queue, folder, unused -> {});
        broker.start();
        return broker;
    }

    /** A program that sends updates and reads answers. */
    static final class Client implements AutoCloseable {

        final Connection connection;
        final Session session;
        private final MessageProducer producer;

        Client(ConnectionFactory factory) throws JMSException {
            this(factory, null, null);
        }

        Client(ConnectionFactory factory, String user, String password) throws JMSException {
            connection = factory.createConnection(user, password);
            connection.start();
            session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            producer = session.createProducer(null);
        }

        Message send(String json) throws JMSException {
            return send(session.createTextMessage(json));
        }

        Message send(Message message) throws JMSException {
            producer.send(session.createQueue(QUEUE), message);
            return message;
        }

        /** Sends it with a reply-to; gives back where to read the answer. */
        MessageConsumer ask(String json) throws JMSException {
            return ask(session.createTextMessage(json));
        }

        MessageConsumer ask(Message message) throws JMSException {
            Destination answers = session.createTemporaryQueue();
            message.setJMSReplyTo(answers);
            MessageConsumer consumer = session.createConsumer(answers);
            send(message);
            return consumer;
        }

        MessageConsumer consumer(String queue) throws JMSException {
            return session.createConsumer(session.createQueue(queue));
        }

        static TextMessage receive(MessageConsumer consumer) throws JMSException {
            return (TextMessage) consumer.receive(20_000);
        }

        @Override
        public void close() throws JMSException {
            connection.close();
        }
    }
}
