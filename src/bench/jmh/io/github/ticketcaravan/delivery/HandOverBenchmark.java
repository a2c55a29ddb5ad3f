package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What delivery itself costs an update: window, order per ticket, gate, verdict; sending and keeping take no time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HandOverBenchmark {

    @Param({"1", "19000"})
    private int tickets;

    private TicketUpdate[] updates;
    private Delivery delivery;
    private int next;

    @Setup
    public void make() {
        Settings settings = Settings.of(new Values(Map.of(), Map.of(), Map.of()), Path.of("data"));
        Answer yes = Answer.read(
                200,
                new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8)),
                null,
                null,
                Redaction.of(settings.endpoint()));
        delivery = new Delivery(
                settings.delivery(),
                Delivery.Patience.LIMITED,
                Clock.systemUTC(),
                new Random(1),
                announcement -> {},
                (dispatch, done) -> settle(dispatch, yes, done));
        updates = new TicketUpdate[tickets];
        for (int i = 0; i < tickets; i++) {
            updates[i] = new TicketUpdate(
                    new Origin(Source.CSV, "a.csv", i + 2),
                    "LF-" + (100_000 + i),
                    Map.of("status", "Resolved"),
                    "",
                    List.of(),
                    List.of(),
                    null);
        }
    }

    private void settle(Dispatch dispatch, Answer answer, Consumer<@Nullable Exception> done) {
        try {
            delivery.permit(dispatch);
            delivery.answered(dispatch, answer);
        } catch (InterruptedException | AttemptFailed e) {
            throw new IllegalStateException(e);
        }
        dispatch.kept().complete(dispatch.receipt());
        done.accept(null);
    }

    @Benchmark
    public CompletableFuture<Receipt> handOver() throws InterruptedException {
        next = next + 1 == tickets ? 0 : next + 1;
        return delivery.deliver(1, updates[next], () -> false);
    }
}
