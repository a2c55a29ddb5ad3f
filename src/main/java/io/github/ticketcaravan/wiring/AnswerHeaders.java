package io.github.ticketcaravan.wiring;

import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.jspecify.annotations.Nullable;

/** Lets those headers of an answer into the message that are looked at, and no other; of the message, none goes out. */
final class AnswerHeaders implements HeaderFilterStrategy {

    static final String RETRY_AFTER = "Retry-After";
    static final String LOCATION = "Location";

    @Override
    public boolean applyFilterToCamelHeaders(String name, @Nullable Object value, Exchange exchange) {
        return true;
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, @Nullable Object value, Exchange exchange) {
        return !name.equalsIgnoreCase(RETRY_AFTER) && !name.equalsIgnoreCase(LOCATION);
    }
}
