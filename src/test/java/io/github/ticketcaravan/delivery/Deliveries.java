package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.settings.DeliverySettings;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What delivery is made of and what it is given. */
final class Deliveries {

    private Deliveries() {}

    static TicketUpdate update(String ticket, long position) {
        return new TicketUpdate(
                new Origin(Source.CSV, "a.csv", position),
                ticket,
                Map.of("subject", "row " + position),
                "",
                List.of(),
                List.of(),
                null);
    }

    static TicketUpdate invalid(String ticket, long position) {
        return new TicketUpdate(
                new Origin(Source.CSV, "a.csv", position),
                ticket,
                Map.of(),
                "",
                List.of(new Problem("base", "nothing to change")),
                List.of(),
                null);
    }

    static Dispatch dispatch(String ticket, long position) {
        return new Dispatch(1, update(ticket, position), () -> false, Clock.systemUTC(), 0);
    }

    /** Quick ones: retries within 2 ms, outage probes within 4 ms. */
    static SettingsBuilder settings() {
        return new SettingsBuilder();
    }

    static final class SettingsBuilder {

        private int concurrency = 4;
        private double rate;
        private int window = 100;
        private int attempts = 6;
        private Duration retryDelay = Duration.ofMillis(2);
        private Duration retryMaxDelay = Duration.ofMillis(4);
        private Duration retryAfterMax = Duration.ofMinutes(5);
        private Duration giveUp = Duration.ofMinutes(15);

        SettingsBuilder concurrency(int requests) {
            concurrency = requests;
            return this;
        }

        SettingsBuilder rate(double perSecond) {
            rate = perSecond;
            return this;
        }

        SettingsBuilder window(int updates) {
            window = updates;
            return this;
        }

        SettingsBuilder attempts(int most) {
            attempts = most;
            return this;
        }

        SettingsBuilder retry(Duration delay, Duration maxDelay) {
            retryDelay = delay;
            retryMaxDelay = maxDelay;
            return this;
        }

        SettingsBuilder retryAfterMax(Duration longest) {
            retryAfterMax = longest;
            return this;
        }

        SettingsBuilder giveUp(Duration after) {
            giveUp = after;
            return this;
        }

        DeliverySettings build() {
            return new DeliverySettings(
                    concurrency, rate, window, attempts, retryDelay, retryMaxDelay, retryAfterMax, giveUp, 0);
        }
    }
}
