package io.github.ticketcaravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.settings.DeliverySettings;
import io.github.ticketcaravan.update.TicketUpdate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DeliveryTest {

    private static final Duration HALT_PROBE = Duration.ofMillis(20);

    private final List<String> announced = Collections.synchronizedList(new ArrayList<>());
    private final List<FakeHelpDesk> helpDesks = new ArrayList<>();
    private FakeHelpDesk helpDesk;

    private Delivery delivery(DeliverySettings settings, Delivery.Patience patience, FakeHelpDesk.Answering answering) {
        helpDesk = new FakeHelpDesk(settings.concurrency(), answering);
        helpDesks.add(helpDesk);
        Delivery delivery = new Delivery(
                settings, patience, HALT_PROBE, Clock.systemUTC(), new Random(1), announced::add, helpDesk);
        helpDesk.serve(delivery);
        return delivery;
    }

    private Delivery delivery(FakeHelpDesk.Answering answering) {
        return delivery(Deliveries.settings().build(), Delivery.Patience.LIMITED, answering);
    }

    @AfterEach
    void close() {
        helpDesks.forEach(FakeHelpDesk::close);
    }

    private static CompletableFuture<Receipt> deliver(Delivery delivery, TicketUpdate update) {
        try {
            return delivery.deliver(1, update, () -> false);
        } catch (DeliveryStopped e) {
            return CompletableFuture.failedFuture(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<CompletableFuture<Receipt>> deliver(Delivery delivery, String... tickets) {
        return IntStream.range(0, tickets.length)
                .mapToObj(row -> deliver(delivery, Deliveries.update(tickets[row], row + 2)))
                .toList();
    }

    private static Receipt receipt(CompletableFuture<Receipt> outcome) throws Exception {
        return outcome.get(20, TimeUnit.SECONDS);
    }

    private static void assertStopped(CompletableFuture<Receipt> outcome, String reason) {
        assertThatThrownBy(() -> outcome.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(DeliveryStopped.class)
                .hasMessageContaining(reason);
    }

    private static boolean isFirst(Dispatch dispatch) {
        return dispatch.attempts() == 0;
    }

    // --- order and window ---

    @Test
    void updatesOfATicketGoOneAfterTheOtherThroughRetriesAndOthersPassThem() throws Exception {
        CountDownLatch othersAreApplied = new CountDownLatch(2);
        Delivery delivery = delivery(dispatch -> {
            if (!dispatch.update().ticket().equalsIgnoreCase("A")) {
                othersAreApplied.countDown();
                return AnswerFixture.applied();
            }
            othersAreApplied.await();
            return isFirst(dispatch) ? AnswerFixture.unavailable() : AnswerFixture.applied();
        });

        for (CompletableFuture<Receipt> outcome : deliver(delivery, "A", "a", "A", "B", "C")) {
            assertThat(receipt(outcome).outcome()).isEqualTo(Outcome.APPLIED);
        }

        assertThat(helpDesk.applied().stream()
                        .map(dispatch -> dispatch.update().origin().position()))
                .hasSize(5)
                .endsWith(2L, 3L, 4L);
        assertThat(helpDesk.asked()).hasSize(8);
    }

    @Test
    void aRetryHoldsItsOwnTicketOnlyAndNoThread() throws Exception {
        DeliverySettings oneThread = Deliveries.settings()
                .concurrency(1)
                .retry(Duration.ofHours(1), Duration.ofHours(1))
                .build();
        Delivery delivery = delivery(
                oneThread,
                Delivery.Patience.LIMITED,
                dispatch ->
                        dispatch.update().ticket().equals("A") ? AnswerFixture.unavailable() : AnswerFixture.applied());

        List<CompletableFuture<Receipt>> outcomes = deliver(delivery, "A", "A", "B", "C", "B");

        assertThat(receipt(outcomes.get(2)).outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(receipt(outcomes.get(3)).outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(receipt(outcomes.get(4)).outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(outcomes.get(0)).isNotDone();
        assertThat(helpDesk.asked("A")).isEqualTo(1);
    }

    private static boolean isBlocked(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    @Test
    void aFullWindowBlocksUntilSomethingIsKept() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        DeliverySettings three = Deliveries.settings().window(3).build();
        Delivery delivery = delivery(three, Delivery.Patience.LIMITED, dispatch -> {
            answered.await();
            return AnswerFixture.applied();
        });
        AtomicInteger accepted = new AtomicInteger();
        Thread source = new Thread(() -> {
            for (int row = 2; row < 12; row++) {
                var unused = deliver(delivery, Deliveries.update("A", row));
                accepted.incrementAndGet();
            }
        });
        source.start();

        await().untilAsserted(() -> assertThat(accepted).hasValue(3));
        await().until(() -> isBlocked(source));
        assertThat(accepted).hasValue(3);
        answered.countDown();
        source.join(10_000);
        assertThat(accepted).hasValue(10);
    }

    @Test
    void atMostOneRequestOfATicketAndSoManyInAllAreInFlight() throws Exception {
        AtomicInteger all = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Map<String, AtomicInteger> byTicket = new ConcurrentHashMap<>();
        AtomicBoolean twice = new AtomicBoolean();
        Delivery delivery = delivery(dispatch -> {
            AtomicInteger own = byTicket.computeIfAbsent(dispatch.update().ticket(), key -> new AtomicInteger());
            twice.compareAndSet(false, own.incrementAndGet() > 1);
            most.accumulateAndGet(all.incrementAndGet(), Math::max);
            Thread.sleep(1);
            all.decrementAndGet();
            own.decrementAndGet();
            return AnswerFixture.applied();
        });

        String[] tickets =
                IntStream.range(0, 100).mapToObj(row -> "T-" + row % 9).toArray(String[]::new);
        for (CompletableFuture<Receipt> outcome : deliver(delivery, tickets)) {
            receipt(outcome);
        }

        assertThat(most).hasValue(4);
        assertThat(twice).isFalse();
    }

    @Test
    void manyUpdatesOfOneTicketThatAreRefusedHereDoNotPileUp() throws Exception {
        CountDownLatch given = new CountDownLatch(1);
        DeliverySettings wide = Deliveries.settings().window(2_000).build();
        Delivery delivery = delivery(wide, Delivery.Patience.LIMITED, dispatch -> {
            given.await();
            return AnswerFixture.applied();
        });
        List<CompletableFuture<Receipt>> outcomes = new ArrayList<>();
        outcomes.add(deliver(delivery, Deliveries.update("A", 2)));
        for (int row = 3; row < 1_900; row++) {
            outcomes.add(deliver(delivery, Deliveries.invalid("A", row)));
        }
        given.countDown();

        assertThat(receipt(outcomes.get(0)).outcome()).isEqualTo(Outcome.APPLIED);
        for (CompletableFuture<Receipt> outcome : outcomes.subList(1, outcomes.size())) {
            assertThat(receipt(outcome).outcome()).isEqualTo(Outcome.INVALID);
        }
        assertThat(helpDesk.asked()).hasSize(1);
    }

    // --- outcomes ---

    @Test
    void receiptsTellOutcomeStatusAttemptsAndReason() throws Exception {
        Delivery delivery = delivery(dispatch -> switch (dispatch.update().ticket()) {
            case "RETRIED" -> isFirst(dispatch) ? AnswerFixture.unavailable() : AnswerFixture.applied();
            case "REJECTED" -> AnswerFixture.rejected();
            case "SLOW" ->
                isFirst(dispatch)
                        ? Answer.none(new java.net.SocketTimeoutException("Read timed out"), AnswerFixture.REDACTION)
                        : AnswerFixture.applied();
            default -> AnswerFixture.applied();
        });
        List<CompletableFuture<Receipt>> outcomes = deliver(delivery, "PLAIN", "RETRIED", "REJECTED", "SLOW");

        assertThat(receipt(outcomes.get(0)))
                .extracting(Receipt::outcome, Receipt::status, Receipt::attempts, Receipt::reason)
                .containsExactly(Outcome.APPLIED, 200, 1, "");
        assertThat(receipt(outcomes.get(1)))
                .extracting(Receipt::outcome, Receipt::status, Receipt::attempts, Receipt::reason)
                .containsExactly(Outcome.APPLIED, 200, 2, "at attempt 2");
        assertThat(receipt(outcomes.get(2)))
                .extracting(Receipt::outcome, Receipt::status, Receipt::attempts, Receipt::reason, Receipt::errors)
                .containsExactly(
                        Outcome.REJECTED,
                        422,
                        1,
                        "status_id can't be blank",
                        Map.of("status_id", List.of("can't be blank")));
        assertThat(receipt(outcomes.get(3)))
                .extracting(Receipt::outcome, Receipt::status, Receipt::attempts, Receipt::reason)
                .containsExactly(
                        Outcome.APPLIED, 200, 2, "at attempt 2; an earlier attempt timed out after it was sent");
    }

    @Test
    void aTicketThatIsAlwaysUnavailableAmongGoodOnesFailsAfterItsAttempts() throws Exception {
        Delivery delivery = delivery(dispatch ->
                dispatch.update().ticket().equals("BAD") ? AnswerFixture.unavailable() : AnswerFixture.applied());
        CompletableFuture<Receipt> bad = deliver(delivery, Deliveries.update("BAD", 2));
        for (int row = 3; !bad.isDone(); row++) {
            var unused = deliver(delivery, Deliveries.update("GOOD-" + row, row));
        }

        Receipt receipt = receipt(bad);
        assertThat(receipt.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(receipt.reason()).isEqualTo("after " + receipt.attempts() + " attempts: HTTP 503, empty answer");
        // Six that count; besides, one for each time that nobody else was settled since the one before.
        assertThat(receipt.attempts()).isBetween(6, 20);
        assertThat(helpDesk.asked("BAD")).isEqualTo(receipt.attempts());
        assertThat(announced).isEmpty();
    }

    @Test
    void theOnlyTicketLeftFailsAfterExactlyItsAttempts() throws Exception {
        Delivery delivery = delivery(dispatch -> AnswerFixture.unavailable());

        assertThat(receipt(deliver(delivery, "A").get(0)))
                .extracting(Receipt::outcome, Receipt::status, Receipt::attempts)
                .containsExactly(Outcome.FAILED, 503, 6);
        assertThat(helpDesk.asked()).hasSize(6);
    }

    @Test
    void soDoSeveralUpdatesOfTheOnlyTicketLeft() throws Exception {
        Delivery delivery = delivery(dispatch -> AnswerFixture.unavailable());

        for (CompletableFuture<Receipt> outcome : deliver(delivery, "A", "a", "A")) {
            assertThat(receipt(outcome))
                    .extracting(Receipt::outcome, Receipt::attempts)
                    .containsExactly(Outcome.FAILED, 6);
        }
        assertThat(helpDesk.asked()).hasSize(18);
        assertThat(announced).isEmpty();
    }

    // --- outage ---

    @ParameterizedTest(name = "{0} tickets")
    @ValueSource(ints = {2, 4, 5, 6, 40})
    void anOutageUsesUpNoAttemptsAndEverythingIsAppliedAfterIt(int tickets) throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        Delivery delivery = delivery(dispatch -> down.get() ? AnswerFixture.unavailable() : AnswerFixture.applied());
        String[] rows = IntStream.range(0, tickets * 2)
                .mapToObj(row -> "T-" + row % tickets)
                .toArray(String[]::new);
        List<CompletableFuture<Receipt>> outcomes = deliver(delivery, rows);

        // More probes than all attempts of a ticket together.
        await().untilAsserted(() -> assertThat(announced).hasSizeGreaterThan(40));
        down.set(false);

        for (CompletableFuture<Receipt> outcome : outcomes) {
            assertThat(receipt(outcome).outcome()).isEqualTo(Outcome.APPLIED);
        }
        assertThat(announced)
                .last()
                .asString()
                .startsWith("The help desk answers again, after ")
                .endsWith("; delivery goes on");
        assertThat(helpDesk.applied()).hasSize(tickets * 2);
    }

    @ParameterizedTest(name = "{0} tickets")
    @ValueSource(ints = {1, 2, 4, 6})
    void aConnectionThatCannotBeMadeUsesUpNoAttempts(int tickets) throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        Delivery delivery = delivery(
                Deliveries.settings().build(),
                Delivery.Patience.ENDLESS,
                dispatch -> down.get() ? AnswerFixture.refused() : AnswerFixture.applied());
        String[] rows = IntStream.range(0, tickets).mapToObj(row -> "T-" + row).toArray(String[]::new);
        List<CompletableFuture<Receipt>> outcomes = deliver(delivery, rows);

        await().untilAsserted(() -> assertThat(announced).hasSizeGreaterThan(30));
        down.set(false);

        for (CompletableFuture<Receipt> outcome : outcomes) {
            assertThat(receipt(outcome).outcome()).isEqualTo(Outcome.APPLIED);
        }
    }

    /** Only the inquiry is answered. */
    private static Answer onlyAnInquiry(Dispatch dispatch) {
        return dispatch.isInquiry() ? AnswerFixture.rejected() : AnswerFixture.unavailable();
    }

    @ParameterizedTest(name = "{0} tickets")
    @ValueSource(ints = {2, 3, 4})
    void theLastFewTicketsFailByThemselvesWhereAnInquiryIsAnswered(int tickets) throws Exception {
        Delivery delivery = delivery(DeliveryTest::onlyAnInquiry);
        String[] rows = IntStream.range(0, tickets).mapToObj(row -> "T-" + row).toArray(String[]::new);

        for (CompletableFuture<Receipt> outcome : deliver(delivery, rows)) {
            assertThat(receipt(outcome)).extracting(Receipt::outcome).isEqualTo(Outcome.FAILED);
        }
        assertThat(helpDesk.asked(Delivery.NO_SUCH_TICKET)).isBetween(5L, 30L);
        assertThat(helpDesk.asked()).allSatisfy(dispatch -> {
            if (dispatch.isInquiry()) {
                assertThat(new String(dispatch.form(), java.nio.charset.StandardCharsets.UTF_8))
                        .as("it changes nothing")
                        .isEqualTo("ticket=" + Delivery.NO_SUCH_TICKET);
            }
        });
        assertThat(announced.get(0)).startsWith("The help desk is unavailable since ");
        assertThat(announced)
                .as("said once")
                .filteredOn(said -> said.startsWith("The help desk answers again, after "))
                .hasSize(1);
    }

    @Test
    void ticketsThatFailedWhileOthersWereAnsweredFailAlsoWhenTheyAreAllThatIsLeft() throws Exception {
        Delivery delivery = delivery(
                Deliveries.settings().window(100).attempts(12).build(),
                Delivery.Patience.LIMITED,
                dispatch -> dispatch.update().ticket().startsWith("BAD")
                        ? AnswerFixture.unavailable()
                        : dispatch.isInquiry() ? AnswerFixture.rejected() : AnswerFixture.applied());
        List<CompletableFuture<Receipt>> bad = new ArrayList<>();
        for (int row = 0; bad.size() < 20 || !haveFailedTwice(20); row++) {
            if (row % 10 == 0 && bad.size() < 20) {
                bad.add(deliver(delivery, Deliveries.update("BAD-" + row, row)));
            } else {
                var unused = deliver(delivery, Deliveries.update("GOOD-" + row, row));
            }
        }

        for (CompletableFuture<Receipt> outcome : bad) {
            assertThat(receipt(outcome).outcome()).isEqualTo(Outcome.FAILED);
        }
    }

    private boolean haveFailedTwice(int tickets) {
        return helpDesk.asked().stream()
                        .filter(dispatch -> dispatch.countedAttempts() >= 2)
                        .map(Dispatch::order)
                        .distinct()
                        .count()
                == tickets;
    }

    @Test
    void fiveTicketsAreAnOutageWhateverAnInquiryWouldBeAnsweredAndAreNamedInTheEnd() {
        DeliverySettings impatient =
                Deliveries.settings().giveUp(Duration.ofMillis(200)).build();
        CountDownLatch given = new CountDownLatch(1);
        Delivery delivery = delivery(impatient, Delivery.Patience.LIMITED, dispatch -> {
            given.await();
            return onlyAnInquiry(dispatch);
        });
        List<CompletableFuture<Receipt>> outcomes = deliver(delivery, "E", "D", "C", "B", "a");
        given.countDown();

        outcomes.forEach(outcome -> assertStopped(
                outcome,
                "longer than caravan.delivery.outage.give-up; what is left is of A, B, C, D, E: if others are"
                        + " answered, these tickets are to blame, and can be taken out of the file"));
        assertThat(helpDesk.asked(Delivery.NO_SUCH_TICKET)).isZero();
    }

    @Test
    void anInquiryThatIsRefusedHaltsLikeAnyUpdate() {
        Delivery delivery =
                delivery(dispatch -> dispatch.isInquiry() ? AnswerFixture.wrongSecret() : AnswerFixture.unavailable());

        deliver(delivery, "A", "B").forEach(outcome -> assertStopped(outcome, "mend caravan.endpoint.token"));
        assertThat(helpDesk.asked(Delivery.NO_SUCH_TICKET)).isEqualTo(1);
    }

    @Test
    void whatWaitsOfASourceThatIsHeldIsLeftAtOnce() throws Exception {
        DeliverySettings slow = Deliveries.settings()
                .retry(Duration.ofHours(1), Duration.ofHours(1))
                .build();
        Delivery delivery = delivery(slow, Delivery.Patience.ENDLESS, dispatch -> AnswerFixture.unavailable());
        AtomicBoolean held = new AtomicBoolean();
        List<CompletableFuture<Receipt>> outcomes = new ArrayList<>();
        for (String ticket : List.of("A", "A", "B")) {
            outcomes.add(delivery.deliver(1, Deliveries.update(ticket, outcomes.size()), held::get));
        }
        CompletableFuture<Receipt> ofAnotherSource = deliver(delivery, Deliveries.update("C", 9));
        await().untilAsserted(() -> assertThat(helpDesk.asked()).hasSize(3));

        held.set(true);
        // The answer may be on its way still.
        await().untilAsserted(() -> {
            delivery.leaveHeld();
            assertThat(outcomes).allMatch(CompletableFuture::isDone);
        });

        outcomes.forEach(outcome -> assertStopped(outcome, "held by its source"));
        assertThat(ofAnotherSource).isNotDone();
        assertThat(delivery.isStopped()).isFalse();
    }

    @Test
    void inAnOutageProbesGoOneAtATime() throws Exception {
        AtomicBoolean down = new AtomicBoolean();
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Delivery delivery =
                delivery(Deliveries.settings().concurrency(16).build(), Delivery.Patience.ENDLESS, dispatch -> {
                    if (announced.size() > 15) {
                        // Past the stragglers of the beginning.
                        most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                        Thread.sleep(2);
                        inFlight.decrementAndGet();
                    }
                    return down.get() ? AnswerFixture.unavailable() : AnswerFixture.applied();
                });
        down.set(true);
        List<CompletableFuture<Receipt>> outcomes = deliver(
                delivery, IntStream.range(0, 50).mapToObj(row -> "T-" + row).toArray(String[]::new));
        await().untilAsserted(() -> assertThat(announced).hasSizeGreaterThan(40));

        assertThat(most).hasValue(1);
        delivery.stop("enough");
        outcomes.forEach(outcome -> assertStopped(outcome, "enough"));
    }

    @Test
    void anImportGivesUpWhenAnOutageTakesTooLong() throws Exception {
        DeliverySettings impatient =
                Deliveries.settings().giveUp(Duration.ofMillis(60)).build();
        Delivery delivery = delivery(
                impatient,
                Delivery.Patience.LIMITED,
                dispatch -> dispatch.update().ticket().equals("GOOD")
                        ? AnswerFixture.applied()
                        : AnswerFixture.unavailable());
        receipt(deliver(delivery, "GOOD").get(0));
        List<CompletableFuture<Receipt>> outcomes = deliver(delivery, "A", "B", "C", "D", "E", "F", "A");

        outcomes.forEach(outcome -> assertStopped(outcome, "longer than caravan.delivery.outage.give-up"));
        assertThat(delivery.isStopped()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noHelpDesk")
    void anImportStopsSoonWhereThereNeverWasAHelpDesk(String what, Answer answer, String reason) {
        Delivery delivery = delivery(dispatch -> answer);

        deliver(delivery, "A", "B", "C", "D", "E", "F").forEach(outcome -> assertStopped(outcome, reason));
        assertThat(helpDesk.asked()).hasSizeBetween(5, 5 + 4);
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> noHelpDesk() {
        return Stream.of(
                org.junit.jupiter.params.provider.Arguments.of(
                        "nobody listens",
                        AnswerFixture.refused(),
                        "There is no help desk at caravan.endpoint.url: cannot be reached (Connect to desk.example"
                                + " failed: Connection refused). Check the URL and the network"),
                org.junit.jupiter.params.provider.Arguments.of(
                        "a web site",
                        AnswerFixture.answer(200, "<h1>Welcome</h1>"),
                        "There is no help desk at caravan.endpoint.url: HTTP 200, not the API's JSON:"
                                + " <h1>Welcome</h1>. Check the URL and the network"));
    }

    // --- halt ---

    @Test
    void anImportStopsAtAHaltAndDeadLettersNothing() {
        Delivery delivery = delivery(dispatch -> AnswerFixture.wrongSecret());

        deliver(delivery, "A", "B", "C", "A", "D", "E", "F", "G")
                .forEach(outcome -> assertStopped(outcome, "mend caravan.endpoint.token, caravan.endpoint.secret"));
        assertThat(helpDesk.asked()).hasSizeLessThanOrEqualTo(4);
        assertThatThrownBy(() -> delivery.deliver(1, Deliveries.update("H", 10), () -> false))
                .isInstanceOf(DeliveryStopped.class)
                .hasMessage("The help desk answered HTTP 403 (Invalid token): mend caravan.endpoint.token,"
                        + " caravan.endpoint.secret or caravan.endpoint.application, or have this address and the"
                        + " method tickets/update allowed for them");
    }

    @Test
    void aRunWaitsAtAHaltTriesNowAndThenAndGoesOnWhenItIsMended() throws Exception {
        AtomicBoolean mended = new AtomicBoolean();
        Delivery delivery = delivery(
                Deliveries.settings().build(),
                Delivery.Patience.ENDLESS,
                dispatch -> mended.get() ? AnswerFixture.applied() : AnswerFixture.wrongSecret());
        List<CompletableFuture<Receipt>> outcomes = deliver(delivery, "A", "B", "C", "A", "D", "E");
        long began = System.nanoTime();
        // Far more than the attempts of an update: they are no attempts.
        await().untilAsserted(() -> assertThat(helpDesk.asked()).hasSizeGreaterThan(12));
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        mended.set(true);

        for (CompletableFuture<Receipt> outcome : outcomes) {
            assertThat(receipt(outcome).outcome()).isEqualTo(Outcome.APPLIED);
        }
        assertThat(took).isGreaterThan(HALT_PROBE.multipliedBy(12 - 4 - 2));
        assertThat(announced).hasSize(2);
        assertThat(announced.get(0))
                .startsWith("The help desk answered HTTP 403")
                .endsWith("every 20 ms");
    }

    // --- stop ---

    @Test
    void aStopSettlesWhatIsInFlightAndLeavesTheRest() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        DeliverySettings settings = Deliveries.settings()
                .window(5)
                .retry(Duration.ofHours(1), Duration.ofHours(1))
                .build();
        Delivery delivery = delivery(settings, Delivery.Patience.LIMITED, dispatch -> {
            if (dispatch.update().ticket().equals("RETRIED")) {
                return AnswerFixture.unavailable();
            }
            stopped.await();
            return AnswerFixture.applied();
        });
        List<CompletableFuture<Receipt>> outcomes =
                deliver(delivery, "IN FLIGHT", "IN FLIGHT", "RETRIED", "RETRIED", "OTHER");
        Thread blocked = new Thread(() -> assertThatThrownBy(
                        () -> delivery.deliver(1, Deliveries.update("LATE", 9), () -> false))
                .isInstanceOf(DeliveryStopped.class));
        AtomicBoolean failed = new AtomicBoolean();
        blocked.setUncaughtExceptionHandler((thread, failure) -> failed.set(true));
        blocked.start();
        await().until(() -> helpDesk.asked().size() == 3 && isBlocked(blocked));

        delivery.stop("Stopped");
        delivery.stop("the second reason does not count");

        assertStopped(outcomes.get(1), "Stopped");
        assertStopped(outcomes.get(2), "Stopped");
        assertStopped(outcomes.get(3), "Stopped");
        stopped.countDown();
        assertThat(receipt(outcomes.get(0)).outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(receipt(outcomes.get(4)).outcome()).isEqualTo(Outcome.APPLIED);
        blocked.join(10_000);
        assertThat(failed).isFalse();
        assertThat(helpDesk.asked()).hasSize(3);
    }

    @Test
    void aStopAtAnyMomentLeavesNobodyWaiting() throws Exception {
        DeliverySettings settings = Deliveries.settings()
                .retry(Duration.ofMinutes(1), Duration.ofMinutes(1))
                .build();
        for (int round = 0; round < 200; round++) {
            CountDownLatch answered = new CountDownLatch(1);
            Delivery delivery = delivery(settings, Delivery.Patience.LIMITED, dispatch -> {
                answered.countDown();
                return AnswerFixture.unavailable();
            });
            List<CompletableFuture<Receipt>> outcomes = deliver(delivery, "A", "B");
            answered.await();
            delivery.stop("Stopped");

            outcomes.forEach(outcome -> assertStopped(outcome, "Stopped"));
            helpDesk.close();
        }
    }

    @Test
    void outcomesThatCannotBeKeptStopDelivery() {
        AtomicInteger sent = new AtomicInteger();
        Delivery delivery = new Delivery(
                Deliveries.settings().build(),
                Delivery.Patience.ENDLESS,
                Clock.systemUTC(),
                new Random(1),
                announced::add,
                (dispatch, done) -> {
                    sent.incrementAndGet();
                    dispatch.kept().completeExceptionally(new IllegalStateException("The disk is full"));
                    done.accept(null);
                });

        var unused = deliver(delivery, Deliveries.update("A", 2));

        assertThatThrownBy(() -> delivery.deliver(1, Deliveries.update("B", 3), () -> false))
                .hasMessage("Outcomes cannot be kept, so nothing more is sent. The disk is full");
        assertThat(sent).hasValue(1);
    }

    /** It would arrive before the one whose outcome is not known, and which is therefore sent again. */
    @Test
    void nothingOfATicketIsSentBehindAnUpdateWhoseOutcomeCannotBeKept() throws Exception {
        List<Dispatch> sent = new CopyOnWriteArrayList<>();
        CountDownLatch second = new CountDownLatch(1);
        Delivery delivery = new Delivery(
                Deliveries.settings().build(),
                Delivery.Patience.ENDLESS,
                Clock.systemUTC(),
                new Random(1),
                announced::add,
                (dispatch, done) -> {
                    sent.add(dispatch);
                    dispatch.settleApplied();
                    dispatch.handOver();
                    done.accept(null);
                    if (sent.size() > 1) {
                        second.countDown();
                    }
                });
        for (int position = 2; position < 4; position++) {
            var unused = delivery.deliver(1, Deliveries.update("A", position), () -> false);
        }

        sent.get(0).kept().completeExceptionally(new IllegalStateException("The disk is full") {
            private static final long serialVersionUID = 1;

            /** Asked while delivery stops, which so takes long enough for the next to overtake it. */
            @Override
            public String getMessage() {
                try {
                    boolean unused = second.await(200, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.getMessage();
            }
        });

        assertThat(delivery.stopped()).contains("The disk is full");
        assertThat(sent).hasSize(1);
    }

    @Test
    void anUpdateThatEndsWithoutAnOutcomeStopsDelivery() {
        Delivery delivery = new Delivery(
                Deliveries.settings().build(),
                Delivery.Patience.ENDLESS,
                Clock.systemUTC(),
                new Random(1),
                announced::add,
                (dispatch, done) -> done.accept(null));

        assertStopped(deliver(delivery, Deliveries.update("A", 2)), "The outcome of a.csv, 2, did not reach");
        assertThat(delivery.isStopped()).isTrue();
    }

    @Test
    void whatItsSourceHoldsIsNotSentAndNobodyElseStops() throws Exception {
        Delivery delivery = delivery(dispatch -> AnswerFixture.applied());

        assertStopped(delivery.deliver(1, Deliveries.update("A", 2), () -> true), "held");
        assertThat(receipt(deliver(delivery, Deliveries.update("A", 3))).outcome())
                .isEqualTo(Outcome.APPLIED);
        assertThat(helpDesk.asked()).hasSize(1);
    }

    @Test
    void whatItsSourceLetsGoIsLeftAtOnceWhereverItWaitsAndNeverSent() throws Exception {
        DeliverySettings slow = Deliveries.settings()
                .concurrency(2)
                .rate(0.001)
                .retry(Duration.ofMinutes(1), Duration.ofMinutes(1))
                .build();
        AtomicBoolean held = new AtomicBoolean();
        Delivery delivery = delivery(slow, Delivery.Patience.ENDLESS, dispatch -> AnswerFixture.unavailable());
        List<CompletableFuture<Receipt>> outcomes = new ArrayList<>();
        // The first waits for its retry, A's second behind it, and the others for their turn.
        for (String ticket : List.of("A", "A", "B", "C", "D")) {
            outcomes.add(delivery.deliver(1, Deliveries.update(ticket, outcomes.size() + 2), held::get));
        }
        await().until(() -> helpDesk.asked().size() == 1 && outcomes.stream().noneMatch(CompletableFuture::isDone));

        held.set(true);
        delivery.leaveHeld();

        for (CompletableFuture<Receipt> outcome : outcomes) {
            assertStopped(outcome, "");
        }
        assertThat(helpDesk.asked()).hasSize(1);
        assertThat(delivery.isStopped()).isFalse();
    }

    // --- rate ---

    @Test
    void requestsLeaveAtTheRateRetriesIncluded() throws Exception {
        DeliverySettings hundred = Deliveries.settings().rate(100).build();
        List<Long> times = Collections.synchronizedList(new ArrayList<>());
        Delivery delivery = delivery(hundred, Delivery.Patience.LIMITED, dispatch -> {
            times.add(System.nanoTime());
            return isFirst(dispatch) && dispatch.update().origin().position() % 2 == 0
                    ? AnswerFixture.unavailable()
                    : AnswerFixture.applied();
        });
        for (CompletableFuture<Receipt> outcome : deliver(
                delivery, IntStream.range(0, 20).mapToObj(row -> "T-" + row).toArray(String[]::new))) {
            receipt(outcome);
        }

        assertThat(times).hasSize(30);
        Duration took = Duration.ofNanos(times.get(29) - times.get(0));
        assertThat(took).isBetween(Duration.ofMillis(285), Duration.ofMillis(2_000));
    }

    @Test
    void aRetryAfterOfOneTicketPausesAll() throws Exception {
        AtomicBoolean asked = new AtomicBoolean();
        Delivery delivery = delivery(
                Deliveries.settings().concurrency(1).build(),
                Delivery.Patience.LIMITED,
                dispatch -> asked.getAndSet(true) ? AnswerFixture.applied() : AnswerFixture.answer(429, "", "1"));
        long began = System.nanoTime();
        for (CompletableFuture<Receipt> outcome : deliver(delivery, "A", "B", "C")) {
            assertThat(receipt(outcome).outcome()).isEqualTo(Outcome.APPLIED);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(999));
        assertThat(helpDesk.asked()).hasSize(4);
    }
}
