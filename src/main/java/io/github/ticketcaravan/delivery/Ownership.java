package io.github.ticketcaravan.delivery;

import java.time.Duration;

/**
 * Whether what was taken from a Kafka partition may still be sent, or another machine may have the partition by now.
 *
 * <p>A lease: it ends so long after the group has last confirmed that we belong to it, which is sooner than the group
 * could have given the partition to another; or at once, with {@link #end}. It never begins again. By both clocks, for
 * one or the other stands still while a machine sleeps. Safe for several threads.
 */
public final class Ownership {

    private volatile long until = System.nanoTime();
    private volatile long untilMillis = System.currentTimeMillis();
    private volatile boolean over;

    /** @param nanoTime when the confirmation was asked for */
    public void confirmed(long nanoTime, long millis, Duration lease) {
        until = nanoTime + lease.toNanos();
        untilMillis = millis + lease.toMillis();
    }

    public void end() {
        over = true;
    }

    public boolean isOver() {
        if (!over && (System.nanoTime() - until > 0 || System.currentTimeMillis() > untilMillis)) {
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
