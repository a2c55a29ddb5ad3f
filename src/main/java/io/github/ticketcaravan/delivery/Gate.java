package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.settings.DeliverySettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the endpoint may be called now.
 *
 * <p>Open, it lets through at {@code caravan.delivery.rate}, each call in a slot of its own, and waits as long as a
 * 429 or 503 asked everybody to. It closes when the endpoint is down for everyone (five transient answers in a row,
 * on different tickets where there are as many) or refuses everyone (a halt); then one call at a time is let
 * through as a probe, and the first answer that settles an update opens it. Safe for several threads.
 */
final class Gate {

    private static final int OUTAGE_STREAK = 5;
    private static final Duration HALT_PROBE = Duration.ofMinutes(1);

    private final DeliverySettings settings;
    private final Clock clock;
    private final Consumer<String> announce;
    private final long slotNanos;

    private boolean stopped;
    private long nextSlot = System.nanoTime();
    private Instant pausedUntil = Instant.MIN;
    private int streak;
    private Instant streakSince = Instant.MIN;
    private final Set<String> streakTickets = new HashSet<>();
    private @Nullable Instant closedSince;
    private boolean halted;
    private @Nullable Dispatch probe;
    private Instant nextProbe = Instant.MIN;
    private Duration probeDelay = Duration.ZERO;
    private long conclusive;

    Gate(DeliverySettings settings, Clock clock, Consumer<String> announce) {
        this.settings = settings;
        this.clock = clock;
        this.announce = announce;
        this.slotNanos = settings.rate() == 0 ? 0 : (long) (1e9 / settings.rate());
    }

    /** Blocks until the update may be sent; false if delivery has stopped meanwhile. */
    synchronized boolean enter(Dispatch dispatch) throws InterruptedException {
        while (!stopped) {
            Instant now = clock.instant();
            if (closedSince != null) {
                if (probe == null && !now.isBefore(nextProbe)) {
                    probe = dispatch;
                    return true;
                }
                wait(probe == null ? millis(now, nextProbe) : HALT_PROBE.toMillis());
            } else if (now.isBefore(pausedUntil)) {
                wait(millis(now, pausedUntil));
            } else if (slotNanos == 0 || takeSlot()) {
                return true;
            }
        }
        return false;
    }

    /** Waits for the next slot; false if the gate is to be looked at again before it is used. */
    private boolean takeSlot() throws InterruptedException {
        long slot = Math.max(nextSlot, System.nanoTime());
        nextSlot = slot + slotNanos;
        for (long left = slot - System.nanoTime(); left > 0; left = slot - System.nanoTime()) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            if (stopped || closedSince != null) {
                return false;
            }
        }
        return true;
    }

    private static long millis(Instant from, Instant until) {
        return Math.max(1, Duration.between(from, until).toMillis());
    }

    /** How many answers so far have settled an update. */
    synchronized long conclusive() {
        return conclusive;
    }

    /** An update was settled by the endpoint. */
    synchronized void settled(Dispatch dispatch) {
        conclusive++;
        streak = 0;
        streakTickets.clear();
        endProbe(dispatch);
        if (closedSince != null) {
            announce.accept("The help desk answers again, after "
                    + written(Duration.between(closedSince, clock.instant())) + "; delivery goes on");
            closedSince = null;
            halted = false;
            notifyAll();
        }
    }

    /**
     * An answer that settles nothing.
     *
     * @param inside updates inside delivery, this one included
     * @param pause what it asked everybody to wait; null where it did not
     * @return for how long the endpoint has now been down for everyone; null where it is not
     */
    synchronized @Nullable Duration unsettled(Dispatch dispatch, Answer answer, int inside, @Nullable Duration pause) {
        Instant now = clock.instant();
        endProbe(dispatch);
        if (pause != null && now.plus(pause).isAfter(pausedUntil)) {
            pausedUntil = now.plus(pause);
        }
        if (streak == 0) {
            streakSince = now;
        }
        streak++;
        if (streakTickets.size() < OUTAGE_STREAK) {
            streakTickets.add(dispatch.update().ticket());
        }
        Instant since = closedSince;
        if (since == null) {
            // Where nothing can be reached, no ticket is to blame, however few there are.
            boolean everybody =
                    answer.isUnreachable() || (inside > 1 && streakTickets.size() >= Math.min(OUTAGE_STREAK, inside));
            if (streak < OUTAGE_STREAK || !everybody) {
                return null;
            }
            since = streakSince;
            closedSince = since;
            probeDelay = settings.retryDelay();
        } else if (halted) {
            halted = false;
            probeDelay = settings.retryDelay();
        } else {
            Duration doubled = probeDelay.multipliedBy(2);
            probeDelay = doubled.compareTo(settings.retryMaxDelay()) < 0 ? doubled : settings.retryMaxDelay();
        }
        Duration delay = pause != null && pause.compareTo(probeDelay) > 0 ? pause : probeDelay;
        nextProbe = now.plus(delay);
        announce.accept("The help desk is unavailable since " + since.truncatedTo(ChronoUnit.SECONDS) + " ("
                + answer.described() + "); next try in " + written(delay));
        notifyAll();
        return Duration.between(since, now);
    }

    /** Everybody is refused; one call a minute finds out whether that was mended. */
    synchronized void halt(Dispatch dispatch, String reason) {
        endProbe(dispatch);
        if (closedSince == null) {
            closedSince = clock.instant();
        }
        if (!halted) {
            announce.accept(reason + ". Delivery waits and tries again every " + written(HALT_PROBE));
        }
        halted = true;
        probeDelay = HALT_PROBE;
        nextProbe = clock.instant().plus(HALT_PROBE);
        notifyAll();
    }

    private void endProbe(Dispatch dispatch) {
        if (probe == dispatch) {
            probe = null;
        }
    }

    /** Lets everybody who waits here go, unsent. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    private static String written(Duration duration) {
        return duration.compareTo(Duration.ofSeconds(2)) < 0
                ? duration.toMillis() + " ms"
                : duration.toSeconds() + " s";
    }
}
