package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.QueueSettings;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last step of the route {@code queue-jms}: sends each answer to its message's reply-to and to
 * {@code caravan.queue.results}.
 *
 * <p>A reply-to is used as the destination it is, never as an address to be made sense of. One that cannot be reached
 * is told and passed over. Where the connection is lost it throws, and the messages, which come again, are answered
 * again.
 */
public final class JmsAnswers {

    static final String WINDOW = "jmsWindow";

    private static final Logger LOG = LoggerFactory.getLogger(JmsAnswers.class);

    /** A message to send. */
    private record Letter(Destination to, QueueAnswer answer) {}

    public void send(@Body List<QueueAnswer> answers, @ExchangeProperty(WINDOW) JmsWindow window) throws JMSException {
        List<Letter> letters = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            Destination replyTo = replyTo(window.taken().get(i));
            if (replyTo != null) {
                letters.add(new Letter(replyTo, answers.get(i)));
            }
            Destination results = window.answers().results();
            if (results != null) {
                letters.add(new Letter(results, answers.get(i)));
            }
        }
        if (!letters.isEmpty()) {
            window.answers().send(letters, window);
        }
    }

    private static @Nullable Destination replyTo(Message message) {
        try {
            return message.getJMSReplyTo();
        } catch (JMSException | RuntimeException noDestination) {
            return null;
        }
    }

    /** Sends on a session of its own: together where the broker has transactions, else one by one. For one thread. */
    static final class Sender {

        private final Connection connection;
        private final boolean transacted;
        private final QueueSettings.@Nullable Destination results;
        private @Nullable Session session;
        private @Nullable MessageProducer producer;

        Sender(Connection connection, QueueSettings settings) {
            this.connection = connection;
            this.transacted = settings.kind() != QueueSettings.Kind.AMQP;
            this.results = settings.results();
        }

        @Nullable
        Destination results() throws JMSException {
            if (results == null) {
                return null;
            }
            return results.topic()
                    ? session().createTopic(results.name())
                    : session().createQueue(results.name());
        }

        void send(List<Letter> letters, JmsWindow window) throws JMSException {
            if (transacted) {
                try {
                    for (Letter letter : letters) {
                        send(letter);
                    }
                    session().commit();
                    return;
                } catch (JMSException | RuntimeException oneOfThem) {
                    forget();
                }
            }
            Set<String> unreachable = new HashSet<>();
            for (Letter letter : letters) {
                if (!unreachable.contains(letter.to.toString())) {
                    sendAlone(letter, window, unreachable);
                }
            }
        }

        private void sendAlone(Letter letter, JmsWindow window, Set<String> unreachable) throws JMSException {
            try {
                send(letter);
                if (transacted) {
                    session().commit();
                }
            } catch (JMSException | RuntimeException e) {
                forget();
                if (window.isBroken()) {
                    throw e;
                }
                unreachable.add(letter.to.toString());
                LOG.warn(
                        "{}, message {}: its answer cannot be sent to {} ({}); its outcome is in the ledger",
                        letter.answer.message().name(),
                        letter.answer.message().id(),
                        letter.to,
                        e.getMessage());
            }
        }

        private void send(Letter letter) throws JMSException {
            Session open = session();
            MessageProducer sender = producer;
            if (sender == null) {
                sender = open.createProducer(null);
                producer = sender;
            }
            TextMessage message = open.createTextMessage(letter.answer.json());
            message.setJMSCorrelationID(letter.answer.correlationId());
            message.setStringProperty(
                    "caravan_message_id", letter.answer.message().id());
            sender.send(letter.to, message);
        }

        private Session session() throws JMSException {
            Session open = session;
            if (open == null) {
                open = transacted
                        ? connection.createSession(Session.SESSION_TRANSACTED)
                        : connection.createSession(Session.AUTO_ACKNOWLEDGE);
                session = open;
            }
            return open;
        }

        /** After an error the session may be of no use. */
        private void forget() {
            Session failed = session;
            session = null;
            producer = null;
            try {
                if (failed != null) {
                    failed.close();
                }
            } catch (JMSException | RuntimeException alreadyGone) {
                // So there is nothing to close.
            }
        }
    }
}
