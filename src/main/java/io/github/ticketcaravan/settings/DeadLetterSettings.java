package io.github.ticketcaravan.settings;

import org.jspecify.annotations.Nullable;

/**
 * The keys {@code caravan.dead-letter.*}.
 *
 * @param forward the Camel endpoint that each dead letter is also sent to, as JSON; null: none
 */
public record DeadLetterSettings(@Nullable String forward) {

    private static final String FORWARD = "caravan.dead-letter.forward";

    /** A letter has its message in it, of which JSON escapes what is not plain; Kafka's own limit is 1 MB. */
    private static final int KAFKA_REQUEST = 30_000_000;

    /** A name that is no endpoint is a queue or topic of the broker in use. */
    static DeadLetterSettings of(Values values, QueueSettings queue) {
        String forward = values.optional(FORWARD);
        if (forward == null || queue.kind() == QueueSettings.Kind.OFF || !isDestination(forward)) {
            return new DeadLetterSettings(values.endpoint(FORWARD));
        }
        QueueSettings.Destination destination =
                values.parse(FORWARD, "a queue's or topic's name, or a Camel endpoint", QueueSettings::destination);
        if (destination == null || destination.name().equals(queue.name())) {
            throw new SettingsException(FORWARD + "=" + forward + " is caravan.queue.name too: expected another,"
                    + " for every dead letter would be sent again at once, for ever");
        }
        return new DeadLetterSettings(endpoint(destination, queue.kind()));
    }

    private static boolean isDestination(String forward) {
        return forward.indexOf(':') < 0 || forward.startsWith("queue:") || forward.startsWith("topic:");
    }

    private static String endpoint(QueueSettings.Destination destination, QueueSettings.Kind kind) {
        if (kind == QueueSettings.Kind.KAFKA) {
            return "kafka:" + destination.name() + "?maxRequestSize=" + KAFKA_REQUEST;
        }
        return (destination.topic() ? "jms:topic:" : "jms:queue:") + destination.name() + "?jmsMessageType=Text";
    }

    /** The address may have a secret in it. */
    @Override
    public String toString() {
        return "DeadLetterSettings[forward " + (forward == null ? "empty" : "not shown") + "]";
    }
}
