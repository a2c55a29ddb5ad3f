package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateTextTest {

    /** A Monday. */
    private static final Instant NOW = Instant.parse("2026-11-23T12:34:56Z");

    @ParameterizedTest
    @CsvSource({
        "2026-12-01, 2026-12-01T00:00:00Z",
        "20261201, 2026-12-01T00:00:00Z",
        "2026-335, 2026-12-01T00:00:00Z",
        "2026335, 2026-12-01T00:00:00Z",
        "2026-W49-2, 2026-12-01T00:00:00Z",
        "2026W492, 2026-12-01T00:00:00Z",
        "2028-02-29, 2028-02-29T00:00:00Z",
        "2026-12-01T09, 2026-12-01T09:00:00Z",
        "2026-12-01T09:30, 2026-12-01T09:30:00Z",
        "2026-12-01 09:30, 2026-12-01T09:30:00Z",
        "2026-12-01T09:30:15, 2026-12-01T09:30:15Z",
        "2026-12-01T09:30:15.999, 2026-12-01T09:30:15Z",
        "'2026-12-01T09:30:15,999Z', 2026-12-01T09:30:15Z",
        "2026-12-01T09:30Z, 2026-12-01T09:30:00Z",
        "2026-12-01t09:30z, 2026-12-01T09:30:00Z",
        "2026-12-01T09:30+02:00, 2026-12-01T07:30:00Z",
        "2026-12-01T09:30+0200, 2026-12-01T07:30:00Z",
        "2026-12-01T09:30-05, 2026-12-01T14:30:00Z",
        "2026-12-01 09:30 +02:00, 2026-12-01T07:30:00Z",
        "20261201T093015Z, 2026-12-01T09:30:15Z",
        "20261201T0930+0100, 2026-12-01T08:30:00Z",
        "2026-W49-2T09:30, 2026-12-01T09:30:00Z",
        "2026-12-31T24:00, 2027-01-01T00:00:00Z",
        "2012-02-03T12:00:12+00:00, 2012-02-03T12:00:12Z"
    })
    void iso8601IsReadInAllItsForms(String text, Instant expected) {
        assertThat(DateText.read(text, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "now, 2026-11-23T12:34:56Z",
        "today, 2026-11-23T00:00:00Z",
        "tomorrow, 2026-11-24T00:00:00Z",
        "the day after tomorrow, 2026-11-25T00:00:00Z",
        "tomorrow at 9am, 2026-11-24T09:00:00Z",
        "Tomorrow 9am, 2026-11-24T09:00:00Z",
        "yesterday, 2026-11-22T00:00:00Z",
        "2 days from now, 2026-11-25T12:34:56Z",
        "two days from now, 2026-11-25T12:34:56Z",
        "3 days ago, 2026-11-20T12:34:56Z",
        "in 3 hours, 2026-11-23T15:34:56Z",
        "in 30 minutes, 2026-11-23T13:04:56Z",
        "in 2 weeks, 2026-12-07T12:34:56Z",
        "next monday, 2026-11-30T00:00:00Z",
        "next friday at 5pm, 2026-12-04T17:00:00Z",
        "3 December 2026, 2026-12-03T00:00:00Z",
        "'December 3rd, 2026', 2026-12-03T00:00:00Z",
        "'Thursday, 3 December 2026', 2026-12-03T00:00:00Z",
        "3 December 2026 at noon, 2026-12-03T12:00:00Z",
        "tomorrow 9am UTC, 2026-11-24T09:00:00Z"
    })
    void englishIsReadAndADayWithoutATimeIsItsMidnight(String text, Instant expected) {
        assertThat(DateText.read(text, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // Ruby, with and without Rails
        "2026-12-01 10:30:05 UTC, 2026-12-01T10:30:05Z",
        "2026-12-01 10:30:05 +0100, 2026-12-01T09:30:05Z",
        "2026-12-01 10:30:05 GMT, 2026-12-01T10:30:05Z",
        // JavaScript
        "Tue Dec 01 2026 10:30:05 GMT+0000 (Coordinated Universal Time), 2026-12-01T10:30:05Z",
        "Tue Dec 01 2026 10:30:05 GMT+0100 (Central European Standard Time), 2026-12-01T09:30:05Z",
        "2026-12-01T10:30:05.000Z, 2026-12-01T10:30:05Z",
        // HTTP and mail
        "'Tue, 01 Dec 2026 10:30:05 GMT', 2026-12-01T10:30:05Z",
        "'Tuesday, 01-Dec-26 10:30:05 GMT', 2026-12-01T10:30:05Z",
        "'Tuesday, 01-Dec-2026 10:30:05 UTC', 2026-12-01T10:30:05Z",
        "Tue Dec  1 10:30:05 2026, 2026-12-01T10:30:05Z",
        "'Tue, 1 Dec 2026 00:30:05 +0100', 2026-11-30T23:30:05Z",
        "1 Dec 2026 10:30 +0000, 2026-12-01T10:30:00Z",
        // Java, Python, PHP
        "Tue Dec 01 10:30:05 UTC 2026, 2026-12-01T10:30:05Z",
        "2026-12-01 10:30:05.123456+00:00, 2026-12-01T10:30:05Z",
        "2026-12-01T10:30:05+01:00, 2026-12-01T09:30:05Z"
    })
    void whatProgramsWriteIsRead(String text, Instant expected) {
        assertThat(DateText.read(text, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-12-01 10:30:05 CET",
                "1 Dec 2026 10:30 EST",
                "Tue Dec 01 10:30:05 CET 2026",
                "Mon, 01 Dec 2026 10:30:05 GMT",
                "Monday, 01-Dec-26 10:30:05 GMT",
                "Monday, 3 December 2026",
                "Tue, 31 Nov 2026 10:30:05 GMT",
                "soon",
                "2",
                "99",
                "01/02/2026",
                "1.2.2026",
                "2026-13-01",
                "2026-02-29",
                "2026-366",
                "2026-W54-1",
                "2026-12-01T25:00",
                "2026-12-01T09:61",
                "2026-12-01T09:30+25:00",
                "2026-12-01T",
                "2026-12-01 soon",
                "T09:30",
                "12026-01-01",
                "tomorrow at 25:00",
                "call me tomorrow",
                "32 december",
                "30 february",
                "monday or tuesday",
                "every monday",
                "in 1000000000000 days",
                "99999999999999999999 hours from now",
                "in 900000 years",
                "-5 days"
            })
    void whatIsNoDateIsRefused(String text) {
        assertThat(DateText.read(text, NOW)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"or ", "next ", "1 day from ", "((((", "every 2 "})
    void aLongTextIsRefusedAtOnce(String part) {
        assertThat(DateText.read(part.repeat(100_000), NOW)).isNull();
    }
}
