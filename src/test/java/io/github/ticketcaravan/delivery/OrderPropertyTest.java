package io.github.ticketcaravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.update.TicketUpdate;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is given and whatever goes wrong: order per ticket, and one outcome each. */
@Timeout(30)
class OrderPropertyTest {

    static java.util.stream.LongStream seeds() {
        return java.util.stream.LongStream.rangeClosed(1, 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyUpdateHasOneOutcomeAndTicketsAreChangedInTheOrderGiven(long seed) throws Exception {
        Random random = new Random(seed);
        int tickets = 1 + random.nextInt(12);
        double faults = random.nextDouble() * 0.6;
        double invalid = random.nextDouble() * 0.2;
        var settings = Deliveries.settings()
                .concurrency(1 + random.nextInt(8))
                .window(1 + random.nextInt(60))
                .rate(random.nextInt(4) == 0 ? 5_000 : 0)
                .retry(Duration.ofMillis(1), Duration.ofMillis(1 + random.nextInt(4)))
                .build();
        Random weather = new Random(seed);
        // An outcome is what the help desk decided, where its answer was lost too: what counts is that it was sent.
        Map<String, ConcurrentLinkedQueue<Long>> changes = new ConcurrentHashMap<>();
        try (FakeHelpDesk helpDesk = new FakeHelpDesk(settings.concurrency(), dispatch -> {
            double fault;
            int kind;
            synchronized (weather) {
                fault = weather.nextDouble();
                kind = weather.nextInt(6);
            }
            boolean fails = fault < faults;
            if (!fails || kind == 4) {
                changes.computeIfAbsent(dispatch.order(), key -> new ConcurrentLinkedQueue<>())
                        .add(dispatch.update().origin().position());
            }
            return fails ? fault(kind) : AnswerFixture.applied();
        })) {
            Delivery delivery = new Delivery(
                    settings,
                    Delivery.Patience.ENDLESS,
                    Duration.ofMillis(3),
                    Clock.systemUTC(),
                    new Random(seed),
                    said -> {},
                    helpDesk);
            helpDesk.serve(delivery);
            List<TicketUpdate> updates = new ArrayList<>();
            List<CompletableFuture<Receipt>> outcomes = new ArrayList<>();
            for (int row = 2; row < 150; row++) {
                String ticket = (random.nextBoolean() ? "lf-" : "LF-") + random.nextInt(tickets);
                TicketUpdate update = random.nextDouble() < invalid
                        ? Deliveries.invalid(ticket, row)
                        : Deliveries.update(ticket, row);
                updates.add(update);
                outcomes.add(delivery.deliver(1, update, () -> false));
            }

            Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
            for (int i = 0; i < updates.size(); i++) {
                Receipt receipt = outcomes.get(i).get(20, TimeUnit.SECONDS);
                counts.merge(receipt.outcome(), 1L, Long::sum);
                assertThat(receipt.outcome() == Outcome.INVALID)
                        .isEqualTo(!updates.get(i).isValid());
            }
            assertThat(counts.values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(updates.size());
            assertThat(helpDesk.applied())
                    .hasSize(counts.getOrDefault(Outcome.APPLIED, 0L).intValue());
            changes.forEach((ticket, positions) ->
                    assertThat(List.copyOf(positions)).as(ticket).isSorted());
            assertThat(helpDesk.applied().stream()
                            .collect(Collectors.groupingBy(
                                    Dispatch::order,
                                    Collectors.mapping(
                                            dispatch ->
                                                    dispatch.update().origin().position(),
                                            Collectors.toList())))
                            .values())
                    .allSatisfy(positions -> assertThat(positions).isSorted().doesNotHaveDuplicates());
        }
    }

    private static Answer fault(int kind) {
        return switch (kind) {
            case 0 -> AnswerFixture.answer(429, "");
            case 1 -> AnswerFixture.refused();
            case 2 -> AnswerFixture.rejected();
            case 3 -> AnswerFixture.wrongSecret();
            case 4 -> Answer.none(new SocketTimeoutException("Read timed out"), AnswerFixture.REDACTION);
            default -> AnswerFixture.unavailable();
        };
    }
}
