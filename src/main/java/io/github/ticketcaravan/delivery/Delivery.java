package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.update.TicketUpdate;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The one door through which every update of every source passes.
 *
 * <p>Updates of one ticket are sent in the order in which they were given: the next leaves when the one before has
 * its outcome, retries and all. At most {@code window} updates are inside; past that, {@link #deliver} blocks. Once
 * delivery has stopped, what is inside and not yet sent, and whatever is given after, ends with
 * {@link DeliveryStopped}. How many requests there are at once is the channel's business. Safe for several threads.
 */
public final class Delivery {

    /** The way to the help desk and back into the ledger. */
    public interface Channel {
        /** Sends without blocking; runs {@code done}, on any thread, when the update is settled or left. */
        void send(Dispatch dispatch, Runnable done);
    }

    private final Channel channel;
    private final Clock clock;
    private final Semaphore window;
    private final Object lock = new Object();
    private final Map<String, Deque<Dispatch>> waiting = new HashMap<>();
    private volatile @Nullable String stopped;

    public Delivery(int window, Clock clock, Channel channel) {
        this.window = new Semaphore(window);
        this.clock = clock;
        this.channel = channel;
    }

    /**
     * Takes an update; blocks while the window is full.
     *
     * @return completes when the ledger has the outcome; with {@link DeliveryStopped} where it will have none
     * @throws DeliveryStopped if delivery has stopped
     */
    public CompletableFuture<Receipt> deliver(long importId, TicketUpdate update) throws InterruptedException {
        window.acquire();
        Dispatch dispatch = new Dispatch(importId, update, clock);
        var unused = dispatch.kept().whenComplete((receipt, failure) -> {
            if (failure != null && !(failure instanceof DeliveryStopped)) {
                halt("Outcomes cannot be kept, so nothing more is sent: " + failure.getMessage());
            }
            window.release();
        });
        boolean first;
        synchronized (lock) {
            String reason = stopped;
            if (reason != null) {
                window.release();
                throw new DeliveryStopped(reason);
            }
            first = !waiting.containsKey(order(update));
            waiting.computeIfAbsent(order(update), key -> new ArrayDeque<>()).add(dispatch);
        }
        if (first) {
            send(dispatch);
        }
        return dispatch.kept();
    }

    /** What updates have in common that must stay in order with one another. */
    private static String order(TicketUpdate update) {
        return update.ticket().toUpperCase(Locale.ROOT);
    }

    private void send(Dispatch dispatch) {
        channel.send(dispatch, () -> done(dispatch));
    }

    private void done(Dispatch dispatch) {
        if (!dispatch.isSettled()) {
            dispatch.kept().completeExceptionally(new DeliveryStopped(String.valueOf(stopped)));
        }
        Dispatch next;
        synchronized (lock) {
            Deque<Dispatch> queue = waiting.get(order(dispatch.update()));
            if (queue == null) {
                return;
            }
            queue.remove();
            next = queue.peek();
            if (next == null) {
                waiting.remove(order(dispatch.update()));
            }
        }
        if (next != null) {
            send(next);
        }
    }

    /**
     * Lets an attempt begin.
     *
     * @throws DeliveryStopped if delivery has stopped, or did while the update waited for its next attempt
     */
    public void permit(Dispatch dispatch) {
        String reason = stopped;
        if (reason != null || !dispatch.beginAttempt()) {
            throw new DeliveryStopped(String.valueOf(reason));
        }
    }

    /** Stops delivery; the first reason stands. What is being sent is still settled, what waits is left. */
    public void halt(String reason) {
        List<Dispatch> left = new ArrayList<>();
        synchronized (lock) {
            if (stopped != null) {
                return;
            }
            stopped = reason;
            for (Deque<Dispatch> queue : waiting.values()) {
                Dispatch beingSent = queue.remove();
                if (beingSent.abandonRetry()) {
                    left.add(beingSent);
                }
                left.addAll(queue);
                queue.clear();
                queue.add(beingSent);
            }
        }
        left.forEach(dispatch -> dispatch.kept().completeExceptionally(new DeliveryStopped(reason)));
    }

    /** Lets delivery go on after {@link #halt}. */
    public void resume() {
        synchronized (lock) {
            stopped = null;
        }
    }

    public boolean isStopped() {
        return stopped != null;
    }

    /** Why delivery has stopped; null while it goes on. */
    public @Nullable String stopReason() {
        return stopped;
    }
}
