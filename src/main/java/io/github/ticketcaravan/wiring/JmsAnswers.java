package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.QueueSettings;
import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
            Destination replyTo = window.answers().replyTo(window.taken().get(i));
            if (replyTo != null) {
                letters.add(new Letter(replyTo, answers.get(i)));
            }
        }
        Destination results = window.answers().results();
        if (results != null) {
            answers.forEach(answer -> letters.add(new Letter(results, answer)));
        }
        if (!letters.isEmpty()) {
            window.answers().send(letters, window);
        }
    }

    /**
     * Sends on a session of its own: together, and one by one what the broker did not take so. For one thread.
     */
    static final class Sender {

        /** The client's own time-out, which is shorter, comes first. */
        private static final long CONFIRMATION_SECONDS = 30;

        private final BrokerConnection connection;
        private final boolean transacted;
        private final QueueSettings.@Nullable Destination results;
        private @Nullable Session session;
        private @Nullable MessageProducer producer;

        Sender(BrokerConnection connection, QueueSettings settings) {
            this.connection = connection;
            this.transacted = settings.kind() != QueueSettings.Kind.AMQP;
            this.results = settings.results();
        }

        @Nullable
        Destination results() throws JMSException {
            return results == null ? null : connection.destination(session(), results);
        }

        /** @throws JMSException if answers would be lost there without a word */
        void requireResults() throws JMSException {
            if (results != null) {
                connection.requireToSend(session(), results);
            }
        }

        @Nullable
        Destination replyTo(Message message) throws JMSException {
            Destination given;
            try {
                given = message.getJMSReplyTo();
            } catch (JMSException | RuntimeException noDestination) {
                return null;
            }
            return given == null ? null : connection.replyTo(session(), given);
        }

        void send(List<Letter> letters, JmsWindow window) throws JMSException {
            List<Letter> left = transacted ? sendInOneTransaction(letters) : sendUnconfirmed(letters);
            Set<String> unreachable = new HashSet<>();
            for (Letter letter : left) {
                if (!unreachable.contains(letter.to.toString())) {
                    sendAlone(letter, window, unreachable);
                }
            }
        }

        /**
         * All of them, or none; what is not sent is returned.
         *
         * <p>Artemis' client asks the broker about each destination object that is new to it. An answer to that waits
         * until all that was sent before is on disk, which takes milliseconds where the broker pages.
         */
        private List<Letter> sendInOneTransaction(List<Letter> letters) {
            Map<String, Destination> known = new HashMap<>();
            try {
                for (Letter letter : letters) {
                    Destination to = known.computeIfAbsent(letter.to.toString(), name -> letter.to);
                    producer().send(to, message(letter));
                }
                session().commit();
                return List.of();
            } catch (JMSException | RuntimeException oneOfThem) {
                forget();
                return letters;
            }
        }

        /** Without waiting for the broker between two of them; what it does not confirm is returned. */
        private List<Letter> sendUnconfirmed(List<Letter> letters) {
            IdentityHashMap<Letter, CompletableFuture<Message>> sent = new IdentityHashMap<>();
            try {
                for (Letter letter : letters) {
                    Confirmation confirmation = new Confirmation(new CompletableFuture<>());
                    connection.send(session(), producer(), letter.to, message(letter), confirmation);
                    sent.put(letter, confirmation.confirmed);
                }
            } catch (JMSException | RuntimeException brokerTakesNoMore) {
                // What is sent alone tells why.
            }
            await(sent.values());
            List<Letter> left = letters.stream()
                    .filter(letter -> !isConfirmed(sent.get(letter)))
                    .toList();
            if (!left.isEmpty()) {
                forget();
            }
            return left;
        }

        private static void await(Collection<CompletableFuture<Message>> sent) {
            try {
                CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                        .get(CONFIRMATION_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException notAllOfThem) {
                // Each is looked at.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static boolean isConfirmed(@Nullable CompletableFuture<Message> sent) {
            return sent != null && sent.isDone() && !sent.isCompletedExceptionally();
        }

        /** What the broker says to one message. */
        private record Confirmation(CompletableFuture<Message> confirmed) implements CompletionListener {

            @Override
            public void onCompletion(Message message) {
                confirmed.complete(message);
            }

            @Override
            public void onException(Message message, Exception refusal) {
                confirmed.completeExceptionally(refusal);
            }
        }

        private void sendAlone(Letter letter, JmsWindow window, Set<String> unreachable) throws JMSException {
            try {
                connection.send(session(), producer(), letter.to, message(letter));
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
                        RouteCheck.because(e));
            }
        }

        private MessageProducer producer() throws JMSException {
            MessageProducer open = producer;
            if (open == null) {
                open = connection.producer(session(), null);
                producer = open;
            }
            return open;
        }

        private TextMessage message(Letter letter) throws JMSException {
            TextMessage message = session().createTextMessage(letter.answer.json());
            message.setJMSCorrelationID(letter.answer.correlationId());
            message.setStringProperty(
                    "caravan_message_id", letter.answer.message().id());
            return message;
        }

        private Session session() throws JMSException {
            Session open = session;
            if (open == null) {
                open = transacted
                        ? connection.session(Session.SESSION_TRANSACTED)
                        : connection.session(Session.AUTO_ACKNOWLEDGE);
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
