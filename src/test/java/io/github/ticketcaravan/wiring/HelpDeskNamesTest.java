package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.settings.EndpointSettings;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HelpDeskNamesTest {

    private static HelpDeskNames names(ScriptedServer server) {
        EndpointSettings endpoint = Settings.of(
                        new Values(
                                Map.of(),
                                Map.of(),
                                Map.of(
                                        "caravan.endpoint.url",
                                        server.url().toString(),
                                        "caravan.endpoint.token",
                                        CaravanFixture.TOKEN,
                                        "caravan.endpoint.secret",
                                        CaravanFixture.SECRET,
                                        "caravan.endpoint.connect-timeout",
                                        "1s",
                                        "caravan.endpoint.response-timeout",
                                        "300ms")),
                        Path.of(""))
                .endpoint();
        return new HelpDeskNames(endpoint, Clock.systemUTC());
    }

    @Test
    void theNearestNamesAreFetchedOnceWithOurCredentials() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                request -> ScriptedServer.json(200, "[{\"name\":\"Resolved\"},{\"name\":\"New\"}]"))) {
            HelpDeskNames names = names(server);

            assertThat(names.nearest(Map.of("status", "Nwe"))).isEqualTo(Map.of("status", List.of("New", "Resolved")));
            assertThat(names.nearest(Map.of("status", "new"))).isEmpty();
            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().get(0).line()).isEqualTo("GET /api/v2/objects/statuses HTTP/1.1");
            assertThat(server.requests().get(0).headers())
                    .contains("X-Auth-Token: " + CaravanFixture.TOKEN, "X-Auth-Secret: " + CaravanFixture.SECRET);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ScriptedServer.DRIP, ScriptedServer.FLOOD, ScriptedServer.SILENCE, ScriptedServer.RESET})
    void aListThatNeverEndsHasNoNamesAndItsConnectionIsClosed(String end) throws Exception {
        String beginning = "HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n[";
        try (ScriptedServer server = new ScriptedServer(request -> beginning + end)) {
            assertThat(names(server).nearest(Map.of("status", "Nwe"))).isEmpty();

            await().untilAsserted(() -> assertThat(server.connections()).isZero());
            assertThat(server.requests()).hasSize(1);
        }
    }
}
