package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.MovableClock;
import io.github.ticketcaravan.ledger.Import;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.update.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that runs for months forgets what it no longer has to keep. */
class LedgerKeepingTest {

    @TempDir
    private Path folder;

    @Test
    void whatGetsTooOldIsForgottenWhileItRuns() throws Exception {
        Path routes = CaravanFixture.quickRoutes(folder);
        Path prune = routes.resolve("ledger-prune.camel.yaml");
        String hourly = Files.readString(prune);
        assertThat(hourly).contains("period: 3600000\n");
        Files.writeString(prune, hourly.replace("period: 3600000\n", "period: 50\n"));
        Settings settings = Settings.of(
                new Values(
                        Map.of(),
                        Map.of(),
                        Map.of("caravan.endpoint.url", "http://localhost:1", "caravan.ledger.keep", "2d")),
                folder.resolve("data"));
        Files.createDirectories(settings.csv().inbox());
        MovableClock clock = new MovableClock(Instant.parse("2026-11-23T12:00:00Z"));
        try (Caravan caravan = Caravan.start(settings, Caravan.Mode.RUN, routes, Map.of(), clock, "test")) {
            Import old = caravan.ledger().begin("old", Source.CSV, "old.csv", null, 1);
            caravan.ledger().finish(old.id(), 0);
            clock.forward(Duration.ofDays(1));
            Import young = caravan.ledger().begin("young", Source.CSV, "young.csv", null, 1);
            caravan.ledger().finish(young.id(), 0);
            assertThat(caravan.ledger().latest("old")).isPresent();

            clock.forward(Duration.ofHours(25));

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> caravan.ledger().latest("old").isEmpty());
            assertThat(caravan.ledger().latest("young")).isPresent();
        }
    }
}
