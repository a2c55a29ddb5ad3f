package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.delivery.Ownership;
import io.github.ticketcaravan.delivery.Receipt;
import io.github.ticketcaravan.update.TicketUpdate;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The updates of one import or replay that are with delivery: how many are settled, and whether more should follow.
 *
 * <p>It brakes: when more than so many percent of at least a hundred settled updates were refused, no more of it is
 * sent. One thread hands over; outcomes come in on others; counts may be asked from any.
 */
final class Batch {

    private static final long LEAST_TO_BRAKE = 100;

    /** For requests in flight when delivery stops; who stops it is promised an end within ten seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long POLL_MILLIS = 200;

    private final Delivery delivery;
    private final long importId;
    private final int brakePercent;
    private final Ownership ownership;
    private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    private long inFlight;
    private long unrecorded;
    private long settled;
    private long refused;
    private volatile boolean braked;
    private @Nullable String stopped;

    /**
     * @param before what was settled in an earlier run of the same import
     * @param ownership asked before each request: whether this process still has what the updates are from
     */
    Batch(Delivery delivery, long importId, int brakePercent, Map<Outcome, Long> before, Ownership ownership) {
        this.delivery = delivery;
        this.importId = importId;
        this.brakePercent = brakePercent;
        this.ownership = ownership;
        before.forEach((outcome, number) -> {
            counts.put(outcome, number);
            settled += number;
            refused += outcome.isDeadLetter() ? number : 0;
        });
    }

    /** Hands one over; blocks while the window is full. False if no more should follow. */
    boolean deliver(TicketUpdate update) throws InterruptedException {
        return deliver(update, () -> false);
    }

    /** @param withdrawn asked before each attempt: whether this one should be left as it is */
    boolean deliver(TicketUpdate update, BooleanSupplier withdrawn) throws InterruptedException {
        if (isHeld()) {
            return false;
        }
        CompletableFuture<Receipt> outcome =
                delivery.deliver(importId, update, () -> isHeld() || withdrawn.getAsBoolean());
        synchronized (this) {
            inFlight++;
        }
        var unused = outcome.whenComplete(this::settled);
        return true;
    }

    private void settled(@Nullable Receipt receipt, @Nullable Throwable failure) {
        boolean brakes;
        synchronized (this) {
            boolean before = braked;
            if (receipt != null) {
                settled++;
                counts.merge(receipt.outcome(), 1L, Long::sum);
                refused += receipt.outcome().isDeadLetter() ? 1 : 0;
                brake();
            } else if (failure != null) {
                unrecorded += failure instanceof DeliveryStopped ? 0 : 1;
                interrupt(failure);
            }
            inFlight--;
            brakes = braked && !before;
            notifyAll();
        }
        if (brakes) {
            // Not under our lock, since delivery asks us under its own whether we are held.
            delivery.leaveHeld();
        }
    }

    private void brake() {
        boolean tooMany = brakePercent > 0 && settled >= LEAST_TO_BRAKE && refused * 100 > settled * brakePercent;
        if (tooMany && !braked) {
            braked = true;
            if (stopped == null) {
                stopped = refused + " of the first " + settled + " rows were refused, more than"
                        + " caravan.delivery.brake=" + brakePercent + "%, so the rest is held: look at the reasons,"
                        + " and go on with --no-brake if the file is right";
            }
        }
    }

    private boolean isHeld() {
        return braked || ownership.isOver();
    }

    boolean isBraked() {
        return braked;
    }

    /** Notes why it ends early; the first reason stands. */
    synchronized void interrupt(Throwable failure) {
        delivery.stopIfBroken(failure);
        if (stopped == null) {
            if (ownership.isOver()) {
                stopped =
                        "Another process may have taken it over: the ledger has not confirmed lately that it is this one's";
            } else {
                stopped = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            }
        }
    }

    /** Waits until each is settled or left; once delivery has stopped, only for a few seconds. */
    void awaitOutcomes() throws InterruptedException {
        awaitOutcomes(() -> {});
    }

    /** @param meanwhile called again and again until then */
    void awaitOutcomes(Runnable meanwhile) throws InterruptedException {
        long stoppedAt = 0;
        while (isInFlight()) {
            if (delivery.isStopped()) {
                stoppedAt = stoppedAt == 0 ? System.nanoTime() : stoppedAt;
                if (System.nanoTime() - stoppedAt > PATIENCE.toNanos()) {
                    return;
                }
            }
            meanwhile.run();
        }
    }

    /** Waits a moment where something is. */
    private synchronized boolean isInFlight() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS);
        while (inFlight > 0 && System.nanoTime() - end < 0) {
            wait(POLL_MILLIS);
        }
        return inFlight > 0;
    }

    /** Why it ends before its last update; null where it does not. */
    synchronized @Nullable String stopped() {
        return stopped;
    }

    synchronized long settled() {
        return settled;
    }

    /** How many have which outcome in the ledger, as far as this process knows. */
    synchronized Map<Outcome, Long> counts() {
        return new EnumMap<>(counts);
    }

    /** How many may have been sent, but could not be recorded or are still in flight. */
    synchronized long unrecorded() {
        return unrecorded + inFlight;
    }
}
