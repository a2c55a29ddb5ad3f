package io.github.ticketcaravan.failures;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** A program that sends updates to a broker by Artemis' own protocol, and reads the answers; whatever else is cut. */
final class QueueClient {

    static final String UPDATES = "ticket.updates";
    static final String RESULTS = "ticket.results";
    private static final long RECEIVE_MILLIS = 200;

    private final String url;
    private final Set<String> answered = new HashSet<>();

    QueueClient(int port) {
        this.url = "tcp://127.0.0.1:" + port + "?callTimeout=5000&connectionTTL=10000";
    }

    private interface Use {
        void with(Session session) throws JMSException;
    }

    private void use(Use use) throws JMSException {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
                Connection connection = factory.createConnection();
                Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
            connection.start();
            use.with(session);
            session.commit();
        }
    }

    /** All of them or none; each has an ID, so that it does no harm to send them again. */
    void send(List<Update> updates) throws JMSException {
        use(session -> {
            MessageProducer producer = session.createProducer(session.createQueue(UPDATES));
            for (Update update : updates) {
                Message message = session.createTextMessage(update.json());
                message.setStringProperty("JMSXGroupID", update.ticket());
                message.setStringProperty("caravan_id", "m-" + update.number());
                message.setJMSCorrelationID("m-" + update.number());
                producer.send(message);
            }
        });
    }

    /** How many messages wait in a queue. */
    int count(String queue) throws JMSException {
        int[] count = {0};
        use(session -> {
            try (QueueBrowser browser = session.createBrowser(session.createQueue(queue))) {
                Enumeration<?> messages = browser.getEnumeration();
                while (messages.hasMoreElements()) {
                    Object unused = messages.nextElement();
                    count[0]++;
                }
            }
        });
        return count[0];
    }

    /** How many messages have been answered so far. */
    int answered() throws JMSException {
        Set<String> more = new HashSet<>();
        use(session -> {
            MessageConsumer consumer = session.createConsumer(session.createQueue(RESULTS));
            for (Message answer = consumer.receive(RECEIVE_MILLIS); answer != null; answer = consumer.receiveNoWait()) {
                more.add(answer.getJMSCorrelationID());
            }
        });
        answered.addAll(more);
        return answered.size();
    }

    /** The texts of the messages that wait in a queue, in order; they are sent as bytes. */
    List<String> waiting(String queue) throws JMSException {
        List<String> texts = new ArrayList<>();
        use(session -> {
            try (QueueBrowser browser = session.createBrowser(session.createQueue(queue))) {
                Enumeration<?> messages = browser.getEnumeration();
                while (messages.hasMoreElements()) {
                    Message message = (Message) messages.nextElement();
                    texts.add(new String(message.getBody(byte[].class), StandardCharsets.UTF_8));
                }
            }
        });
        return texts;
    }
}
