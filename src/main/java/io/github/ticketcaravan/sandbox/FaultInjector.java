package io.github.ticketcaravan.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Draws what happens to each request. One draw at a time, in the order of arrival. */
final class FaultInjector {

    /** What happens to one request: how long its answer takes, and what goes wrong, if anything. */
    record Draw(Duration latency, @Nullable Fault fault, boolean overTheLimit) {}

    private final Faults faults;
    private final Clock clock;
    private final Random random;
    private double allowance;
    private long refilledAt;

    FaultInjector(Faults faults, Clock clock) {
        this.faults = faults;
        this.clock = clock;
        this.random = new Random(faults.seed());
        this.allowance = burst();
        this.refilledAt = clock.millis();
    }

    Faults faults() {
        return faults;
    }

    synchronized Draw draw() {
        double chance = random.nextDouble() * 100;
        Duration latency = faults.latency()
                .plusNanos((long) (random.nextDouble() * faults.latencyJitter().toNanos()));
        return new Draw(latency, fault(chance), !admits());
    }

    private @Nullable Fault fault(double chance) {
        double upTo = 0;
        for (Fault fault : faults.fail()) {
            upTo += fault.percent().doubleValue();
            if (chance < upTo) {
                return fault;
            }
        }
        return null;
    }

    /** A token bucket that holds one second's worth. */
    private boolean admits() {
        if (faults.rateLimit() == 0) {
            return true;
        }
        long now = clock.millis();
        allowance = Math.min(burst(), allowance + (now - refilledAt) / 1000.0 * faults.rateLimit());
        refilledAt = now;
        if (allowance < 1) {
            return false;
        }
        allowance--;
        return true;
    }

    private double burst() {
        return Math.max(1, faults.rateLimit());
    }
}
