package io.github.ticketcaravan.sandbox;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.natty.DateGroup;
import org.natty.Parser;

/**
 * Reads a date or time as the help desk takes it: ISO 8601 (calendar, week and ordinal dates, basic and extended,
 * with or without time and offset), {@code yyyy-mm-dd hh:mm}, what programs write ({@code 2026-12-01 10:30:05 UTC},
 * {@code Tue, 01 Dec 2026 10:30:05 GMT}), and relative English ({@code 2 days from now}).
 *
 * <p>A time without offset is in UTC, and a day without time is its midnight: the help desk's own reading is unknown.
 * Slash dates are refused, since nobody can tell whether the day or the month comes first, and so are zones that
 * several countries call the same.
 */
final class DateText {

    private static final int LONGEST = 100;
    private static final Pattern ISO =
            Pattern.compile("([0-9][0-9W-]+)(?:[Tt ]\\s*([0-9].*))?", Pattern.CASE_INSENSITIVE);
    private static final Pattern NUMERIC = Pattern.compile("[+-]?[0-9]+\\s*([-./:W].*)?", Pattern.DOTALL);
    private static final Pattern MONTH = Pattern.compile(
            "\\b(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern UTC = Pattern.compile("\\b(UTC|GMT)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern WEEKDAY =
            Pattern.compile("\\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\\b", Pattern.CASE_INSENSITIVE);

    /** {@code UTC}, {@code GMT+0100}, {@code +0000 (Coordinated Universal Time)}; an offset stands in the groups. */
    private static final Pattern ZONE = Pattern.compile(
            "(?<=[0-9])\\s*(?:(?:UTC|GMT|UT)([+-][0-9]{2}:?[0-9]{2})|(?:UTC|GMT|UT)\\b|([+-][0-9]{4}))(?:\\s*\\([^()]*\\))?",
            Pattern.CASE_INSENSITIVE);

    /** As HTTP, mail, {@code asctime}, Java and JavaScript write them, once the zone is an offset. */
    private static final List<DateTimeFormatter> PROGRAMS = List.of(
            english("[EEE, ]d MMM uuuu HH:mm[:ss]"),
            english("EEEE, dd-MMM-yy HH:mm:ss"),
            english("EEEE, dd-MMM-uuuu HH:mm:ss"),
            english("EEE MMM [ ]d HH:mm:ss[ XXX] uuuu"),
            english("EEE MMM d uuuu HH:mm:ss"));

    private static final List<DateTimeFormatter> DATES = List.of(
            strict("uuuu-MM-dd"),
            strict("uuuuMMdd"),
            strict("uuuu-DDD"),
            strict("uuuuDDD"),
            DateTimeFormatter.ISO_WEEK_DATE.withResolverStyle(ResolverStyle.STRICT));
    private static final Pattern BASIC_WEEK = Pattern.compile("([0-9]{4})W([0-9]{2})([1-7])");

    private static final DateTimeFormatter EXTENDED_TIME = time("HH[:mm][:ss]");
    private static final DateTimeFormatter BASIC_TIME = time("HHmm[ss]");

    private DateText() {}

    /** Null where the text is no date. */
    static @Nullable Instant read(String text, Instant now) {
        String trimmed = text.strip();
        if (trimmed.length() > LONGEST) {
            return null;
        }
        String zoned = withOffset(trimmed);
        Instant instant = iso(zoned);
        if (instant == null) {
            instant = program(zoned);
        }
        if (instant == null && !NUMERIC.matcher(trimmed).matches()) {
            instant = english(trimmed, now);
        }
        return instant == null || instant.atOffset(ZoneOffset.UTC).getYear() > 9999
                ? null
                : instant.truncatedTo(ChronoUnit.SECONDS);
    }

    private static String withOffset(String text) {
        return ZONE.matcher(text).replaceAll(zone -> {
            String offset = zone.group(1) == null ? zone.group(2) : zone.group(1);
            return offset == null
                    ? " +00:00"
                    : " " + offset.substring(0, 3) + ":" + offset.substring(offset.length() - 2);
        });
    }

    private static @Nullable Instant program(String text) {
        for (DateTimeFormatter format : PROGRAMS) {
            try {
                TemporalAccessor parsed = format.parse(text);
                ZoneOffset offset = parsed.query(TemporalQueries.offset());
                return LocalDateTime.from(parsed).toInstant(offset == null ? ZoneOffset.UTC : offset);
            } catch (DateTimeException e) {
                // Not of this form; perhaps of the next.
            }
        }
        return null;
    }

    private static @Nullable Instant iso(String text) {
        Matcher parts = ISO.matcher(text);
        LocalDate date = parts.matches() ? date(parts.group(1)) : null;
        if (date == null) {
            return null;
        }
        return parts.group(2) == null
                ? date.atStartOfDay().toInstant(ZoneOffset.UTC)
                : at(date, parts.group(2).replace(',', '.'));
    }

    private static @Nullable LocalDate date(String text) {
        Matcher week = BASIC_WEEK.matcher(text.toUpperCase(Locale.ROOT));
        String written = week.matches() ? week.replaceAll("$1-W$2-$3") : text;
        for (DateTimeFormatter format : DATES) {
            try {
                return LocalDate.parse(written, format);
            } catch (DateTimeException e) {
                // Not of this form; perhaps of the next.
            }
        }
        return null;
    }

    private static @Nullable Instant at(LocalDate date, String timeAndOffset) {
        for (DateTimeFormatter format : List.of(EXTENDED_TIME, BASIC_TIME)) {
            try {
                TemporalAccessor parsed = format.parse(timeAndOffset);
                ZoneOffset offset = parsed.query(TemporalQueries.offset());
                return date.plus(parsed.query(DateTimeFormatter.parsedExcessDays()))
                        .atTime(LocalTime.from(parsed))
                        .toInstant(offset == null ? ZoneOffset.UTC : offset);
            } catch (DateTimeException e) {
                // Not of this form; perhaps of the next.
            }
        }
        return null;
    }

    private static @Nullable Instant english(String text, Instant now) {
        try {
            List<DateGroup> groups = new Parser(TimeZone.getTimeZone("UTC")).parse(text, Date.from(now));
            // The library finds dates in prose: only a text that is a date throughout is one here.
            if (groups.size() != 1
                    || !groups.get(0).getText().equals(text)
                    || groups.get(0).isRecurring()
                    || groups.get(0).getDates().size() != 1) {
                return null;
            }
            Instant instant = groups.get(0).getDates().get(0).toInstant();
            if (inventsADay(text, instant) || isAnotherWeekday(text, instant) || hasAnAmbiguousZone(groups.get(0))) {
                return null;
            }
            return isDay(groups.get(0)) ? instant.truncatedTo(ChronoUnit.DAYS) : instant;
        } catch (RuntimeException e) {
            // It throws what it stumbles over: numbers that are too large, years that do not exist.
            return null;
        }
    }

    /** Whether a day is named without a time; a span from now ({@code 2 days from now}) has the time of now. */
    private static boolean isDay(DateGroup group) {
        return group.isTimeInferred()
                && !group.getParseLocations().containsKey("relative_date_span")
                && !group.getText().equalsIgnoreCase("now");
    }

    /** Whether a date and its weekday contradict each other; nobody can tell which of them is meant. */
    private static boolean isAnotherWeekday(String text, Instant instant) {
        Matcher weekday = WEEKDAY.matcher(text);
        String day = instant.atOffset(ZoneOffset.UTC).getDayOfWeek().name();
        return MONTH.matcher(text).find()
                && weekday.find()
                && !day.startsWith(weekday.group(1).toUpperCase(Locale.ROOT));
    }

    /** Whether its zone has a name ({@code EST}: America's or Australia's?) other than UTC. */
    private static boolean hasAnAmbiguousZone(DateGroup group) {
        return group.getParseLocations().containsKey("time_zone_abbreviation")
                && !UTC.matcher(group.getText()).find();
    }

    /** Whether it was made of a day that its month does not have, which the library rolls over or reads as a year. */
    private static boolean inventsADay(String text, Instant instant) {
        int day = instant.atOffset(ZoneOffset.UTC).getDayOfMonth();
        return MONTH.matcher(text).find()
                && Pattern.compile("[0-9]").matcher(text).find()
                && !Pattern.compile("\\b0?" + day + "(st|nd|rd|th)?\\b")
                        .matcher(text)
                        .find();
    }

    private static DateTimeFormatter english(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .appendPattern("[ XXX]")
                .toFormatter(Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.SMART);
    }

    private static DateTimeFormatter strict(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    }

    /** Lenient in one thing: 24:00 is the next day's midnight. */
    private static DateTimeFormatter time(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .optionalStart()
                .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
                .optionalEnd()
                .appendPattern("[ ][XXX][XX][X]")
                .toFormatter(Locale.ROOT)
                .withResolverStyle(ResolverStyle.SMART);
    }
}
