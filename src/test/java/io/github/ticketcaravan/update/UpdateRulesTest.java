package io.github.ticketcaravan.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateRulesTest {

    private static final Origin ORIGIN = new Origin(Source.CSV, "orders.csv", 7);
    private static final String EXPECTED_DATE = "expected ISO 8601 (2026-11-23T19:50:00+01:00), yyyy-mm-dd hh:mm, "
            + "yyyy-mm-dd, or English (2 days from now)";

    private final UpdateRules rules = new UpdateRules(ZoneId.of("Europe/Berlin"));

    @Test
    void aGoodUpdateHasNeitherProblemsNorWarnings() {
        TicketUpdate update =
                rules.check(ORIGIN, " LF-616004 ", Map.of("status", "Open"), "LF-616004,Open", List.of(), "dead-7");
        assertThat(update)
                .isEqualTo(new TicketUpdate(
                        ORIGIN,
                        "LF-616004",
                        Map.of("status", "Open"),
                        "LF-616004,Open",
                        List.of(),
                        List.of(),
                        "dead-7"));
        assertThat(update.isValid()).isTrue();
    }

    @Test
    void everyParameterIsAccepted() {
        Map<String, String> all = parameters(
                "status=Waiting for Staff",
                "priority=High",
                "department=3",
                "sla=Gold",
                "team=1st Line Support",
                "user=charlie",
                "subject=Grüße = 100 %",
                "tag_list=a, b",
                "updated_at=2026-11-23T19:50:00+01:00",
                "reply_due_at=2 days from now",
                "resolution_due_at=tomorrow 9am",
                "custom[Phone Number]=line one\nline two",
                "contact_method_data=adam@example.com",
                "contact_name=Adam Cooke",
                "additional_contact_methods=adam@atech.io,dave@atech.io");
        TicketUpdate update = check("LF-616004", all);
        assertThat(update.problems()).isEmpty();
        assertThat(update.parameters()).containsExactlyEntriesOf(all);
        assertThat(check("LF-616004", Map.of("contact_method", "17")).isValid()).isTrue();
    }

    @Test
    void namesAreTakenAsTheyAreWritten() {
        assertThat(check("LF-616004", parameters("Tag-List=a", "cf.Size=XL", "SLA=Gold"))
                        .parameters())
                .containsExactly(entry("tag_list", "a"), entry("custom[Size]", "XL"), entry("sla", "Gold"));
    }

    @Test
    void whiteSpaceAroundReferencesIdsAndDatesIsTakenOffAndStaysAroundText() {
        assertThat(check(
                                "LF-616004",
                                parameters("status= Open ", "department= 3", "updated_at=2026-11-23 ", "subject= a "))
                        .parameters())
                .containsExactly(
                        entry("status", "Open"),
                        entry("department", "3"),
                        entry("updated_at", "2026-11-23T00:00:00+01:00"),
                        entry("subject", " a "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "priority",
                "department",
                "sla",
                "team",
                "user",
                "subject",
                "tag_list",
                "updated_at",
                "reply_due_at",
                "resolution_due_at",
                "custom[a]",
                "contact_method",
                "contact_method_data",
                "contact_name",
                "additional_contact_methods"
            })
    void anEmptyValueIsSentAndIsNoProblem(String name) {
        TicketUpdate update = check("LF-616004", Map.of(name, ""));
        assertThat(update.problems()).isEmpty();
        assertThat(update.parameters()).containsExactly(entry(name, ""));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "department=Sales | department: 'Sales' is no ID: expected digits, such as 3",
                "department=-3 | department: '-3' is no ID: expected digits, such as 3",
                "department=٣ | department: '٣' is no ID: expected digits, such as 3",
                "contact_method=adam@example.com | contact_method: 'adam@example.com' is no ID: expected digits, such as 3",
                "contact_name=Adam | contact_name: 'Adam' is given without contact_method_data: expected both, such as a"
                        + " name and an e-mail address",
                "additional_contact_methods=a@b.c,,d@e.f | additional_contact_methods: 'a@b.c,,d@e.f' has an empty entry:"
                        + " expected contact methods separated by single commas, such as adam@example.com,dave@example.com",
                "additional_contact_methods=a@b.c, | additional_contact_methods: 'a@b.c,' has an empty entry: expected"
                        + " contact methods separated by single commas, such as adam@example.com,dave@example.com",
                "custom[]=1 | custom[]: the custom field has no name: expected custom[name], the name being the field's"
                        + " system name",
                "custom[a[b]]=1 | custom[a[b]]: the custom field's name has a bracket in it: expected custom[name], the"
                        + " name being the field's system name without brackets",
                "statsu=Open | statsu: is no parameter of a ticket; the nearest is status",
                "ticket=LF-616005 | ticket: is given twice: expected one value",
            })
    void aWrongParameterIsNamedWithItsValueAndWhatWasExpected(String parameter, String sentence) {
        TicketUpdate update = check("LF-616004", parameters(parameter));
        assertThat(Problem.sentence(update.problems())).isEqualTo(sentence);
        assertThat(update.isValid()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "priority", "sla", "team", "user", "subject", "contact_name"})
    void aControlCharacterIsNotAllowedInNamesAndSubject(String name) {
        for (String control : List.of("\t", "\n", "\r", "\u0000", "\u007f", "\u0085")) {
            TicketUpdate update =
                    check("LF-616004", parameters(name + "=a" + control + "b", "contact_method_data=a@b.c"));
            assertThat(Problem.sentence(update.problems()))
                    .isEqualTo("%s: 'a\\u%04x%s"
                            .formatted(
                                    name,
                                    (int) control.charAt(0),
                                    "b' has a control character (a tab "
                                            + "or line break, say) in it: expected text on one line"));
        }
    }

    @Test
    void aControlCharacterIsNotAllowedInTheReferenceOrACustomFieldsName() {
        TicketUpdate update = check("LF-61\n6004", parameters("custom[a\tb]=1"));
        assertThat(update.problems())
                .containsExactly(
                        new Problem(
                                "ticket",
                                "'LF-61\\u000a6004' has a control character (a tab or line break, say) in it: expected a "
                                        + "reference such as LF-616004"),
                        new Problem(
                                "custom[a\\u0009b]",
                                "the custom field's name has a control character (a tab or line break, say) in it: "
                                        + "expected the field's system name"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\t\n"})
    void aTicketIsNeeded(String ticket) {
        assertThat(check(ticket, Map.of("status", "Open")).problems())
                .containsExactly(new Problem("ticket", "is missing: expected a ticket's reference such as LF-616004"));
    }

    @Test
    void somethingToChangeIsNeeded() {
        assertThat(check("LF-616004", Map.of()).problems())
                .containsExactly(
                        new Problem("base", "nothing to change: expected at least one parameter besides the ticket"));
    }

    @Test
    void thatThereIsNothingToChangeIsNotReportedWhereTheSourceFoundWhy() {
        Problem found = new Problem("base", "the row has 2 cells where the header has 3");
        assertThat(rules.check(ORIGIN, "LF-616004", Map.of(), "", List.of(found), null)
                        .problems())
                .containsExactly(found);
    }

    @Test
    void aContactMethodIsGivenByItsIdOrByItsData() {
        assertThat(check("LF-616004", parameters("contact_method=3", "contact_method_data=a@b.c"))
                        .problems())
                .containsExactly(new Problem(
                        "contact_method",
                        "is given together with contact_method_data: expected the ID of a contact method that exists, or "
                                + "the data of one to find or add, not both"));
    }

    @Test
    void aNameThatIsWrittenInTwoWaysIsGivenTwice() {
        assertThat(check("LF-616004", parameters("status=Open", "Status=Closed"))
                        .problems())
                .containsExactly(new Problem("status", "is given twice: expected one value"));
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        TicketUpdate update = check(
                "",
                parameters(
                        "department=Sales",
                        "reply_due_at=soon",
                        "updated_at=01/02/2026",
                        "contact_method=x",
                        "contact_method_data=",
                        "contact_name=Adam",
                        "foo=bar"));
        assertThat(update.problems())
                .extracting(Problem::field)
                .containsExactly(
                        "ticket",
                        "department",
                        "reply_due_at",
                        "updated_at",
                        "contact_method",
                        "foo",
                        "contact_method",
                        "contact_name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"616004", "lf-616004", "LF-61600", "LF-6160045", "LFX-16004", "LF 616004", "LF-61600x"})
    void anUnusualReferenceIsAWarningAndNoProblem(String ticket) {
        TicketUpdate update = check(ticket, Map.of("status", "Open"));
        assertThat(update.problems()).isEmpty();
        assertThat(update.warnings())
                .containsExactly(new Problem(
                        "ticket",
                        "'" + ticket
                                + "' is an unusual reference: two capital letters, a hyphen and six digits are usual, "
                                + "such as LF-616004"));
    }

    @ParameterizedTest(name = "{0} is sent as {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-11-23 | 2026-11-23T00:00:00+01:00",
                "2026-07-01 | 2026-07-01T00:00:00+02:00",
                "2026-11-23 19:50 | 2026-11-23T19:50:00+01:00",
                "2026-11-23 19:50:07 | 2026-11-23T19:50:07+01:00",
                "2026-11-23T19:50 | 2026-11-23T19:50:00+01:00",
                "2026-07-23t19:50:00 | 2026-07-23T19:50:00+02:00",
                "2026-11-23T19:50:00.250 | 2026-11-23T19:50:00.25+01:00",
                "2026-11-23T19:50:00,250 | 2026-11-23T19:50:00.25+01:00",
                "2026-11-23T19:50:00Z | 2026-11-23T19:50:00+00:00",
                "2026-11-23T19:50z | 2026-11-23T19:50:00+00:00",
                "2026-11-23 19:50 UTC | 2026-11-23T19:50:00+00:00",
                "2026-11-23T19:50:00-05:30 | 2026-11-23T19:50:00-05:30",
                "2026-11-23 19:50:00 +0100 | 2026-11-23T19:50:00+01:00",
                "2026-11-23T19:50+01 | 2026-11-23T19:50:00+01:00",
                "2026-10-25T02:30+01:00 | 2026-10-25T02:30:00+01:00",
                "2026-03-29T02:30+01:00 | 2026-03-29T02:30:00+01:00",
                "2 days from now | 2 days from now",
                "tomorrow 9am | tomorrow 9am",
                "Next Friday at noon | Next Friday at noon",
                "23 November 2026 19:50 | 23 November 2026 19:50",
                "in 1 HOUR | in 1 HOUR",
            })
    void aDateIsSentAsIsoWithItsOffsetAndEnglishAsItIs(String value, String sent) {
        for (String name : List.of("updated_at", "reply_due_at", "resolution_due_at")) {
            TicketUpdate update = check("LF-616004", Map.of(name, value));
            assertThat(update.problems()).isEmpty();
            assertThat(update.warnings()).isEmpty();
            assertThat(update.parameters()).containsExactly(entry(name, sent));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "soon",
                "2026",
                "2026-11",
                "2026-11-31",
                "2026-02-29",
                "2026-13-01",
                "2026-11-23 25:00",
                "2026-11-23 24:00",
                "2026-11-23 9:00",
                "2026-11-23T",
                "2026-11-23 19:50 Berlin",
                "2026-11-23T19:50+25:00",
                "2026-11-23T19:50Z[UTC]",
                "2026-11-23 tomorrow",
                "2026-11-23-",
                "20261123T1950",
                "23.11.2026",
                "9am",
                "1795463400",
                "daylight",
                "-",
            })
    void whatIsNoDateIsAProblem(String value) {
        TicketUpdate update = check("LF-616004", Map.of("reply_due_at", value));
        assertThat(update.problems())
                .containsExactly(new Problem("reply_due_at", "'" + value + "' is no date: " + EXPECTED_DATE));
        assertThat(update.parameters()).containsExactly(entry("reply_due_at", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01/02/2026", "2026/02/01", "1/2/26 noon", "tomorrow or 1/2"})
    void aSlashDateIsAProblem(String value) {
        assertThat(check("LF-616004", Map.of("updated_at", value)).problems())
                .containsExactly(new Problem(
                        "updated_at",
                        "'" + value + "' can be read with the day or with the month first: " + EXPECTED_DATE));
    }

    @Test
    void aLocalTimeThatTheClockSkipsIsAProblem() {
        TicketUpdate update = check("LF-616004", Map.of("reply_due_at", "2026-03-29 02:30"));
        assertThat(update.problems())
                .containsExactly(new Problem(
                        "reply_due_at",
                        "'2026-03-29 02:30' does not exist in Europe/Berlin, where the clock goes from 02:00 to 03:00 that "
                                + "day: expected another time, or one with its offset"));
    }

    @Test
    void aLocalTimeThatComesTwiceIsTheFirstOfTheTwoWithAWarning() {
        TicketUpdate update = check("LF-616004", Map.of("reply_due_at", "2026-10-25T02:30"));
        assertThat(update.problems()).isEmpty();
        assertThat(update.parameters()).containsExactly(entry("reply_due_at", "2026-10-25T02:30:00+02:00"));
        assertThat(update.warnings())
                .containsExactly(new Problem(
                        "reply_due_at",
                        "'2026-10-25T02:30' comes twice in Europe/Berlin, where the clock is put back that day: taken as "
                                + "the first, 2026-10-25T02:30:00+02:00"));
    }

    @Test
    void aDayWhoseMidnightTheClockSkipsBeginsWhenItBegins() {
        TicketUpdate update = new UpdateRules(ZoneId.of("America/Sao_Paulo"))
                .check(ORIGIN, "LF-616004", Map.of("updated_at", "2018-11-04"), "", List.of(), null);
        assertThat(update.problems()).isEmpty();
        assertThat(update.parameters()).containsExactly(entry("updated_at", "2018-11-04T01:00:00-02:00"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"updated_at", "department", "status", "subject", "additional_contact_methods", "custom[a]"})
    void aValueOfTenMillionCharactersIsCheckedQuicklyAndQuotedShortly(String name) {
        for (String unit : List.of("9", "a,", "tomorrow ", "2026-", "\t")) {
            String value = unit.repeat(10_000_000 / unit.length());
            TicketUpdate update =
                    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> check("LF-616004", Map.of(name, value)));
            assertThat(Problem.sentence(update.problems()).length()).isLessThan(600);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tag_list", "updated_at", "status", "subject", "additional_contact_methods", "custom[a]"})
    void whatIsNoUnicodeTextWouldBeChangedOnItsWayAndIsAProblem(String name) {
        for (String value : List.of("now \0", "now \ud83d", "\udc00 now", "now \ud83d\ud83d")) {
            TicketUpdate update = check("LF-616004", Map.of(name, value));
            assertThat(update.problems()).singleElement().satisfies(problem -> {
                assertThat(problem.field()).isEqualTo(name);
                assertThat(problem.message()).containsPattern("\\\\u(0000|d83d|dc00)");
            });
            assertThat(update.parameters()).containsEntry(name, value);
        }
        assertThat(check("LF-616004", Map.of(name, "now \ud83c\udfab")).problems())
                .isEmpty();
    }

    @Test
    void halfASurrogatePairIsAProblemOfAReferenceAndOfACustomFieldsNameToo() {
        assertThat(check("LF-\ud83d", Map.of("custom[\udc00]", "x")).problems())
                .containsExactly(
                        new Problem(
                                "ticket",
                                "'LF-\\ud83d' has a NUL or half of a surrogate pair in it: expected Unicode text"),
                        new Problem(
                                "custom[\\udc00]",
                                "the custom field's name has half of a surrogate pair in it: expected the field's"
                                        + " system name"));
    }

    private TicketUpdate check(String ticket, Map<String, String> parameters) {
        return rules.check(ORIGIN, ticket, parameters, "", List.of(), null);
    }

    private static Map<String, String> parameters(String... assignments) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            parameters.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
        return parameters;
    }
}
