package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Ownership;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether what was taken by a connection is still ours, or the broker may have taken us for dead and given it to others.
 *
 * <p>A thread asks the broker for something by this connection now and then. The answer proves that the broker had not
 * ended the connection when it was asked; what merely comes in may have waited here while this machine slept.
 */
final class BrokerLease implements AutoCloseable {

    private final BrokerConnection connection;
    private final Runnable whenLost;
    private final Ownership ownership;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Begins with a question to the broker; no thread where the broker waits without limit.
     *
     * @param whenLost called once, by any thread
     */
    BrokerLease(BrokerConnection connection, Runnable whenLost) throws JMSException {
        this.connection = connection;
        this.whenLost = whenLost;
        Duration timeout = connection.timeout();
        this.ownership = timeout == null ? Ownership.endless() : new Ownership();
        if (timeout != null) {
            Duration lease = timeout.multipliedBy(2).dividedBy(3);
            confirm(lease);
            Thread thread = new Thread(() -> keep(lease), "queue lease");
            thread.setDaemon(true);
            thread.start();
        }
    }

    boolean isOver() {
        return ownership.isOver();
    }

    private void confirm(Duration until) throws JMSException {
        long nanoTime = System.nanoTime();
        long millis = System.currentTimeMillis();
        connection.session(Session.AUTO_ACKNOWLEDGE).close();
        ownership.confirmed(nanoTime, millis, until);
    }

    private void keep(Duration until) {
        try {
            while (!closed.await(until.toMillis() / 4, TimeUnit.MILLISECONDS)) {
                if (ownership.isOver()) {
                    break;
                }
                confirm(until);
            }
        } catch (JMSException | RuntimeException noAnswer) {
            // Whoever reads finds out why.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ownership.end();
        if (closed.getCount() > 0) {
            whenLost.run();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
