package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.settings.DeliverySettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.apache.hc.client5.http.utils.DateUtils;
import org.jspecify.annotations.Nullable;

/**
 * Whether an update is tried again, and when.
 *
 * <p>Exponential backoff with full jitter: the delay is anywhere between nothing and {@code retry.delay}, which
 * doubles with each attempt up to {@code retry.max-delay}. A {@code Retry-After} (RFC 9110, section 10.2.3; seconds
 * or a date to come) is waited for instead, up to {@code retry-after.max}. Safe for several threads.
 */
public final class Retry {

    private final DeliverySettings settings;
    private final Clock clock;
    private final RandomGenerator random;

    public Retry(DeliverySettings settings, Clock clock, RandomGenerator random) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
    }

    boolean again(Dispatch dispatch) {
        return dispatch.verdict() == Verdict.TRANSIENT && dispatch.countedAttempts() < settings.retryAttempts();
    }

    /** The delay before the next attempt, at least a millisecond. */
    Duration delay(Dispatch dispatch) {
        Answer answer = dispatch.answer();
        Duration asked = answer == null ? null : retryAfter(answer);
        Duration delay = asked == null ? backoff(Math.max(1, dispatch.attempts())) : asked;
        return delay.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : delay;
    }

    private Duration backoff(int attempts) {
        int doublings = Math.min(attempts - 1, 30);
        Duration longest = min(settings.retryDelay().multipliedBy(1L << doublings), settings.retryMaxDelay());
        return Duration.ofMillis(random.nextLong(longest.toMillis() + 1));
    }

    /** What the answer asks to be waited, within bounds; null where it does not ask. */
    @Nullable
    Duration retryAfter(Answer answer) {
        Duration asked = parse(answer.retryAfter());
        if (asked == null) {
            return null;
        }
        Duration bounded = min(asked, settings.retryAfterMax());
        return bounded.isNegative() || bounded.isZero() ? null : bounded;
    }

    private @Nullable Duration parse(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return null;
        }
        String value = header.strip();
        if (value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return value.length() > 9 ? settings.retryAfterMax() : Duration.ofSeconds(Long.parseLong(value));
        }
        Instant date = DateUtils.parseStandardDate(value);
        return date == null ? null : Duration.between(clock.instant(), date);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
