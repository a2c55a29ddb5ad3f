package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.sandbox.Fault;
import io.github.ticketcaravan.sandbox.Faults;
import io.github.ticketcaravan.sandbox.Sandbox;
import io.github.ticketcaravan.sandbox.SandboxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Imports into the embedded endpoint. */
@Timeout(60)
class SandboxImportTest {

    private static final Path DATA =
            Path.of(System.getProperty("caravan.project", ".")).resolve("config/sandbox.yaml");

    @TempDir
    private Path folder;

    private CaravanFixture fixture(Sandbox sandbox) {
        return new CaravanFixture(folder, sandbox.url())
                .with("caravan.endpoint.token", "sandbox")
                .with("caravan.endpoint.secret", "sandbox");
    }

    private static JsonNode requests(Sandbox sandbox) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(sandbox.url() + "/sandbox/requests"))
                .build();
        return new ObjectMapper()
                .readTree(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofByteArray())
                        .body());
    }

    @Test
    void aFileThatUsesEveryParameterIsAppliedAndEachOfThemArrives() throws Exception {
        Map<String, String> parameters = TransportTest.EveryParameter.withoutContactMethod();
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(DATA))) {
            CaravanFixture fixture = fixture(sandbox);
            String[] contactMethod = {"ticket,contact_method", "OC-820409,3"};
            try (Caravan caravan = fixture.start()) {
                for (Path file : List.of(
                        fixture.file("every.csv", TransportTest.EveryParameter.csv(parameters)),
                        fixture.file("contact.csv", contactMethod))) {
                    ImportSummary summary = CaravanFixture.importFile(caravan, file);
                    assertThat(summary.exitCode())
                            .as("%s", CaravanFixture.results(file))
                            .isZero();
                }
            }

            JsonNode requests = requests(sandbox);
            assertThat(requests).hasSize(2);
            assertThat(received(requests.get(1)))
                    .containsExactlyInAnyOrderEntriesOf(TransportTest.EveryParameter.asReceived(parameters));
            assertThat(received(requests.get(0))).isEqualTo(Map.of("ticket", "OC-820409", "contact_method", "3"));
        }
    }

    private static Map<String, String> received(JsonNode request) {
        Map<String, String> parameters = new LinkedHashMap<>();
        request.get("parameters")
                .properties()
                .forEach(parameter ->
                        parameters.put(parameter.getKey(), parameter.getValue().asText()));
        return parameters;
    }

    @Test
    void onABadDayEveryRowIsAppliedAndTheLastOfATicketIsWhatItIs() throws Exception {
        Faults faults = new Faults(
                List.of(
                        Fault.parse("503:5%"),
                        Fault.parse("500:3%:after"),
                        Fault.parse("429:2%"),
                        Fault.parse("reset:3%"),
                        Fault.parse("reset:3%:after"),
                        Fault.parse("html:3%")),
                Duration.ofMillis(1),
                Duration.ofMillis(2),
                0,
                616_004);
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(DATA).withFaults(faults))) {
            CaravanFixture fixture = fixture(sandbox).with("caravan.delivery.concurrency", "8");
            String[] tickets = IntStream.range(0, 300)
                    .mapToObj(row -> row % 3 == 0 ? "LF-616004" : "OC-820409")
                    .toArray(String[]::new);
            Path file = fixture.rows("bad-day.csv", tickets);
            try (Caravan caravan = fixture.start()) {
                ImportSummary summary = CaravanFixture.importFile(caravan, file);
                assertThat(summary.stopped()).isNull();
                assertThat(summary.counts().get(Outcome.APPLIED)).isEqualTo(300);
            }

            assertThat(CaravanFixture.results(file)).hasSize(300);
            Map<String, Integer> lastRow = new LinkedHashMap<>();
            JsonNode requests = requests(sandbox);
            for (int i = requests.size() - 1; i >= 0; i--) {
                Map<String, String> received = received(requests.get(i));
                int row = Integer.parseInt(received.get("subject").substring("row ".length()));
                int before = lastRow.merge(received.get("ticket"), row, Math::max);
                assertThat(row).as("no request of a ticket after a later one").isEqualTo(before);
            }
            assertThat(lastRow).isEqualTo(Map.of("LF-616004", 299, "OC-820409", 301));
        }
    }
}
