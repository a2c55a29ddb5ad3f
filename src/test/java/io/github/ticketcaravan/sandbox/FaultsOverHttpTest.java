package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ticketcaravan.sandbox.SandboxClient.Answer;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultsOverHttpTest {

    private static final String RAW_UPDATE = """
            PUT /api/v2/tickets/update?ticket=LF-616004&subject=changed HTTP/1.1\r
            Host: localhost\r
            X-Auth-Token: sandbox\r
            X-Auth-Secret: sandbox\r
            Content-Length: 0\r
            \r
            """;

    private Sandbox sandbox;
    private SandboxClient client;
    private volatile Instant now = SandboxClient.NOON.instant();

    private void start(Faults faults) {
        sandbox = Sandbox.start(SandboxClient.options()
                .withTickets(1)
                .withClock(new MovableClock())
                .withFaults(faults));
        client = new SandboxClient(sandbox);
    }

    private final class MovableClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private static Faults fail(String fault) {
        return new Faults(List.of(Fault.parse(fault)), Duration.ZERO, Duration.ZERO, 0, 1);
    }

    private Answer change() throws Exception {
        return client.update("ticket=LF-616004&subject=changed");
    }

    /** Whether the change was made, once the faults are over. */
    private boolean isChanged() throws Exception {
        client.send(client.anonymous("/sandbox/faults").DELETE());
        String subject = client.get("/api/v2/tickets/ticket?ticket=LF-616004")
                .json()
                .get("subject")
                .asText();
        return subject.equals("changed");
    }

    @ParameterizedTest
    @CsvSource({"503:100%, false", "503:100%:after, true"})
    void aStatusComesBeforeOrAfterTheChange(String fault, boolean changed) throws Exception {
        start(fail(fault));

        Answer answer = change();

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("{\"error\":\"The sandbox plays a 503\"}");
        assertThat(isChanged()).isEqualTo(changed);
        assertThat(client.get("/sandbox/requests").json().get(1).get("fault").asText())
                .isEqualTo(fault);
    }

    @Test
    void aStatusCanSayWhenToComeBack() throws Exception {
        start(fail("429:100%:retry-after=3"));

        HttpResponse<String> answer = client.response(client.request("/api/v2/objects/statuses", "sandbox"));

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("3");
    }

    @ParameterizedTest
    @CsvSource({"html:100%, false", "html:100%:after, true"})
    void aProxysPageComesBeforeOrAfterTheChange(String fault, boolean changed) throws Exception {
        start(fail(fault));

        Answer answer = change();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).startsWith("<!DOCTYPE html>");
        assertThat(isChanged()).isEqualTo(changed);
    }

    @ParameterizedTest
    @CsvSource({"reset:100%, false", "reset:100%:after, true"})
    void theConnectionIsResetBeforeOrAfterTheChange(String fault, boolean changed) throws Exception {
        start(fail(fault));

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sandbox.port())) {
            socket.getOutputStream().write(RAW_UPDATE.getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Connection reset");
        }
        assertThat(isChanged()).isEqualTo(changed);
        assertThat(client.get("/sandbox/requests").json().get(1).get("status").isNull())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"timeout:100%, false", "timeout:100%:after, true"})
    void noAnswerComesBeforeOrAfterTheChange(String fault, boolean changed) throws Exception {
        start(fail(fault));

        assertThatThrownBy(() -> client.updateWithin(Duration.ofMillis(300), "ticket=LF-616004&subject=changed"))
                .isInstanceOf(HttpTimeoutException.class);
        assertThat(isChanged()).isEqualTo(changed);
    }

    @Test
    void theSameSeedMakesTheSameRequestsFail() throws Exception {
        String faults = "{\"fail\": [\"503:30%%\", \"429:20%%\"], \"fault_seed\": %d}";
        start(Faults.none());

        List<Integer> first = statusesWith(faults.formatted(42));
        assertThat(statusesWith(faults.formatted(42))).isEqualTo(first);
        assertThat(statusesWith(faults.formatted(43))).isNotEqualTo(first);
        assertThat(first).contains(200, 503, 429);
    }

    private List<Integer> statusesWith(String faults) throws Exception {
        putFaults(faults);
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            statuses.add(client.get("/api/v2/objects/slas").status());
        }
        return statuses;
    }

    @Test
    void pastTheRateLimitRequestsAreRefusedUntilTimeGoesOn() throws Exception {
        start(new Faults(List.of(), Duration.ZERO, Duration.ZERO, 2, 1));

        assertThat(change().status()).isEqualTo(200);
        assertThat(change().status()).isEqualTo(200);
        HttpResponse<String> refused = client.response(client.request("/api/v2/objects/slas", "sandbox"));
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(refused.body()).isEqualTo("{\"error\":\"Too many requests\"}");

        now = now.plusMillis(500);
        assertThat(change().status()).isEqualTo(200);
        assertThat(change().status()).isEqualTo(429);
    }

    @Test
    void manyDelayedAnswersWaitSideBySide() throws Exception {
        start(new Faults(List.of(), Duration.ofMillis(300), Duration.ofMillis(100), 0, 1));
        long begun = System.nanoTime();

        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(client.statusLater(client.request("/api/v2/objects/slas", "sandbox")));
        }
        for (CompletableFuture<Integer> answer : answers) {
            assertThat(answer.join()).isEqualTo(200);
        }

        // One after the other, they would take half a minute.
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofMillis(300), Duration.ofSeconds(10));
    }

    @Test
    void faultsAreSetShownAndTakenAway() throws Exception {
        start(Faults.none());

        Answer set = putFaults("{\"fail\":[\"503:2%\",\"reset:0.5%:after\"],\"latency\":\"50ms\","
                + "\"latency_jitter\":\"20ms\",\"rate_limit\":50,\"fault_seed\":7}");

        assertThat(set.status()).isEqualTo(200);
        assertThat(set.body())
                .isEqualTo("{\"fail\":[\"503:2%\",\"reset:0.5%:after\"],\"latency\":\"50ms\","
                        + "\"latency_jitter\":\"20ms\",\"rate_limit\":50.0,\"fault_seed\":7}");
        assertThat(client.get("/sandbox/faults").body()).isEqualTo(set.body());
        client.send(client.anonymous("/sandbox/faults").DELETE());
        assertThat(client.get("/sandbox/faults").body())
                .isEqualTo("{\"fail\":[],\"latency\":\"0ms\",\"latency_jitter\":\"0ms\",\"rate_limit\":0.0,"
                        + "\"fault_seed\":1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | the body must be a JSON object such as {\"fail\": [\"503:2%\"]}",
                "{\"fails\":[]} | 'fails' is not known here: use fail, latency, latency_jitter, rate_limit and fault_seed",
                "{\"fail\":\"503:2%\"} | 'fail' must be a list such as [\"503:2%\"]",
                "{\"latency\":\"long\"} | 'long' is no duration: write for example 50ms, 2s or 1m",
                "{\"latency\":\"2m\"} | a latency of 120000ms is out of range: give from 0ms to 60s",
                "{\"rate_limit\":\"5\"} | 'rate_limit' must be a number",
                "{\"rate_limit\":-5} | a rate limit of -5.0 is out of range: give requests a second, or 0 for no limit"
            })
    void whatIsNoFaultsIsRefusedAndChangesNothing(String body, String message) throws Exception {
        start(Faults.none());
        String before = client.get("/sandbox/faults").body();

        Answer answer = putFaults(body);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("error").asText()).isEqualTo(message);
        assertThat(client.get("/sandbox/faults").body()).isEqualTo(before);
    }

    private Answer putFaults(String body) throws Exception {
        return client.send(client.anonymous("/sandbox/faults")
                // As curl -d has it.
                .header("Content-Type", "application/x-www-form-urlencoded")
                .PUT(BodyPublishers.ofString(body)));
    }
}
