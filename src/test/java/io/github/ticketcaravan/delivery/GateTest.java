package io.github.ticketcaravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ticketcaravan.settings.DeliverySettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In a time of its own: nobody waits. */
class GateTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

    private static final DeliverySettings BACKING_OFF = Deliveries.settings()
            .retry(Duration.ofMillis(500), Duration.ofSeconds(3))
            .build();

    private final List<String> announced = new ArrayList<>();
    private long nanos = Long.MAX_VALUE - 1; // where System.nanoTime may well be about to overflow
    private Gate gate = gate(BACKING_OFF);

    private Gate gate(DeliverySettings settings) {
        return new Gate(settings, Duration.ofMinutes(1), NOON, () -> nanos, announced::add);
    }

    private void pass(Duration duration) {
        nanos += duration.toNanos();
    }

    private Duration untilTurn(Dispatch dispatch) {
        return Duration.ofNanos(gate.untilTurn(dispatch));
    }

    private static Dispatch dispatch(int ticket) {
        return Deliveries.dispatch("T-" + ticket, ticket);
    }

    private Duration unavailable(Dispatch dispatch) {
        return gate.unsettled(dispatch, AnswerFixture.unavailable(), 10, null);
    }

    /** Five tickets are answered 503, and the gate closes. */
    private void outage() {
        for (int ticket = 1; ticket <= 5; ticket++) {
            unavailable(dispatch(ticket));
        }
        assertThat(gate.isClosed()).isTrue();
    }

    @Test
    void withoutARateEverybodyMayGoAtOnce() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(untilTurn(dispatch(i))).isZero();
        }
    }

    @Test
    void eachCallTakesTheNextSlot() {
        gate = gate(Deliveries.settings().rate(50).build());

        assertThat(untilTurn(dispatch(1))).isZero();
        assertThat(untilTurn(dispatch(2))).isEqualTo(Duration.ofMillis(20));
        pass(Duration.ofMillis(15));
        assertThat(untilTurn(dispatch(2))).isEqualTo(Duration.ofMillis(5));
        pass(Duration.ofMillis(5));
        assertThat(untilTurn(dispatch(3))).isZero();
        assertThat(untilTurn(dispatch(2))).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void aTimerThatIsLateLosesNoSlots() {
        gate = gate(Deliveries.settings().rate(50).build());
        long began = nanos;
        for (int i = 0; i < 100; i++) {
            assertThat(untilTurn(dispatch(i))).isZero();
            pass(Duration.ofNanos(gate.untilTurn(dispatch(i))).plusMillis(1));
        }

        assertThat(Duration.ofNanos(nanos - began)).isEqualTo(Duration.ofMillis(2_000 + 1));
    }

    @Test
    void idleTimeIsNotSavedUpForABurst() {
        gate = gate(Deliveries.settings().rate(2).build());
        assertThat(untilTurn(dispatch(1))).isZero();
        pass(Duration.ofHours(1));

        assertThat(untilTurn(dispatch(2))).isZero();
        assertThat(untilTurn(dispatch(3))).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void aRateMayBeLessThanOneASecond() {
        gate = gate(Deliveries.settings().rate(0.1).build());

        assertThat(untilTurn(dispatch(1))).isZero();
        assertThat(untilTurn(dispatch(2))).isEqualTo(Duration.ofSeconds(10));
        gate = gate(Deliveries.settings().rate(1e-300).build());
        assertThat(untilTurn(dispatch(1))).isZero();
        assertThat(untilTurn(dispatch(2))).isGreaterThan(Duration.ofDays(365));
    }

    @Test
    void aRetryAfterMakesEverybodyWait() {
        gate.unsettled(dispatch(1), AnswerFixture.unavailable(), 10, Duration.ofSeconds(7));

        assertThat(untilTurn(dispatch(2))).isEqualTo(Duration.ofSeconds(7));
        gate.unsettled(dispatch(3), AnswerFixture.unavailable(), 10, Duration.ofSeconds(2));
        assertThat(untilTurn(dispatch(2))).isEqualTo(Duration.ofSeconds(7));
        // Also those who had a slot already: a pause is longer than a slot.
        pass(Duration.ofSeconds(7));
        assertThat(untilTurn(dispatch(2))).isZero();
    }

    @Test
    void fiveTransientAnswersInARowOnDifferentTicketsAreAnOutage() {
        for (int ticket = 1; ticket <= 4; ticket++) {
            assertThat(unavailable(dispatch(ticket))).isNull();
        }
        pass(Duration.ofSeconds(2));

        assertThat(unavailable(dispatch(5))).isEqualTo(Duration.ofSeconds(2));
        assertThat(announced)
                .containsExactly("The help desk is unavailable since 2026-11-23T11:59:58Z (HTTP 503, empty answer);"
                        + " next try in 500 ms");
    }

    @Test
    void anAnswerThatSettlesSomethingBeginsTheRowAnew() {
        for (int i = 0; i < 100; i++) {
            assertThat(unavailable(dispatch(i))).isNull();
            if (i % 4 == 3) {
                gate.settled(dispatch(1_000 + i));
            }
        }
        assertThat(announced).isEmpty();
    }

    @Test
    void oneTicketAmongOthersIsNoOutageHoweverOftenItFails() {
        for (int i = 0; i < 100; i++) {
            assertThat(unavailable(dispatch(1))).isNull();
        }
    }

    @Test
    void theCaseOfAReferenceMakesNoOtherTicket() {
        for (String ticket : List.of("aa-1", "AA-1", "Aa-1", "aA-1", "AA-1")) {
            assertThat(unavailable(Deliveries.dispatch(ticket, 1))).isNull();
        }
    }

    @Test
    void whereFewerTicketsAreLeftAllOfThemMakeAnOutage() {
        Dispatch first = dispatch(1);
        Dispatch second = dispatch(2);
        for (Dispatch dispatch : List.of(first, second, first, second)) {
            assertThat(gate.unsettled(dispatch, AnswerFixture.unavailable(), 2, null))
                    .isNull();
        }

        assertThat(gate.unsettled(first, AnswerFixture.unavailable(), 2, null)).isZero();
    }

    @Test
    void theOnlyTicketLeftMakesAnOutageOnlyWhereNothingCanBeReached() {
        for (int i = 0; i < 100; i++) {
            assertThat(gate.unsettled(dispatch(1), AnswerFixture.unavailable(), 1, null))
                    .isNull();
        }
        assertThat(gate.unsettled(dispatch(1), AnswerFixture.refused(), 1, null))
                .isNotNull();
    }

    @Test
    void inAnOutageOneProbeAtATimeIsLetThroughEachLaterThanTheOneBefore() {
        outage();
        for (long millis : new long[] {500, 1_000, 2_000, 3_000, 3_000}) {
            Dispatch probe = dispatch(7);
            assertThat(untilTurn(probe)).isEqualTo(Duration.ofMillis(millis));
            pass(Duration.ofMillis(millis));
            assertThat(untilTurn(probe)).isZero();
            pass(Duration.ofHours(1));
            assertThat(untilTurn(dispatch(8))).as("while the probe is out").isPositive();
            unavailable(probe);
        }
        assertThat(announced).hasSize(6);
    }

    @Test
    void answersToWhatWasSentBeforeTheOutageDoNotLengthenIt() {
        outage();
        for (int straggler = 10; straggler < 40; straggler++) {
            unavailable(dispatch(straggler));
        }

        assertThat(untilTurn(dispatch(7))).isEqualTo(Duration.ofMillis(500));
        assertThat(announced).hasSize(1);
    }

    @Test
    void theFirstAnswerThatSettlesSomethingEndsTheOutage() {
        outage();
        pass(Duration.ofSeconds(90));
        Dispatch probe = dispatch(7);
        assertThat(untilTurn(probe)).isZero();
        gate.settled(probe);

        assertThat(gate.isClosed()).isFalse();
        for (int i = 0; i < 10; i++) {
            assertThat(untilTurn(dispatch(i))).isZero();
        }
        assertThat(announced.get(1)).isEqualTo("The help desk answers again, after 90 s; delivery goes on");
        // And the next outage begins from the beginning.
        announced.clear();
        outage();
        assertThat(untilTurn(dispatch(7))).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void aProbeIsLetThroughAtTheRateToo() {
        gate = gate(Deliveries.settings().rate(0.01).build());
        assertThat(untilTurn(dispatch(1))).isZero();
        outage();

        assertThat(untilTurn(dispatch(7))).isEqualTo(Duration.ofSeconds(100));
    }

    @Test
    void inAnOutageARetryAfterIsWaitedForToo() {
        outage();
        gate.unsettled(dispatch(9), AnswerFixture.unavailable(), 10, Duration.ofSeconds(30));

        assertThat(untilTurn(dispatch(7))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void whereEverybodyIsRefusedThereIsAProbeEveryMinute() {
        Dispatch refused = dispatch(1);
        gate.halt(refused, "mend the secret");
        for (int minute = 0; minute < 3; minute++) {
            assertThat(untilTurn(refused)).isEqualTo(Duration.ofMinutes(1));
            pass(Duration.ofMinutes(1));
            assertThat(untilTurn(refused)).isZero();
            assertThat(untilTurn(dispatch(2))).isPositive();
            gate.halt(refused, "mend the secret");
        }
        assertThat(announced).containsExactly("mend the secret. Delivery waits and tries again every 60 s");

        pass(Duration.ofMinutes(1));
        assertThat(untilTurn(dispatch(2))).isZero();
        gate.settled(dispatch(2));
        assertThat(gate.isClosed()).isFalse();
    }

    @Test
    void refusalsOfWhatWasSentBeforeDoNotPutTheProbeOff() {
        gate.halt(dispatch(1), "mend the secret");
        pass(Duration.ofSeconds(40));
        gate.halt(dispatch(2), "mend the secret");

        assertThat(untilTurn(dispatch(3))).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void whatItTellsOfHasHappenedSoThatATellerThatFailsHarmsNothing() {
        gate = new Gate(BACKING_OFF, Duration.ofMinutes(1), NOON, () -> nanos, sentence -> {
            throw new IllegalStateException("nobody listens");
        });
        assertThatThrownBy(this::outage).hasMessage("nobody listens");
        assertThat(gate.isClosed()).isTrue();
        assertThat(untilTurn(dispatch(7))).isEqualTo(Duration.ofMillis(500));
        pass(Duration.ofMillis(500));
        Dispatch probe = dispatch(7);
        assertThat(untilTurn(probe)).isZero();
        assertThatThrownBy(() -> gate.settled(probe)).hasMessage("nobody listens");
        assertThat(gate.isClosed()).isFalse();

        assertThatThrownBy(() -> gate.halt(dispatch(1), "mend the secret")).hasMessage("nobody listens");
        assertThat(untilTurn(dispatch(2))).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aStopLetsNobodyThrough() throws InterruptedException {
        gate.stop();

        assertThat(gate.enter(dispatch(1))).isFalse();
    }

    @Test
    void anInquiryIsTheNextProbeWhoeverWaitsBesides() throws Exception {
        outage();
        Dispatch inquiry = Dispatch.inquiry(NOON);
        assertThat(untilTurn(dispatch(1))).isPositive();
        assertThat(untilTurn(inquiry)).isPositive();
        pass(Duration.ofSeconds(1));

        assertThat(untilTurn(dispatch(1))).isPositive();
        assertThat(gate.enter(inquiry)).isTrue();
        gate.settled(inquiry);
        assertThat(untilTurn(dispatch(1))).isZero();
    }
}
