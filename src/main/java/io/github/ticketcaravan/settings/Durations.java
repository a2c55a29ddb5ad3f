package io.github.ticketcaravan.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations as settings write them: a whole number and one of the units {@code ms}, {@code s}, {@code m}, {@code h}, {@code d}. */
public final class Durations {

    private Durations() {}

    /** Null where the value is not of that form. */
    static @Nullable Duration parse(String value) {
        int unit = 0;
        while (unit < value.length() && value.charAt(unit) >= '0' && value.charAt(unit) <= '9') {
            unit++;
        }
        if (unit == 0 || unit > 12) {
            return null;
        }
        long amount = Long.parseLong(value.substring(0, unit));
        return switch (value.substring(unit).strip()) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> null;
        };
    }

    /** In the largest unit that needs no fraction. */
    public static String written(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds % 60 != 0 || seconds == 0) {
            return seconds + "s";
        }
        if (duration.toMinutes() % 60 != 0) {
            return duration.toMinutes() + "m";
        }
        return duration.toHours() % 24 != 0 ? duration.toHours() + "h" : duration.toDays() + "d";
    }
}
