package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.queue.QueueMessage;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/**
 * Takes windows of messages from a queue, as many threads as there are consumers, and acknowledges a window when its
 * exchange has ended without an exception.
 *
 * <p>What goes wrong with the broker, the ledger or the help desk is told once, and tried again with growing delay;
 * nothing is acknowledged meanwhile.
 */
final class JmsBatchConsumer extends DefaultConsumer {

    private static final long FIRST_DELAY_MILLIS = 100;
    private static final long LONGEST_DELAY_MILLIS = 10_000;
    private static final long END_MILLIS = 8_000;

    private final JmsBroker broker;
    private final String queue;
    private final Delivery delivery;
    private final Announcements announcements;
    private final int window;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    JmsBatchConsumer(
            Endpoint endpoint,
            Processor processor,
            JmsBroker broker,
            String queue,
            Delivery delivery,
            Announcements announcements,
            int window) {
        super(endpoint, processor);
        this.broker = broker;
        this.queue = queue;
        this.delivery = delivery;
        this.announcements = announcements;
        this.window = window;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        running = true;
        for (int i = 0; i < broker.settings().consumers(); i++) {
            Thread thread = new Thread(new Loop(), "queue");
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    @Override
    protected void doStop() throws Exception {
        running = false;
        for (Thread thread : threads) {
            thread.join(END_MILLIS / threads.size());
        }
        threads.clear();
        super.doStop();
    }

    private boolean goesOn() {
        return running && !delivery.isStopped();
    }

    /** One consumer: connects, and reads until the connection or the application ends. */
    private final class Loop implements Runnable {

        private long delay = FIRST_DELAY_MILLIS;
        private boolean inTrouble;
        private boolean gaveBack;

        @Override
        public void run() {
            while (goesOn()) {
                try (JmsWindow messages = JmsWindow.open(broker, queue, window)) {
                    while (goesOn()) {
                        List<QueueMessage> taken = messages.take();
                        if (messages.isBroken()) {
                            throw new JMSException("the connection was lost");
                        }
                        if (!taken.isEmpty() && !process(messages, taken)) {
                            gaveBack = true;
                            break;
                        }
                        // To take what was given back is nothing yet: only to carry it out.
                        gaveBack &= taken.isEmpty();
                        if (!gaveBack) {
                            rightAgain();
                        }
                    }
                } catch (JMSException | RuntimeException | Error e) {
                    wrong("The queue " + queue + " cannot be read", e);
                }
            }
        }

        /** False if the messages have to be given back. */
        private boolean process(JmsWindow messages, List<QueueMessage> taken) throws JMSException {
            Exchange exchange = createExchange(false);
            try {
                exchange.getIn().setBody(taken);
                exchange.setProperty(JmsAnswers.WINDOW, messages);
                exchange.setProperty(QueueBatches.GIVEN_UP, (BooleanSupplier) messages::isBroken);
                messages.whenBroken(() -> abandon(exchange));
                getProcessor().process(exchange);
            } catch (Exception e) {
                exchange.setException(e);
            }
            Exception failure = exchange.getException();
            if (failure == null) {
                messages.acknowledge();
                return true;
            }
            if (failure instanceof JMSException lost) {
                throw lost;
            }
            if (!(failure instanceof DeliveryStopped)) {
                wrong("Messages of " + queue + " cannot be carried out", failure);
            }
            return false;
        }

        private void abandon(Exchange exchange) {
            QueueBatch batch = exchange.getProperty(QueueBatches.PROPERTY, QueueBatch.class);
            if (batch != null) {
                batch.abandon();
                delivery.leaveHeld();
            }
        }

        private void wrong(String what, Throwable cause) {
            delivery.stopIfBroken(cause);
            if (!goesOn()) {
                return;
            }
            if (!inTrouble) {
                inTrouble = true;
                announcements.warn(what + " (" + RouteCheck.because(cause)
                        + "); it is tried again, and nothing is acknowledged meanwhile");
            }
            pause();
        }

        private void pause() {
            try {
                synchronized (threads) {
                    threads.wait(delay);
                }
                delay = Math.min(2 * delay, LONGEST_DELAY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                running = false;
            }
        }

        private void rightAgain() {
            if (inTrouble) {
                inTrouble = false;
                delay = FIRST_DELAY_MILLIS;
                announcements.warn("The queue " + queue + " is read again");
            }
        }
    }
}
