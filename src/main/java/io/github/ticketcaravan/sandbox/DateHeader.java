package io.github.ticketcaravan.sandbox;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The header {@code Date}, written once a second. */
final class DateHeader {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private record Second(long second, String text) {
        static Second of(long second) {
            return new Second(second, FORMAT.format(Instant.ofEpochSecond(second)));
        }
    }

    private final Clock clock;
    private volatile Second latest = Second.of(0);

    DateHeader(Clock clock) {
        this.clock = clock;
    }

    /** {@code Mon, 23 Nov 2026 12:00:00 GMT}. */
    String now() {
        long now = Math.floorDiv(clock.millis(), 1000);
        Second second = latest;
        if (second.second() != now) {
            second = Second.of(now);
            latest = second;
        }
        return second.text();
    }
}
