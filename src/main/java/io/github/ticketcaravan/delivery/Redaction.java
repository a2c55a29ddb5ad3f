package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.settings.EndpointSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Takes our own credentials out of what the endpoint says, before anybody logs or keeps it: an error page may repeat
 * the request's headers. Finds them as they are, percent-encoded and escaped for HTML. Safe for several threads.
 */
public final class Redaction {

    private static final String HIDDEN = "(hidden)";

    private final List<String> secrets;

    private Redaction(Stream<String> secrets) {
        this.secrets = secrets.flatMap(
                        secret -> Stream.of(secret, URLEncoder.encode(secret, StandardCharsets.UTF_8), escaped(secret)))
                .distinct()
                // The longest first, since one may contain another.
                .sorted(Comparator.comparing(String::length).reversed())
                .toList();
    }

    /** Those of an endpoint; none of the embedded one, whose are no secret. */
    public static Redaction of(EndpointSettings endpoint) {
        return new Redaction(
                endpoint.isPractice()
                        ? Stream.of()
                        : Stream.of(endpoint.token(), endpoint.secret()).filter(Objects::nonNull));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    String of(String text) {
        String redacted = text;
        for (String secret : secrets) {
            redacted = redacted.replace(secret, HIDDEN);
        }
        return redacted;
    }
}
