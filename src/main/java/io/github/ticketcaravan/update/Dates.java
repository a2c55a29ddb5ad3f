package io.github.ticketcaravan.update;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates as people write them and gives them the one form that means the same everywhere: ISO 8601 with an
 * offset, {@code 2026-11-23T19:50:00+01:00}.
 *
 * <p>A time without offset is in the zone given here; one that the clock shows twice is taken as the first of the
 * two, with a warning; one that the clock skips is a problem. A date without time is the beginning of that day in
 * the zone. Text with an English time word ({@code 2 days from now}) is passed on as it is: the help desk
 * reads it. Slash dates are a problem, since 01/02 is January here and February there.
 */
final class Dates {

    private static final String EXPECTED = "expected ISO 8601 (2026-11-23T19:50:00+01:00), yyyy-mm-dd hh:mm, "
            + "yyyy-mm-dd, or English (2 days from now)";

    private static final int LONGEST = 100;

    /** "+00:00" rather than "Z": the specification's own example has it. */
    private static final DateTimeFormatter SENT = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendOffset("+HH:MM:ss", "+00:00")
            .toFormatter(Locale.ROOT);

    private static final Set<String> TIME_WORDS =
            Set.of(("now today tonight tomorrow yesterday noon midday midnight morning afternoon evening "
                            + "second seconds sec secs minute minutes min mins hour hours hr hrs day days "
                            + "week weeks weekend fortnight fortnights month months year years "
                            + "monday tuesday wednesday thursday friday saturday sunday "
                            + "mon tue tues wed thu thur thurs fri sat sun "
                            + "january february march april may june july august september october november december "
                            + "jan feb mar apr jun jul aug sep sept oct nov dec")
                    .split(" "));

    private final ZoneId zone;

    Dates(ZoneId zone) {
        this.zone = zone;
    }

    /** The value as it is sent; empty stays empty; with a problem, as it was given. */
    String normalise(String field, String value, List<Problem> problems, List<Problem> warnings) {
        if (value.isEmpty()) {
            return value;
        }
        if (beginsLikeIsoDate(value)) {
            return iso(field, value, problems, warnings);
        }
        if (hasSlashDate(value)) {
            problems.add(new Problem(
                    field, Problem.quote(value) + " can be read with the day or with the month first: " + EXPECTED));
        } else if (value.length() > LONGEST || !hasTimeWord(value)) {
            problems.add(new Problem(field, Problem.quote(value) + " is no date: " + EXPECTED));
        }
        return value;
    }

    /** Whether it is neither empty nor a date of digits. */
    static boolean isEnglish(String value) {
        return !value.isEmpty() && !beginsLikeIsoDate(value) && !hasSlashDate(value) && hasTimeWord(value);
    }

    private String iso(String field, String value, List<Problem> problems, List<Problem> warnings) {
        Written written = Written.parse(value);
        if (written == null) {
            problems.add(new Problem(field, Problem.quote(value) + " is no date: " + EXPECTED));
            return value;
        }
        if (written.time == null) {
            return SENT.format(written.date.atStartOfDay(zone));
        }
        LocalDateTime local = written.date.atTime(written.time);
        if (written.offset != null) {
            return SENT.format(OffsetDateTime.of(local, written.offset));
        }
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.isEmpty()) {
            ZoneOffsetTransition gap = zone.getRules().getTransition(local);
            problems.add(new Problem(
                    field,
                    Problem.quote(value) + " does not exist in " + zone + ", where the clock goes from "
                            + gap.getDateTimeBefore().toLocalTime() + " to "
                            + gap.getDateTimeAfter().toLocalTime()
                            + " that day: expected another time, or one with its offset"));
            return value;
        }
        String sent = SENT.format(OffsetDateTime.of(local, offsets.get(0)));
        if (offsets.size() > 1) {
            warnings.add(new Problem(
                    field,
                    Problem.quote(value) + " comes twice in " + zone + ", where the clock is put back that day: taken "
                            + "as the first, " + sent));
        }
        return sent;
    }

    private static boolean beginsLikeIsoDate(String value) {
        return value.length() > 4
                && isDigit(value.charAt(0))
                && isDigit(value.charAt(1))
                && isDigit(value.charAt(2))
                && isDigit(value.charAt(3))
                && value.charAt(4) == '-';
    }

    private static boolean hasSlashDate(String value) {
        for (int i = 1; i < value.length() - 1; i++) {
            if (value.charAt(i) == '/' && isDigit(value.charAt(i - 1)) && isDigit(value.charAt(i + 1))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasTimeWord(String value) {
        int begin = -1;
        for (int i = 0; i <= value.length(); i++) {
            boolean letter = i < value.length() && Character.isLetter(value.charAt(i));
            if (letter && begin < 0) {
                begin = i;
            } else if (!letter && begin >= 0) {
                if (TIME_WORDS.contains(value.substring(begin, i).toLowerCase(Locale.ROOT))) {
                    return true;
                }
                begin = -1;
            }
        }
        return false;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** A date as it was written: {@code yyyy-mm-dd[(T| )hh:mm[:ss[.fraction]][ ][Z|UTC|GMT|+hh[[:]mm]]]}. */
    private record Written(
            LocalDate date,
            @Nullable LocalTime time,
            @Nullable ZoneOffset offset) {

        static @Nullable Written parse(String value) {
            if (value.length() > LONGEST || value.length() < 10) {
                return null;
            }
            try {
                LocalDate date = LocalDate.parse(value.substring(0, 10));
                if (value.length() == 10) {
                    return new Written(date, null, null);
                }
                char separator = value.charAt(10);
                if (separator != 'T' && separator != 't' && separator != ' ') {
                    return null;
                }
                int end = 11;
                while (end < value.length() && isPartOfTime(value.charAt(end))) {
                    end++;
                }
                LocalTime time = LocalTime.parse(value.substring(11, end).replace(',', '.'));
                String offset = value.substring(end).strip();
                return new Written(date, time, offset.isEmpty() ? null : offset(offset));
            } catch (DateTimeException e) {
                return null;
            }
        }

        private static boolean isPartOfTime(char c) {
            return isDigit(c) || c == ':' || c == '.' || c == ',';
        }

        private static ZoneOffset offset(String written) {
            return switch (written) {
                case "Z", "z", "UTC", "GMT" -> ZoneOffset.UTC;
                default -> ZoneOffset.of(written);
            };
        }
    }
}
