package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.settings.Values;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All of {@code routes/}, with the shipped configuration. */
class RoutesTest {

    private static final Path PROJECT = Path.of(System.getProperty("caravan.project", "."));
    private static final Path SHIPPED = PROJECT.resolve("routes");

    @TempDir
    private Path folder;

    @Test
    void allOfThemStart() throws Exception {
        // So that no precondition keeps a route from starting.
        Map<String, String> everything = Map.ofEntries(
                Map.entry("caravan.endpoint.url", "http://127.0.0.1:9"),
                Map.entry("caravan.dead-letter.forward", "file:" + folder.resolve("letters")),
                Map.entry("caravan.notify.uri", "http://127.0.0.1:9/hook?key=1"),
                Map.entry("caravan.queue.kind", "embedded"),
                Map.entry("caravan.queue.listen.core", "127.0.0.1:0"),
                Map.entry("caravan.queue.listen.amqp", "127.0.0.1:0"),
                Map.entry(
                        "caravan.mail.senders",
                        PROJECT.resolve("config/senders.yaml").toAbsolutePath().toString()),
                Map.entry("caravan.mail.host", "127.0.0.1"),
                Map.entry("caravan.mail.port", "9"),
                Map.entry("caravan.mail.username", "caravan"),
                Map.entry("caravan.mail.password", "secret"),
                Map.entry("caravan.mail.trusted-authserv-id", "mx.example.com"),
                Map.entry("caravan.mail.smtp.host", "127.0.0.1"),
                Map.entry("caravan.mail.smtp.port", "9"),
                Map.entry("caravan.mail.smtp.from", "caravan@example.com"));
        Map<String, String> kafka = Map.of(
                "caravan.endpoint.url", "http://127.0.0.1:9",
                "caravan.queue.kind", "kafka",
                "caravan.queue.url", "127.0.0.1:9");
        Set<String> started = new TreeSet<>();
        try (Caravan caravan = start(SHIPPED, everything)) {
            started.addAll(caravan.routeIds());
        }
        try (Caravan caravan = start(SHIPPED, kafka)) {
            started.addAll(caravan.routeIds());
        }
        for (Map<String, String> queue : List.of(kafka, Map.of("caravan.queue.kind", "embedded"))) {
            try (Publisher publisher = new Publisher(settings(queue), SHIPPED, Map.of())) {
                started.addAll(publisher.routeIds());
            }
        }
        assertThat(started).containsExactlyInAnyOrderElementsOf(names());
    }

    @ParameterizedTest
    @MethodSource("names")
    void aRouteIsCalledAsItsFile(String name) throws Exception {
        assertThat(Files.readAllLines(file(name)).stream()
                        .filter(line -> line.startsWith("    id: "))
                        .map(line -> line.substring("    id: ".length())))
                .containsExactly(name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void itsHeaderSaysWhatGoesInWhatComesOutAndWhichKeysItHas(String name) throws Exception {
        List<String> header = Files.readAllLines(file(name)).stream()
                .takeWhile(line -> line.startsWith("#"))
                .toList();

        assertThat(header.get(0)).matches("# [A-Z].*");
        for (String part : List.of("#   in    ", "#   out   ", "#   keys  ")) {
            assertThat(header).as(part).anyMatch(line -> line.startsWith(part) && line.length() > part.length());
        }
    }

    /** One misspelling each; the message names it, and the file or the route it is in. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dead-letter   | - setBody:              | - setBoddy:             | setBoddy           | dead-letter.camel.yaml
            csv-import    | streaming: true         | straeming: true         | straeming          | csv-import.camel.yaml
            csv-drop      | idempotent: false       | idempotnt: false        | idempotnt          | csv-drop
            attempt       | followRedirects: false  | followRedirect: false   | followRedirect     | /api/v2/tickets/update
            csv-drop      | {{caravan.csv.inbox}}   | {{caravan.csv.inbx}}    | caravan.csv.inbx   | csv-drop
            attempt       | {{caravan.endpoint.connect-timeout}} | {{caravan.endpoint.connect-timeot}} | caravan.endpoint.connect-timeot | attempt
            csv-drop      | {{caravan.run}}         | {{caravan.rnu}}         | caravan.rnu        | caravan.rnu
            dead-letter   | ref: ledger             | ref: leger              | leger              | dead-letter
            csv-drop-file | method: done            | method: dnoe            | dnoe               | csv-drop-file
            csv-drop-file | method: waits           | method: wiats           | wiats              | csv-drop-file
            attempt       | #endpointClient         | #endpointCleint         | endpointCleint     | attempt
            attempt       | executorService: requests | executorService: reqests | reqests         | attempt
            ticket-update | retryWhileRef: redelivery | retryWhileRef: redelivry | redelivry       | redelivry
            ticket-update | uri: direct:attempt     | uri: direct:atempt      | direct:atempt      | no route begins with
            ticket-update | deadLetterUri: direct:dead-letter | deadLetterUri: direct:deadletter | direct:deadletter | no route begins with
            csv-import    | uri: direct:csv-import  | uri: direct:csv-imprt   | direct:csv-import  | no route begins with
            attempt       | ref: request            | ref: reqest             | reqest             | attempt
            attempt       | #answerHeaders          | #anwserHeaders          | anwserHeaders      | attempt
            ticket-update | expression: valid       | expression: vaild       | vaild              | ticket-update
            csv-drop-file | io.github.ticketcaravan.csv.UnreadableFileException | io.github.ticketcaravan.csv.UnreadableFile | io.github.ticketcaravan.csv.UnreadableFile | csv-drop-file
            """)
    void aMisspellingStopsTheStart(String name, String right, String wrong, String named, String place)
            throws Exception {
        Path routes = copyOfShipped();
        Path file = routes.resolve(name + ".camel.yaml");
        String text = Files.readString(file);
        assertThat(text).contains(right);
        Files.writeString(file, text.replace(right, wrong));

        assertThatThrownBy(() -> start(routes).close())
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("the routes in " + routes + " cannot be started: ")
                .hasMessageContaining(named)
                .hasMessageContaining(place)
                .hasMessageNotContaining("\n")
                .hasCauseInstanceOf(Exception.class);
    }

    @Test
    void aFolderWithoutRoutesIsRefused() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertThatThrownBy(() -> start(empty).close())
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("the routes in " + empty + " cannot be started: ");
    }

    @Test
    void theFolderOfDataIsFreeAgainAfterAStartThatFailed() throws Exception {
        Path routes = copyOfShipped();
        Files.delete(routes.resolve("attempt.camel.yaml"));
        assertThatThrownBy(() -> start(routes).close()).isInstanceOf(SettingsException.class);

        Files.copy(file("attempt"), routes.resolve("attempt.camel.yaml"));

        start(routes).close();
    }

    private Caravan start(Path routes) throws IOException {
        return start(routes, Map.of("caravan.endpoint.url", "http://127.0.0.1:9"));
    }

    private Caravan start(Path routes, Map<String, String> set) throws IOException {
        return Caravan.start(settings(set), Caravan.Mode.RUN, routes, Map.of(), Clock.systemUTC(), "test");
    }

    private Settings settings(Map<String, String> set) throws IOException {
        Properties shipped = new Properties();
        try (Reader reader = Files.newBufferedReader(PROJECT.resolve("config/application.properties"))) {
            shipped.load(reader);
        }
        Map<String, String> file = new HashMap<>();
        shipped.stringPropertyNames().forEach(key -> file.put(key, shipped.getProperty(key)));
        return Settings.of(new Values(file, Map.of(), set), folder.resolve("data"));
    }

    private Path copyOfShipped() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("routes"));
        for (String name : names()) {
            Files.copy(file(name), copy.resolve(name + ".camel.yaml"));
        }
        return copy;
    }

    private static Path file(String name) {
        return SHIPPED.resolve(name + ".camel.yaml");
    }

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(SHIPPED)) {
            return files.map(file -> file.getFileName().toString())
                    .peek(name -> assertThat(name).endsWith(".camel.yaml"))
                    .map(name -> name.substring(0, name.length() - ".camel.yaml".length()))
                    .sorted()
                    .toList();
        }
    }
}
