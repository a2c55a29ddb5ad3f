package io.github.ticketcaravan.settings;

import org.jspecify.annotations.Nullable;

/**
 * The keys {@code caravan.dead-letter.*}.
 *
 * @param forward the Camel endpoint that each dead letter is also sent to, as JSON; null: none
 */
public record DeadLetterSettings(@Nullable String forward) {

    static DeadLetterSettings of(Values values) {
        return new DeadLetterSettings(values.endpoint("caravan.dead-letter.forward"));
    }
}
