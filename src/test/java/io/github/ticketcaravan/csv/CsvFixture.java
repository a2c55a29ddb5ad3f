package io.github.ticketcaravan.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ticketcaravan.settings.CsvSettings;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import io.github.ticketcaravan.wiring.CamelCsvParser;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.impl.DefaultCamelContext;

/** Reads CSV files as the tool does, in the time zone Europe/Berlin. */
final class CsvFixture {

    static final int LONGEST_ROW = 10_000_000;

    static final CsvSettings DEFAULTS = settings(UTF_8, null, Map.of(), Set.of());

    static final CsvParser PARSER = new CamelCsvParser(new DefaultCamelContext());

    private static final Path FILES = Path.of("src", "test", "resources", "csv");

    private CsvFixture() {}

    static CsvSettings settings(Charset charset, Character delimiter, Map<String, String> columns, Set<String> ignore) {
        return new CsvSettings(
                Path.of("inbox"), Path.of("done"), Path.of("failed"), charset, delimiter, columns, ignore, LONGEST_ROW);
    }

    static Path readable(String name) {
        return FILES.resolve("readable").resolve(name);
    }

    static Path unreadable(String name) {
        return FILES.resolve("unreadable").resolve(name);
    }

    static CsvFile open(Path file) throws IOException {
        return open(file, DEFAULTS);
    }

    static CsvFile open(Path file, CsvSettings settings) throws IOException {
        return CsvFile.open(file, settings, new UpdateRules(ZoneId.of("Europe/Berlin")), PARSER);
    }

    static List<TicketUpdate> read(Path file) throws IOException {
        return read(file, DEFAULTS);
    }

    /** The updates of the first pass. */
    static List<TicketUpdate> read(Path file, CsvSettings settings) throws IOException {
        List<TicketUpdate> updates = new ArrayList<>();
        try (CsvFile csv = open(file, settings)) {
            csv.check(updates::add);
        }
        return updates;
    }
}
