package io.github.ticketcaravan.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * OAuth 2 access tokens for a mailbox (RFC 6749): by refresh token where there is one, else by client credentials.
 *
 * <p>A token is used until a minute, or a tenth of its life, before its end; then the next is fetched. Where the token
 * server hands out a new refresh token, it takes the place of the old one until the next start. Safe for several
 * threads. No token and no secret is in any message.
 */
public final class AccessTokens {

    private static final Duration MARGIN = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long USUAL_LIFE_SECONDS = 3_600;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI url;
    private final String clientId;
    private final @Nullable String clientSecret;
    private final @Nullable String scope;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private @Nullable String refreshToken;
    private @Nullable String token;
    private Instant usableUntil = Instant.MIN;

    /**
     * @param url the token endpoint
     * @param refreshToken null: client credentials
     */
    public AccessTokens(
            URI url,
            String clientId,
            @Nullable String clientSecret,
            @Nullable String refreshToken,
            @Nullable String scope,
            Clock clock) {
        this.url = url;
        this.clientId = clientId;
        this.clientSecret = clientSecret;
        this.refreshToken = refreshToken;
        this.scope = scope;
        this.clock = clock;
    }

    /**
     * One that is still good for a while.
     *
     * @throws IOException in one sentence, if the token server gives none
     */
    public synchronized String current() throws IOException {
        String known = token;
        if (known == null || !clock.instant().isBefore(usableUntil)) {
            known = fetch();
            token = known;
        }
        return known;
    }

    /** Has the next one fetched anew: the mail server has refused this one. */
    public synchronized void forget() {
        token = null;
    }

    private String fetch() throws IOException {
        HttpResponse<String> response = post();
        JsonNode answer = read(response.body());
        JsonNode access = answer.path("access_token");
        if (response.statusCode() != 200 || !access.isTextual()) {
            throw new IOException("the token server " + url.getHost() + " gives no access token (HTTP "
                    + response.statusCode() + said(answer)
                    + "): look at caravan.mail.oauth2.client-id, client-secret, refresh-token and scope");
        }
        Duration life = Duration.ofSeconds(answer.path("expires_in").asLong(USUAL_LIFE_SECONDS));
        Duration tenth = life.dividedBy(10);
        usableUntil = clock.instant().plus(life).minus(tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN);
        if (refreshToken != null && answer.path("refresh_token").isTextual()) {
            refreshToken = answer.path("refresh_token").asText();
        }
        return access.asText();
    }

    private HttpResponse<String> post() throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", refreshToken == null ? "client_credentials" : "refresh_token");
        put(form, "refresh_token", refreshToken);
        form.put("client_id", clientId);
        put(form, "client_secret", clientSecret);
        put(form, "scope", scope);
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        try {
            // The time-out of the request ends with the headers of the answer.
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unreachable(e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the token server", e);
        }
    }

    private IOException unreachable(Throwable cause) {
        return new IOException(
                "the token server " + url.getHost() + " cannot be reached (" + cause + "): look at"
                        + " caravan.mail.oauth2.token-url and the network",
                cause);
    }

    private static void put(Map<String, String> form, String name, @Nullable String value) {
        if (value != null) {
            form.put(name, value);
        }
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (IOException notJson) {
            return JSON.missingNode();
        }
    }

    /** The error code of RFC 6749, section 5.2; never its description, which may repeat what was sent. */
    private static String said(JsonNode answer) {
        String error = answer.path("error").asText("");
        return error.matches("[a-z_]{1,40}") ? ", " + error : "";
    }
}
