package io.github.ticketcaravan.wiring;

import static io.github.ticketcaravan.wiring.ScriptedServer.APPLIED;
import static io.github.ticketcaravan.wiring.ScriptedServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The endpoint goes away in the middle of an import and comes back: nothing is lost, and nobody is to blame.
 * {@code src/bench/outage} runs the same with an outage of a minute.
 */
@Timeout(180)
class OutageTest {

    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("caravan.outage.seconds", 1));
    private static final int ROWS = 600;
    private static final int BEFORE = 200;

    private final Map<String, List<Integer>> applied = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();

    @TempDir
    private Path folder;

    private String apply(ScriptedServer.Request request) {
        int row = Integer.parseInt(request.form().get("subject").replace("row ", ""));
        applied.computeIfAbsent(request.ticket(), ticket -> java.util.Collections.synchronizedList(new ArrayList<>()))
                .add(row);
        return APPLIED;
    }

    @Test
    void connectionsAreRefusedForAWhile() throws Exception {
        List<ScriptedServer> servers = new ArrayList<>();
        ScriptedServer first = new ScriptedServer(request -> {
            if (requests.incrementAndGet() == BEFORE) {
                comeBackLater(servers);
                return ScriptedServer.RESET;
            }
            return apply(request);
        });
        servers.add(first);
        try {
            assertNothingIsLost(first);
        } finally {
            synchronized (servers) {
                servers.forEach(ScriptedServer::close);
            }
        }
    }

    private void comeBackLater(List<ScriptedServer> servers) {
        ScriptedServer gone = servers.get(0);
        gone.close();
        Thread back = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(AWAY.toMillis());
                synchronized (servers) {
                    servers.add(gone.again(this::apply));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        back.setDaemon(true);
        back.start();
    }

    @Test
    void everythingIsAnswered503ForAWhile() throws Exception {
        AtomicLong began = new AtomicLong();
        try (ScriptedServer server = new ScriptedServer(request -> {
            if (requests.incrementAndGet() == BEFORE) {
                began.set(System.nanoTime());
            }
            boolean away = began.get() != 0 && System.nanoTime() - began.get() < AWAY.toNanos();
            return away ? json(503, "{\"error\":\"Maintenance\"}") : apply(request);
        })) {
            assertNothingIsLost(server);
        }
    }

    private void assertNothingIsLost(ScriptedServer server) throws IOException {
        String[] tickets =
                IntStream.range(0, ROWS).mapToObj(row -> "T-" + row % 70).toArray(String[]::new);
        CaravanFixture fixture =
                new CaravanFixture(folder, server.url()).with("caravan.delivery.retry.max-delay", "200ms");
        Path file = fixture.rows("outage.csv", tickets);
        long began = System.nanoTime();
        try (Caravan caravan = fixture.start()) {
            ImportSummary summary = CaravanFixture.importFile(caravan, file);

            assertThat(summary.stopped()).isNull();
            assertThat(summary.counts()).containsEntry(Outcome.APPLIED, (long) ROWS);
            assertThat(caravan.ledger().deadLetters().list(DeadLetterFilter.inStates(Set.of())))
                    .isEmpty();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(AWAY);
        assertThat(CaravanFixture.results(file)).hasSize(ROWS);
        assertThat(applied).hasSize(70);
        applied.forEach((ticket, rows) ->
                assertThat(rows.stream().distinct()).as(ticket).containsExactlyElementsOf(rowsOf(ticket, tickets)));
    }

    private static List<Integer> rowsOf(String ticket, String[] tickets) {
        return IntStream.range(0, ROWS)
                .filter(row -> tickets[row].equals(ticket))
                .mapToObj(row -> row + 2)
                .toList();
    }
}
