package io.github.ticketcaravan.csv;

import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
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

/** The cells of a row as an update, checked by every rule. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowBenchmark {

    @Param({"3", "17"})
    private int cells;

    private final UpdateRules rules = new UpdateRules(ZoneOffset.UTC);
    private Columns columns;
    private CsvParser.Row row;

    @Setup
    public void make() throws Exception {
        List<String> header = new ArrayList<>(List.of("ticket", "status", "priority"));
        List<String> values = new ArrayList<>(List.of("LF-616004", "Waiting for Staff", "High"));
        if (cells > 3) {
            header.add("reply_due_at");
            values.add("2026-11-23 19:50");
        }
        for (int i = header.size(); i < cells; i++) {
            header.add("custom[field_" + i + "]");
            values.add("plain-value-" + i);
        }
        Settings settings = Settings.of(new Values(Map.of(), Map.of(), Map.of()), Path.of("data"));
        columns = Columns.of("a.csv", new CsvParser.Row(1, 1, header), new Columns.Names(settings.csv()));
        row = new CsvParser.Row(2, 2, values);
    }

    @Benchmark
    public TicketUpdate toUpdate() {
        return columns.update(row, "a.csv", ',', rules);
    }
}
