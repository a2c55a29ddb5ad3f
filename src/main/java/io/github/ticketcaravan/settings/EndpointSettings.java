package io.github.ticketcaravan.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys {@code caravan.endpoint.*}: the help desk and how to be let in.
 *
 * @param url its base URL without a trailing slash; null where none is configured
 * @param token sent as {@code X-Auth-Token}
 * @param secret sent as {@code X-Auth-Secret}
 * @param application sent as {@code X-Auth-Application} (user tokens need it); null: not sent
 * @param rulesDisabled whether the help desk's automatic rules are switched off for our requests
 * @param connectTimeout until a connection stands
 * @param responseTimeout until the answer begins, and between two pieces of it; with {@code connectTimeout}, the longest
 *     that an attempt takes as a whole
 */
public record EndpointSettings(
        @Nullable URI url,
        @Nullable String token,
        @Nullable String secret,
        @Nullable String application,
        boolean rulesDisabled,
        Duration connectTimeout,
        Duration responseTimeout) {

    /** What the shipped data of the embedded endpoint lets in. */
    static final String PRACTICE_CREDENTIAL = "sandbox";

    static EndpointSettings of(Values values) {
        URI url = url(values);
        String token = headerValue("caravan.endpoint.token", values.secret("caravan.endpoint.token"));
        String secret = headerValue("caravan.endpoint.secret", values.secret("caravan.endpoint.secret"));
        String application =
                headerValue("caravan.endpoint.application", values.optional("caravan.endpoint.application"));
        if (url != null && token == null && secret == null && isLoopback(url)) {
            token = PRACTICE_CREDENTIAL;
            secret = PRACTICE_CREDENTIAL;
        }
        if (url != null && (token == null || secret == null)) {
            String missing = token == null ? "caravan.endpoint.token" : "caravan.endpoint.secret";
            throw new SettingsException(missing + " is empty, but caravan.endpoint.url is " + url
                    + ": set it (in the environment: " + Values.environmentName(missing) + ")");
        }
        return new EndpointSettings(
                url,
                token,
                secret,
                application,
                values.choice("caravan.endpoint.rules", false, Map.of("enabled", false, "disabled", true)),
                values.duration("caravan.endpoint.connect-timeout", Duration.ofSeconds(10), Duration.ofMillis(1)),
                values.duration("caravan.endpoint.response-timeout", Duration.ofSeconds(60), Duration.ofMillis(1)));
    }

    /** Whether this is the embedded endpoint, which practises with its own credentials and a ledger of its own. */
    public boolean isPractice() {
        return url != null && isLoopback(url) && PRACTICE_CREDENTIAL.equals(token);
    }

    /** What may hold a credential is not repeated in the message. */
    private static @Nullable URI url(Values values) {
        String key = "caravan.endpoint.url";
        String expected = "the help desk's base URL, such as https://api.sirportly.com";
        String value = values.optional(key);
        if (value != null && value.chars().anyMatch(c -> c == '@' || c == '?' || c == '#')) {
            throw new SettingsException(key + " has a user, a query or a fragment in it (the value is not shown here):"
                    + " expected " + expected
                    + ", and what lets us in in caravan.endpoint.token and caravan.endpoint.secret");
        }
        return values.parse(key, expected, EndpointSettings::baseUrl);
    }

    private static @Nullable URI baseUrl(String value) {
        try {
            URI url = new URI(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
            boolean usable = ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    && url.getHost() != null
                    && url.getPort() <= 65_535
                    && !url.getRawPath().contains("/api/v");
            return usable ? url : null;
        } catch (URISyntaxException notAUrl) {
            return null;
        }
    }

    private static boolean isLoopback(URI url) {
        String host = url.getHost();
        return host.equalsIgnoreCase("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    /** The value is not repeated in the message, for it may be a secret. */
    private static @Nullable String headerValue(String key, @Nullable String value) {
        if (value != null && !value.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new SettingsException(key + " has a character that no HTTP header can carry:"
                    + " expected printable ASCII without spaces (the value is not shown here)");
        }
        return value;
    }

    @Override
    public String toString() {
        return "EndpointSettings[url=" + url + ", token and secret not shown]";
    }
}
