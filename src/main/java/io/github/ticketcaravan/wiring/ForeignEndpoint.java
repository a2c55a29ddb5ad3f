package io.github.ticketcaravan.wiring;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint of Camel that an operator has named, such as a webhook. User, path and query of its address may let
 * anybody in who knows them, so that only scheme and host are ever told.
 */
final class ForeignEndpoint {

    private static final String HIDDEN = "...";
    private static final int SHORTEST = 4;
    private static final Pattern PARTS =
            Pattern.compile("[^:]*:/*(?:(?<user>[^/?@]*)@)?[^/?]*(?<path>/[^?]*)?(?:\\?(?<query>.*))?", Pattern.DOTALL);

    private final @Nullable String uri;

    /** @param uri null where there is none */
    ForeignEndpoint(@Nullable String uri) {
        this.uri = uri;
    }

    /** Where it is, and what it answered or of what kind the failure is. */
    String describe(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root && !(root instanceof HttpOperationFailedException)) {
            root = root.getCause();
        }
        String what = root instanceof HttpOperationFailedException answer
                ? "HTTP " + answer.getStatusCode()
                : root.getClass().getSimpleName();
        return place() + ": " + what;
    }

    private String place() {
        if (uri == null) {
            return "";
        }
        String scheme = uri.substring(0, Math.max(0, uri.indexOf(':')));
        String host = host(uri);
        return host == null ? scheme : scheme + "://" + host;
    }

    private static @Nullable String host(String uri) {
        try {
            return new URI(uri).getHost();
        } catch (URISyntaxException notOneOfTheWeb) {
            return null;
        }
    }

    /** The text without what of the address may be secret, as it stands there and as Camel writes it. */
    String redact(String text) {
        String redacted = text;
        for (String secret : secrets()) {
            redacted = redacted.replace(secret, HIDDEN);
        }
        return redacted;
    }

    /** The longest first, since one may contain another. */
    private List<String> secrets() {
        if (uri == null) {
            return List.of();
        }
        Matcher parts = PARTS.matcher(uri);
        if (!parts.matches()) {
            return List.of();
        }
        boolean isOnTheWeb = host(uri) != null;
        return Stream.of(
                        textOf(parts, "user").split(":", -1),
                        isOnTheWeb ? textOf(parts, "path").split("/", -1) : new String[0],
                        textOf(parts, "query").split("[&;=]", -1))
                .flatMap(Stream::of)
                .filter(part -> part.length() >= SHORTEST)
                .flatMap(part -> Stream.of(part, decoded(part)))
                .sorted(Comparator.comparing(String::length).reversed())
                .toList();
    }

    private static String textOf(Matcher parts, String name) {
        String text = parts.group(name);
        return text == null ? "" : text;
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return part;
        }
    }
}
