package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.delivery.Receipt;
import io.github.ticketcaravan.queue.QueueMessage;
import io.github.ticketcaravan.queue.Reply;
import io.github.ticketcaravan.update.TicketUpdate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are acknowledged together: what of them is still to be sent, and what became of each update.
 *
 * <p>One thread works on it; {@link #abandon} may be called from any.
 */
public final class QueueBatch {

    /** For requests in flight when delivery stops; who stops it is promised an end within ten seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long POLL_MILLIS = 200;

    /** One update of a message, and what became of it. */
    public static final class Part {

        private final long importId;
        private final TicketUpdate update;
        private final CompletableFuture<Reply> reply = new CompletableFuture<>();
        private boolean handedOver;
        private volatile String refusal = "";

        Part(long importId, TicketUpdate update) {
            this.importId = importId;
            this.update = update;
        }

        private void settled(@Nullable Receipt receipt, @Nullable Throwable failure) {
            if (receipt == null) {
                reply.completeExceptionally(failure == null ? new DeliveryStopped("left") : failure);
                return;
            }
            if (receipt.outcome().isDeadLetter()) {
                refusal = receipt.outcome().word() + ": " + receipt.reason();
            }
            reply.complete(new Reply(
                    update.ticket(), receipt.outcome().word(), receipt.status(), receipt.attempts(), receipt.errors()));
        }

        CompletableFuture<Reply> reply() {
            return reply;
        }

        /** Outcome and reason, if it was refused just now; else empty. */
        String refusal() {
            return refusal;
        }
    }

    /** A message with its updates; a second one under the same ID shares those of the first. */
    record Entry(QueueMessage message, List<Part> parts) {}

    private final Delivery delivery;
    private final List<Entry> entries;
    private final List<Part> updates;
    private final BooleanSupplier givenUp;
    private volatile boolean abandoned;
    private boolean interrupted;

    /** @param givenUp asked before each attempt: whether its source has given it up, as by {@link #abandon} */
    QueueBatch(Delivery delivery, List<Entry> entries, List<Part> updates, BooleanSupplier givenUp) {
        this.delivery = delivery;
        this.entries = entries;
        this.updates = updates;
        this.givenUp = givenUp;
    }

    /** What is still to be sent, in order. */
    public List<Part> getUpdates() {
        return updates;
    }

    List<Entry> entries() {
        return entries;
    }

    /** Has no more of it sent: the broker will give it to somebody else. What is in flight is still settled. */
    public void abandon() {
        abandoned = true;
    }

    private boolean isAbandoned() {
        return abandoned || givenUp.getAsBoolean();
    }

    /**
     * Hands one over; blocks while the window is full.
     *
     * @throws DeliveryStopped if no more should follow
     */
    void deliver(Part part) throws InterruptedException {
        if (isAbandoned()) {
            throw new DeliveryStopped("the messages were given up");
        }
        CompletableFuture<Receipt> outcome = delivery.deliver(part.importId, part.update, this::isAbandoned);
        part.handedOver = true;
        var unused = outcome.whenComplete(part::settled);
    }

    /** Notes that no more are handed over. */
    void interrupt(Throwable cause) {
        delivery.stopIfBroken(cause);
        interrupted = true;
        for (Part part : updates) {
            if (!part.handedOver) {
                part.reply.completeExceptionally(cause);
            }
        }
    }

    /** Whether some of it was not handed over. */
    boolean isInterrupted() {
        return interrupted;
    }

    /**
     * Waits until each update has its outcome; once delivery has stopped, only for a few seconds.
     *
     * @throws DeliveryStopped if not each has one, so that nothing of it may be acknowledged
     */
    void awaitOutcomes() throws InterruptedException {
        CompletableFuture<?>[] replies = entries.stream()
                .flatMap(entry -> entry.parts().stream())
                .map(Part::reply)
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> all = CompletableFuture.allOf(replies);
        long giveUp = 0;
        while (true) {
            try {
                all.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (ExecutionException e) {
                DeliveryStopped stopped = new DeliveryStopped(String.valueOf(
                        e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
                stopped.initCause(e);
                throw stopped;
            } catch (TimeoutException notYet) {
                if (!delivery.isStopped() && !abandoned) {
                    continue;
                }
                giveUp = giveUp == 0 ? System.nanoTime() + PATIENCE.toNanos() : giveUp;
                if (System.nanoTime() > giveUp) {
                    throw new DeliveryStopped("stopped before each update of the messages had its outcome");
                }
            }
        }
    }
}
