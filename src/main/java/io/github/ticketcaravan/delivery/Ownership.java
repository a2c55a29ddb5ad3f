package io.github.ticketcaravan.delivery;

import java.time.Duration;

/**
 * Whether a source still has what it took, or another machine may have it by now: a Kafka partition, a mailbox, an import.
 *
 * <p>A lease: it ends so long after it was last confirmed, which is sooner than another machine could be given the same
 * thing; or at once, with {@link #end}. It never begins again. It counts by two clocks, since one or the other stands
 * still while a machine sleeps. Safe for several threads.
 */
public final class Ownership {

    private volatile long until = System.nanoTime();
    private volatile long untilMillis = System.currentTimeMillis();
    private volatile boolean endless;
    private volatile boolean over;

    /** Of what no other process can have. */
    public static Ownership endless() {
        Ownership ownership = new Ownership();
        ownership.endless = true;
        return ownership;
    }

    /**
     * Notes a confirmation.
     *
     * @param nanoTime when the confirmation was asked for, as {@link System#nanoTime}
     * @param millis the same moment, as {@link System#currentTimeMillis}
     */
    public void confirmed(long nanoTime, long millis, Duration lease) {
        until = nanoTime + lease.toNanos();
        untilMillis = millis + lease.toMillis();
    }

    public void end() {
        over = true;
    }

    public boolean isOver() {
        if (!over && !endless && (System.nanoTime() - until > 0 || System.currentTimeMillis() > untilMillis)) {
            over = true;
        }
        return over;
    }

    /** Whether at least so much of it is left. */
    public boolean lasts(Duration time) {
        return !over
                && System.nanoTime() + time.toNanos() - until < 0
                && System.currentTimeMillis() + time.toMillis() < untilMillis;
    }
}
