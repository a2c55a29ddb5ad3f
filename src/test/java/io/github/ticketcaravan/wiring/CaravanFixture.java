package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.csv.CsvLine;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The whole application with the shipped routes, quick retries, and the files it reads and writes. */
final class CaravanFixture {

    static final String TOKEN = "tok-1234-abcd";
    static final String SECRET = "sec&ret-5678";

    private static final Path PROJECT = Path.of(System.getProperty("caravan.project", "."));
    static final Path ROUTES = PROJECT.resolve("routes");

    private final Path folder;
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, String> camel = new HashMap<>();

    CaravanFixture(Path folder, Object url) {
        this.folder = folder;
        settings.put("caravan.endpoint.url", url.toString());
        settings.put("caravan.endpoint.token", TOKEN);
        settings.put("caravan.endpoint.secret", SECRET);
        settings.put("caravan.delivery.retry.delay", "5ms");
        settings.put("caravan.delivery.retry.max-delay", "20ms");
    }

    CaravanFixture with(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /** A key of Camel's own. */
    CaravanFixture withCamel(String key, String value) {
        camel.put(key, value);
        return this;
    }

    Caravan start() {
        Settings all = Settings.of(new Values(Map.of(), Map.of(), settings), folder.resolve("data"));
        return Caravan.start(all, Caravan.Mode.ONE_SHOT, ROUTES, Map.of(), Clock.systemUTC(), "1.2.3");
    }

    /** As {@code caravan run}; but what is looked at every second or two is looked at every tenth of one. */
    Caravan run() throws IOException {
        return run(quickRoutes(folder));
    }

    /** The same with other routes. */
    Caravan run(Path routes) throws IOException {
        Settings all = Settings.of(new Values(Map.of(), Map.of(), settings), folder.resolve("data"));
        Files.createDirectories(all.csv().inbox());
        return Caravan.start(all, Caravan.Mode.RUN, routes, camel, Clock.systemUTC(), "1.2.3");
    }

    static Path quickRoutes(Path folder) throws IOException {
        Path quick = Files.createDirectories(folder.resolve("quick-routes"));
        try (Stream<Path> routes = Files.list(ROUTES)) {
            for (Path route : routes.toList()) {
                Files.writeString(
                        quick.resolve(route.getFileName()),
                        Files.readString(route)
                                .replaceAll("(?m)^( +(delay|period)): [12]000$", "$1: 100")
                                .replace("readLockCheckInterval: 1000\n", "readLockCheckInterval: 100\n"));
            }
        }
        assertThat(Files.readString(quick.resolve("csv-drop.camel.yaml")))
                .contains(" delay: 100\n", "readLockCheckInterval: 100\n");
        return quick;
    }

    Path inbox() {
        return folder.resolve("data/inbox");
    }

    /** The names, without the time before them, of what is in a folder of the data folder. */
    List<String> filesIn(String name) {
        Path files = folder.resolve("data").resolve(name);
        if (!Files.exists(files)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(files)) {
            return list.map(file -> file.getFileName().toString().replaceFirst("^[-0-9TZ]+Z-", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path file(String name, String... lines) {
        try {
            return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows that set the subject of these tickets, one after the other. */
    Path rows(String name, String... tickets) {
        String[] lines = new String[tickets.length + 1];
        lines[0] = "ticket,subject";
        for (int i = 0; i < tickets.length; i++) {
            lines[i + 1] = tickets[i] + ",row " + (i + 2);
        }
        return file(name, lines);
    }

    static ImportSummary importFile(Caravan caravan, Path file) throws IOException {
        return caravan.importFile(new ImportRequest(
                file,
                String.valueOf(file.getFileName()),
                entry -> file.resolveSibling(nameOf(file)),
                false,
                Long.MAX_VALUE,
                true,
                begun -> {}));
    }

    private static String nameOf(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.csv$", "");
    }

    /** The receipt of each row of a file: line number to the cells, by column. */
    static Map<Long, Map<String, String>> results(Path file) {
        Map<Long, Map<String, String>> results = new LinkedHashMap<>();
        List<String> lines = lines(file.resolveSibling(nameOf(file) + ".results.csv"));
        List<String> header = CsvLine.decode(lines.get(0));
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = CsvLine.decode(line);
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < header.size(); i++) {
                row.put(header.get(i), cells.get(i));
            }
            if (results.put(Long.valueOf(cells.get(0)), row) != null) {
                throw new IllegalStateException("two receipts of one row: " + line);
            }
        }
        return results;
    }

    static Path rejected(Path file) {
        return file.resolveSibling(nameOf(file) + ".rejected.csv");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8)
                    .replaceFirst("^\uFEFF", "")
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
