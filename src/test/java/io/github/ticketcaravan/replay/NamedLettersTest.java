package io.github.ticketcaravan.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which updates replay the letter that they name, and what a letter is sent as. */
class NamedLettersTest {

    private static final String ID = "k3f9-17";
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private static DeadLetter letter(
            String ticket,
            @Nullable Integer status,
            String wrong,
            String state,
            @Nullable String sender,
            Map<String, List<String>> problems) {
        return new DeadLetter(
                ID,
                "csv",
                "first.csv",
                sender,
                2,
                Map.of(),
                ticket,
                Map.of("status", "New"),
                ticket + ",New",
                status == null ? "invalid" : "rejected",
                status,
                Map.of(wrong, List.of("is wrong")),
                "wrong",
                problems,
                1,
                NOON,
                NOON,
                0,
                state,
                null,
                null);
    }

    private static DeadLetter open(String ticket, @Nullable Integer status, String wrong) {
        return letter(ticket, status, wrong, "open", null, Map.of());
    }

    private static TicketUpdate update(String ticket, String status) {
        return new TicketUpdate(
                new Origin(Source.CSV, "second.csv", 2),
                ticket,
                Map.of("status", status),
                ticket + "," + status,
                List.of(),
                List.of(),
                ID);
    }

    private static TicketUpdate check(DeadLetter letter, @Nullable String sender, TicketUpdate update) {
        return new NamedLetters(Map.of(ID, letter), Map.of(), sender, (row, named) -> false).check(update);
    }

    @ParameterizedTest
    @CsvSource({
        "LF-616004, 422, status, LF-616004, true",
        "LF-616004, 422, status, lf-616004, true",
        "LF-616004, 422, status, OC-820409, false",
        "LF-616004, 404, base, OC-820409, true",
        "LF-616004, 422, ticket, OC-820409, false",
        "LF-616004, , status, OC-820409, false",
        "'LF-\n1', , ticket, OC-820409, true",
        "'', , base, OC-820409, true"
    })
    void aLetterIsReplayedByAnUpdateOfItsTicketOrOfAnyIfItsOwnIsNone(
            String ticket, @Nullable Integer status, String wrong, String other, boolean isReplay) {
        TicketUpdate checked = check(open(ticket, status, wrong), null, update(other, "Closed"));

        assertThat(checked.isValid()).isEqualTo(isReplay);
        assertThat(checked.replayOf()).isEqualTo(isReplay ? ID : null);
    }

    @ParameterizedTest
    @CsvSource({"open, true", "requested, true", "applied, false", "discarded, false", "superseded, false"})
    void onlyALetterThatWaitsIsReplayed(String state, boolean isReplay) {
        DeadLetter letter = letter("LF-616004", 422, "status", state, null, Map.of());

        TicketUpdate checked = check(letter, null, update("LF-616004", "Closed"));

        assertThat(checked.isValid()).isEqualTo(isReplay);
        assertThat(checked.replayOf()).isEqualTo(isReplay ? ID : null);
    }

    @ParameterizedTest
    @CsvSource({"adam@example.com, true", "eve@example.com, false", ", false"})
    void aSenderReplaysOnlyWhatIsHis(@Nullable String whose, boolean isReplay) {
        DeadLetter letter = letter("LF-616004", 422, "status", "open", whose, Map.of());

        assertThat(check(letter, "adam@example.com", update("LF-616004", "Closed"))
                        .isValid())
                .isEqualTo(isReplay);
    }

    @Test
    void whatSpeaksAgainstNamingALetterDoesNotStayWithTheNewOne() {
        TicketUpdate checked = check(open("LF-616004", 422, "status"), null, update("OC-820409", "Closed"));

        assertThat(checked.problems())
                .singleElement()
                .extracting(Problem::field, Problem::stays)
                .containsExactly("caravan.dead-letter", false);
    }

    @Test
    void anUpdateThatNamesNoLetterIsLeftAsItIs() {
        TicketUpdate plain = update("OC-820409", "Closed").replayingNothing();

        assertThat(check(open("LF-616004", 422, "status"), "eve@example.com", plain))
                .isSameAs(plain);
    }

    @Test
    void whatStaysWithALetterIsRefusedAgainAsLongAsNothingIsMended() {
        DeadLetter letter = letter(
                "LF-616004", null, "statsu", "open", null, Map.of("statsu", List.of("is no parameter of a ticket")));

        TicketUpdate same = check(letter, null, update("LF-616004", "New"));
        TicketUpdate mended = check(letter, null, update("LF-616004", "Closed"));

        assertThat(same.problems()).containsExactly(new Problem("statsu", "is no parameter of a ticket"));
        assertThat(same.replayOf()).isEqualTo(ID);
        assertThat(mended.isValid()).isTrue();
    }

    @Test
    void aLetterIsSentWithWhatStaysWithItAndWithinItsSendersRights() {
        LetterUpdates updates = new LetterUpdates(
                new UpdateRules(ZoneOffset.UTC),
                sender -> update -> update.with(new Problem("status", "is not for " + sender)));
        DeadLetter letter = letter(
                "LF-616004", null, "statsu", "open", "adam@example.com", Map.of("statsu", List.of("is no parameter")));

        TicketUpdate update = updates.of(letter, 7);

        assertThat(update.origin()).isEqualTo(new Origin(Source.CLI, "replay", 7));
        assertThat(update.problems())
                .containsExactly(
                        new Problem("statsu", "is no parameter"), new Problem("status", "is not for adam@example.com"));
    }
}
