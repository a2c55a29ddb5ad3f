package io.github.ticketcaravan.settings;

import java.time.Duration;

/**
 * The keys {@code caravan.delivery.*}: how updates are sent.
 *
 * @param concurrency requests at once, never two of one ticket
 * @param window updates read ahead at most, all sources together; past it a source waits
 * @param retryAttempts attempts of one update before it is given up as failed
 * @param retryDelay the delay before the first retry; it doubles with each
 * @param retryMaxDelay what it doubles up to
 * @param retryAfterMax the longest {@code Retry-After} of the endpoint that is honoured
 */
public record DeliverySettings(
        int concurrency,
        int window,
        int retryAttempts,
        Duration retryDelay,
        Duration retryMaxDelay,
        Duration retryAfterMax) {

    static DeliverySettings of(Values values) {
        DeliverySettings settings = new DeliverySettings(
                values.whole("caravan.delivery.concurrency", 4, 1, 1_000),
                values.whole("caravan.delivery.window", 2_000, 1, 1_000_000),
                values.whole("caravan.delivery.retry.attempts", 6, 1, 1_000),
                values.duration("caravan.delivery.retry.delay", Duration.ofMillis(500), Duration.ofMillis(1)),
                values.duration("caravan.delivery.retry.max-delay", Duration.ofSeconds(60), Duration.ofMillis(1)),
                values.duration("caravan.delivery.retry-after.max", Duration.ofMinutes(5), Duration.ZERO));
        if (settings.retryMaxDelay.compareTo(settings.retryDelay) < 0) {
            throw new SettingsException("caravan.delivery.retry.max-delay=" + settings.retryMaxDelay.toMillis()
                    + "ms is less than caravan.delivery.retry.delay=" + settings.retryDelay.toMillis()
                    + "ms: expected at least as much");
        }
        return settings;
    }
}
