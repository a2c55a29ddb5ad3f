package io.github.ticketcaravan.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The keys {@code caravan.delivery.*}: how updates are sent.
 *
 * @param concurrency requests at once, never two of one ticket
 * @param rate requests a second at most, all sources and retries together; 0: as many as there can be
 * @param window updates read ahead at most, all sources together; past it a source waits
 * @param retryAttempts attempts of one update before it is given up as failed
 * @param retryDelay the delay before the first retry; it doubles with each
 * @param retryMaxDelay what it doubles up to
 * @param retryAfterMax the longest {@code Retry-After} of the endpoint that is honoured
 * @param outageGiveUp how long an import waits for an endpoint that is down for everyone
 * @param brake refused rows, in percent of those settled, above which an import is held; 0: never
 */
public record DeliverySettings(
        int concurrency,
        double rate,
        int window,
        int retryAttempts,
        Duration retryDelay,
        Duration retryMaxDelay,
        Duration retryAfterMax,
        Duration outageGiveUp,
        int brake) {

    static DeliverySettings of(Values values) {
        DeliverySettings settings = new DeliverySettings(
                values.whole("caravan.delivery.concurrency", 4, 1, 1_000),
                values.number("caravan.delivery.rate", 0, 0),
                values.whole("caravan.delivery.window", 2_000, 1, 1_000_000),
                values.whole("caravan.delivery.retry.attempts", 6, 1, 1_000),
                values.duration("caravan.delivery.retry.delay", Duration.ofMillis(500), Duration.ofMillis(1)),
                values.duration("caravan.delivery.retry.max-delay", Duration.ofSeconds(60), Duration.ofMillis(1)),
                values.duration("caravan.delivery.retry-after.max", Duration.ofMinutes(5), Duration.ZERO),
                values.duration("caravan.delivery.outage.give-up", Duration.ofMinutes(15), Duration.ofMillis(1)),
                values.parse(
                        "caravan.delivery.brake",
                        50,
                        "a percentage from 0% (off) to 99%, such as 50%",
                        DeliverySettings::percentage));
        if (settings.retryMaxDelay.compareTo(settings.retryDelay) < 0) {
            throw new SettingsException("caravan.delivery.retry.max-delay=" + settings.retryMaxDelay.toMillis()
                    + "ms is less than caravan.delivery.retry.delay=" + settings.retryDelay.toMillis()
                    + "ms: expected at least as much");
        }
        return settings;
    }

    private static @Nullable Integer percentage(String value) {
        int number = Integer.parseInt(
                value.endsWith("%") ? value.substring(0, value.length() - 1).strip() : value);
        return number < 0 || number > 99 ? null : (Integer) number;
    }
}
