package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A route that starts, but fails or forgets a step with an update in its hands: the import ends and says so. */
@Timeout(30)
class RouteMistakeTest {

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            ticket-update | uri: direct:attempt         | uri: direct:dead-letter     | 0 | rows.csv,
            attempt       | ref: answered               | ref: missed                 | 0 | rows.csv,
            attempt       | ref: request                | ref: keep                   | 0 | rows.csv,
            dead-letter   | expression: ${body.settled} | expression: ${header.none}  | 2 | rows.csv,
            dead-letter   | expression: dispatch        | expression: nothing         | 2 | Dispatch
            """)
    void theImportEndsAndSaysSo(String route, String right, String wrong, int applied, String said) throws Exception {
        ImportSummary summary = importWith(route, right, wrong);

        assertThat(summary.exitCode()).isEqualTo(3);
        assertThat(summary.stopped()).contains(said);
        assertThat(summary.counts().get(Outcome.APPLIED)).isBetween(0L, (long) applied);
        assertThat(summary.counts().get(Outcome.REJECTED)).isZero();
    }

    private ImportSummary importWith(String route, String right, String wrong) throws IOException {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        try (Stream<Path> shipped = Files.list(CaravanFixture.ROUTES)) {
            for (Path each : shipped.toList()) {
                String text = Files.readString(each);
                if (each.getFileName().toString().equals(route + ".camel.yaml")) {
                    assertThat(text).contains(right);
                    text = text.replace(right, wrong);
                }
                Files.writeString(routes.resolve(each.getFileName()), text);
            }
        }
        try (ScriptedServer server =
                new ScriptedServer(request -> request.body().contains("BAD")
                        ? ScriptedServer.json(422, "{\"errors\":{}}")
                        : ScriptedServer.APPLIED)) {
            Settings settings = Settings.of(
                    new Values(
                            Map.of(),
                            Map.of(),
                            Map.of("caravan.endpoint.url", server.url().toString())),
                    folder.resolve("data"));
            Path file = new CaravanFixture(folder, server.url()).rows("rows.csv", "A", "BAD", "A", "BAD");
            try (Caravan caravan =
                    Caravan.start(settings, Caravan.Mode.ONE_SHOT, routes, Map.of(), Clock.systemUTC(), "test")) {
                return CaravanFixture.importFile(caravan, file);
            }
        }
    }
}
