package io.github.ticketcaravan.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;

/** Calls a sandbox over HTTP, as any client of the help desk would. */
final class SandboxClient {

    static final Path PROJECT = Path.of(System.getProperty("caravan.project", "."));
    static final Path SHIPPED_DATA = PROJECT.resolve("config/sandbox.yaml");
    static final Clock NOON = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);
    static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final Sandbox sandbox;

    SandboxClient(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    static SandboxOptions options() {
        return SandboxOptions.defaults(SHIPPED_DATA).withClock(NOON);
    }

    /** The answer's status, a line break, and its body. */
    record Answer(int status, String body) {
        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    /** POSTs a form that is encoded already. */
    Answer update(String form) throws IOException, InterruptedException {
        return send(request("/api/v2/tickets/update", "sandbox")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    Answer updateWithin(Duration limit, String form) throws IOException, InterruptedException {
        HttpRequest request = request("/api/v2/tickets/update", "sandbox")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .timeout(limit)
                .build();
        HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    CompletableFuture<Integer> statusLater(HttpRequest.Builder request) {
        return HTTP.sendAsync(request.build(), BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path, "sandbox"));
    }

    Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = response(request);
        return new Answer(response.statusCode(), response.body());
    }

    HttpResponse<String> response(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(
                request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /** A GET with an account token whose secret is the same word. */
    HttpRequest.Builder request(String path, String token) {
        return anonymous(path).header("X-Auth-Token", token).header("X-Auth-Secret", token);
    }

    HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(URI.create(sandbox.url() + path));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String fixture(String name) throws IOException {
        return Files.readString(PROJECT.resolve("src/test/resources/sandbox").resolve(name));
    }
}
