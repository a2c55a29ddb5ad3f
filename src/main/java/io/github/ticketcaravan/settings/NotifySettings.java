package io.github.ticketcaravan.settings;

import org.jspecify.annotations.Nullable;

/**
 * The keys {@code caravan.notify.*}.
 *
 * @param uri the Camel endpoint that is told what an operator should know; null: only the log is
 */
public record NotifySettings(@Nullable String uri) {

    static NotifySettings of(Values values) {
        return new NotifySettings(values.endpoint("caravan.notify.uri"));
    }

    /** The address may have a secret in it. */
    @Override
    public String toString() {
        return "NotifySettings[uri " + (uri == null ? "empty" : "not shown") + "]";
    }
}
