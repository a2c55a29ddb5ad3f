package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

/** An update as the body of a request. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FormBodyBenchmark {

    @Param({"2", "16"})
    private int parameters;

    private TicketUpdate update;

    @Setup
    public void make() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("status", "Waiting for Staff");
        values.put("priority", "High");
        for (int i = values.size(); i < parameters; i++) {
            values.put("custom[field_" + i + "]", i % 4 == 0 ? "Größe & Gewicht, 100 %" : "plain-value-" + i);
        }
        update = new TicketUpdate(
                new Origin(Source.CSV, "a.csv", 2), "LF-616004", values, "", List.of(), List.of(), null);
    }

    @Benchmark
    public byte[] encode() {
        return FormBody.of(update);
    }
}
