package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.MultiMap;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestLogTest {

    private Sandbox sandbox;
    private SandboxClient client;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxClient.options().withTickets(1));
        client = new SandboxClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void aRequestIsLoggedWithItsParametersInOrderAndItsStatus() throws Exception {
        client.update("ticket=LF-616004&subject=Gr%C3%BC%C3%9Fe&Custom%5Bnotes%5D=a+b&priority=");

        JsonNode entry = client.get("/sandbox/requests").json().get(0);

        assertThat(entry.get("method").asText()).isEqualTo("POST");
        assertThat(entry.get("path").asText()).isEqualTo("/api/v2/tickets/update");
        assertThat(entry.get("time").asText()).isEqualTo("2026-11-23T12:00:00Z");
        assertThat(entry.get("parameters").toString())
                .isEqualTo(
                        "{\"ticket\":\"LF-616004\",\"subject\":\"Grüße\",\"Custom[notes]\":\"a b\",\"priority\":\"\"}");
        assertThat(entry.get("status").asInt()).isEqualTo(422);
        assertThat(entry.get("fault").isNull()).isTrue();
        assertThat(entry.at("/headers/Content-Type").asText()).isEqualTo("application/x-www-form-urlencoded");
    }

    @Test
    void theNewestComesFirstAndOnlyTheApiIsLogged() throws Exception {
        client.update("ticket=LF-616004&subject=one");
        client.get("/sandbox/requests");
        client.get("/api/v2/objects/statuses");
        client.update("ticket=ZZ-000000");

        JsonNode entries = client.get("/sandbox/requests").json();

        assertThat(entries).hasSize(3);
        assertThat(entries.findValuesAsText("status")).containsExactly("404", "200", "200");
        assertThat(client.get("/sandbox/requests?limit=1").json())
                .hasSize(1)
                .first()
                .isEqualTo(entries.get(0));
    }

    @Test
    void noSecretIsKept() throws Exception {
        client.send(client.anonymous("/api/v2/tickets/update?ticket=LF-616004&custom%5BServer_Password%5D=swordfish")
                .header("X-Auth-Token", "my-token")
                .header("X-Auth-Secret", "my-secret")
                .header("Authorization", "Basic bXk=")
                .header("Cookie", "session=my-session"));

        String log = client.get("/sandbox/requests").body();

        assertThat(log).doesNotContain("my-token", "my-secret", "bXk=", "my-session", "swordfish");
        assertThat(log)
                .contains(
                        "\"X-Auth-Token\":\"(hidden)\"", "\"X-Auth-Secret\":\"(hidden)\"", "Password]\":\"(hidden)\"");
    }

    @Test
    void theLogCanBeEmptied() throws Exception {
        client.update("ticket=LF-616004");

        assertThat(client.send(client.anonymous("/sandbox/requests").DELETE()).status())
                .isEqualTo(204);
        assertThat(client.get("/sandbox/requests").body()).isEqualTo("[]");
    }

    @Test
    void anotherMethodIsNotAllowed() throws Exception {
        assertThat(client.send(client.anonymous("/sandbox/requests").POST(BodyPublishers.noBody()))
                        .body())
                .isEqualTo("{\"error\":\"Use one of GET, HEAD, DELETE\"}");
    }

    @Test
    void theLogIsBoundedByNumberAndBySize() {
        RequestLog log = new RequestLog(Set.of());
        IntStream.range(0, 12_000).forEach(i -> add(log, "short"));
        assertThat(log.latest(Integer.MAX_VALUE)).hasSize(10_000);

        IntStream.range(0, 20).forEach(i -> add(log, "x".repeat(1_000_000)));
        assertThat(log.latest(Integer.MAX_VALUE)).hasSize(15);
    }

    private static void add(RequestLog log, String value) {
        Parameters parameters = new Parameters();
        parameters.put("subject", value);
        log.add(SandboxClient.NOON.instant(), "GET", "/", MultiMap.caseInsensitiveMultiMap(), parameters, List.of());
    }
}
