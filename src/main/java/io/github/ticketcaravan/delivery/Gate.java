package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.settings.DeliverySettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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

    static final Duration HALT_PROBE = Duration.ofMinutes(1);

    static final int OUTAGE_STREAK = 5;

    /** By so much a timer may be late; the slots that follow stay where they were. */
    private static final long TIMER_GRAIN = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long PROBE_IS_OUT = TimeUnit.MINUTES.toNanos(1);

    private final DeliverySettings settings;
    private final Duration haltProbe;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Consumer<String> announce;
    private final long began;
    private final long slot;

    // Points in time are nanoseconds since "began": a clock that is set changes nothing.
    private boolean stopped;
    private long nextSlot;
    private long pausedUntil;
    private int streak;
    private long streakBegan;
    private final Set<String> streakTickets = new HashSet<>();
    private volatile @Nullable Instant closedSince;
    private long closedAt;
    private boolean halted;
    private boolean announced;
    private boolean inquiryAnswered;
    private boolean inquiryWaits;
    private @Nullable Dispatch probe;
    private long nextProbe;
    private Duration probeDelay = Duration.ZERO;
    private volatile long conclusive;

    /**
     * @param haltProbe between two probes of an endpoint that refuses everyone
     * @param nanoTime as {@link System#nanoTime}
     * @param announce told after the state has changed; must not block
     */
    Gate(DeliverySettings settings, Duration haltProbe, Clock clock, LongSupplier nanoTime, Consumer<String> announce) {
        this.settings = settings;
        this.haltProbe = haltProbe;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.announce = announce;
        this.began = nanoTime.getAsLong();
        this.slot = settings.rate() == 0 ? 0 : (long) Math.min(1e9 / settings.rate(), 1e18);
    }

    /** Blocks until the update may be sent; false if delivery has stopped meanwhile, or its source holds it. */
    synchronized boolean enter(Dispatch dispatch) throws InterruptedException {
        try {
            while (!stopped && !dispatch.isHeld()) {
                long nanos = untilTurn(dispatch);
                if (nanos == 0) {
                    return true;
                }
                TimeUnit.NANOSECONDS.timedWait(this, nanos);
            }
            return false;
        } finally {
            inquiryWaits &= !dispatch.isInquiry();
        }
    }

    /** How many nanoseconds it is until the update may be sent, or until that is to be asked again; 0: it is sent. */
    synchronized long untilTurn(Dispatch dispatch) {
        long now = now();
        boolean closed = isClosed();
        inquiryWaits |= dispatch.isInquiry();
        // An inquiry goes first: it tells more than another attempt, and who wakes first is left to chance.
        if (closed && (probe != null || (inquiryWaits && !dispatch.isInquiry()))) {
            return PROBE_IS_OUT;
        }
        long turn = Math.max(Math.max(nextSlot, pausedUntil), closed ? nextProbe : 0);
        if (turn > now) {
            return turn - now;
        }
        probe = closed ? dispatch : null;
        if (slot > 0) {
            nextSlot = (now - nextSlot < TIMER_GRAIN ? nextSlot : now) + slot;
        }
        return 0;
    }

    private long now() {
        return nanoTime.getAsLong() - began;
    }

    /** How many answers so far have settled an update. */
    long conclusive() {
        return conclusive;
    }

    /** Whether the endpoint is held to be down for everyone, or to refuse everyone. */
    boolean isClosed() {
        return closedSince != null;
    }

    /** An update was settled by the endpoint, or an inquiry answered. */
    synchronized void settled(Dispatch dispatch) {
        conclusive++;
        streak = 0;
        streakTickets.clear();
        inquiryAnswered = dispatch.isInquiry();
        endProbe(dispatch);
        if (isClosed()) {
            boolean told = announced;
            String sentence = "The help desk answers again, after " + written(closedFor()) + "; delivery goes on";
            closedSince = null;
            halted = false;
            announced = false;
            notifyAll();
            if (told) {
                announce.accept(sentence);
            }
        }
    }

    /**
     * An answer that settles nothing.
     *
     * @param tickets different ones that wait for an outcome, this one included
     * @param pause what it asked everybody to wait; null where it did not
     * @return for how long the endpoint has now been down for everyone; null where it is not
     */
    synchronized @Nullable Duration unsettled(Dispatch dispatch, Answer answer, int tickets, @Nullable Duration pause) {
        long now = now();
        boolean probed = endProbe(dispatch);
        inquiryAnswered &= !dispatch.isInquiry();
        if (pause != null) {
            pausedUntil = Math.max(pausedUntil, now + pause.toNanos());
        }
        if (streak == 0) {
            streakBegan = now;
        }
        streak++;
        if (streakTickets.size() < OUTAGE_STREAK) {
            streakTickets.add(dispatch.order());
        }
        if (!isClosed()) {
            if (!isOutage(answer, tickets)) {
                return null;
            }
            close(streakBegan);
            probeDelay = settings.retryDelay();
        } else if (!probed) {
            // It was sent before the gate closed, so it tells nothing new.
            return closedFor();
        } else if (halted) {
            halted = false;
            probeDelay = settings.retryDelay();
        } else {
            Duration doubled = probeDelay.multipliedBy(2);
            probeDelay = doubled.compareTo(settings.retryMaxDelay()) < 0 ? doubled : settings.retryMaxDelay();
        }
        nextProbe = Math.max(now + probeDelay.toNanos(), pausedUntil);
        notifyAll();
        if (!inquiryAnswered) {
            announced = true;
            announce.accept("The help desk is unavailable since " + closedSince + " (" + answer.described()
                    + "); next try in " + written(Duration.ofNanos(nextProbe - now)));
        }
        return closedFor();
    }

    private boolean isOutage(Answer answer, int tickets) {
        int different = streakTickets.size();
        // When an inquiry was answered, the next is due as soon as each ticket has had its attempt.
        int enough = inquiryAnswered ? Math.min(tickets, OUTAGE_STREAK) : OUTAGE_STREAK;
        // Where nothing can be reached, no ticket is to blame, however few there are.
        return streak >= enough
                && (answer.isUnreachable() || different >= OUTAGE_STREAK || (tickets > 1 && different >= tickets));
    }

    /** Everybody is refused; a probe now and then finds out whether that was mended. */
    synchronized void halt(Dispatch dispatch, String reason) {
        boolean probed = endProbe(dispatch);
        if (halted && !probed) {
            return;
        }
        if (!isClosed()) {
            close(now());
        }
        boolean isNew = !halted;
        halted = true;
        announced |= isNew;
        nextProbe = now() + haltProbe.toNanos();
        notifyAll();
        if (isNew) {
            announce.accept(reason + ". Delivery waits and tries again every " + written(haltProbe));
        }
    }

    private void close(long at) {
        closedAt = at;
        closedSince = clock.instant().minusNanos(now() - at).truncatedTo(ChronoUnit.SECONDS);
    }

    private Duration closedFor() {
        return Duration.ofNanos(now() - closedAt);
    }

    private boolean endProbe(Dispatch dispatch) {
        boolean probed = probe == dispatch;
        if (probed) {
            probe = null;
        }
        return probed;
    }

    /** Has everybody who waits here look again whether its source holds it. */
    synchronized void wake() {
        notifyAll();
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
