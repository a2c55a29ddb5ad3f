package io.github.ticketcaravan.sandbox;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bad days that a sandbox plays.
 *
 * @param fail what fails, and how often; together at most 100 per cent
 * @param latency how long every answer of the API takes at least; at most a minute
 * @param latencyJitter how much longer it takes at most, drawn evenly
 * @param rateLimit requests a second, past which the answer is 429 with {@code Retry-After: 1}; 0 is no limit
 * @param seed of the draws: the same seed and the same order of requests give the same faults
 */
public record Faults(List<Fault> fail, Duration latency, Duration latencyJitter, double rateLimit, long seed) {

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    public Faults {
        fail = List.copyOf(fail);
        BigDecimal sum = fail.stream().map(Fault::percent).reduce(BigDecimal.ZERO, BigDecimal::add);
        if (sum.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new IllegalArgumentException(
                    "the faults add up to " + sum.toPlainString() + "%: at most 100% of the requests can fail");
        }
        for (Duration duration : List.of(latency, latencyJitter)) {
            if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "a latency of " + duration.toMillis() + "ms is out of range: give from 0ms to 60s");
            }
        }
        if (!(rateLimit >= 0 && rateLimit <= 1_000_000)) {
            throw new IllegalArgumentException(
                    "a rate limit of " + rateLimit + " is out of range: give requests a second, or 0 for no limit");
        }
    }

    /** Nothing fails, and nothing is delayed. */
    public static Faults none() {
        return new Faults(List.of(), Duration.ZERO, Duration.ZERO, 0, 1);
    }

    /** Reads {@code 500ms}, {@code 30s}, {@code 5m} or {@code 2h}; throws {@link IllegalArgumentException} otherwise. */
    public static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + Refusal.excerpt(text) + "' is no duration: write for example 50ms, 2s or 1m");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }
}
