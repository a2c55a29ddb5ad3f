package io.github.ticketcaravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ticketcaravan.sandbox.Sandbox;
import io.github.ticketcaravan.sandbox.SandboxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** The embedded help desk, what it was sent, and its bad days. */
final class HelpDesk implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(Cli.PROJECT.resolve("config/sandbox.yaml")));

    URI url() {
        return sandbox.url();
    }

    /** How many requests it had since {@link #forget}. */
    long requests() {
        return send(request("/sandbox/requests?limit=1"))
                .headers()
                .firstValueAsLong("X-Total-Count")
                .orElseThrow();
    }

    /** What it was sent since {@link #forget}, the newest first. */
    JsonNode log() {
        try {
            return JSON.readTree(send(request("/sandbox/requests")).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void forget() {
        send(request("/sandbox/requests").DELETE());
    }

    /** References that it knows. */
    List<String> tickets() {
        HttpRequest.Builder all =
                request("/api/v2/tickets/all").header("X-Auth-Token", "sandbox").header("X-Auth-Secret", "sandbox");
        try {
            return JSON.readTree(send(all).body()).path("records").findValuesAsText("reference");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param fault such as {@code 503:100%} */
    void fail(String fault) {
        send(request("/sandbox/faults").PUT(BodyPublishers.ofString("{\"fail\": [\"" + fault + "\"]}")));
    }

    void recover() {
        send(request("/sandbox/faults").DELETE());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(sandbox.url().resolve(path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IllegalStateException(response.body());
            }
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
