package io.github.ticketcaravan.wiring;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a broker of AMQP 1.0 wants a queue or topic to be addressed. AMQP leaves it to the broker: most take the name;
 * RabbitMQ has two forms of its own, by version, and each version refuses, or one day will, the other's.
 *
 * <p>A name is turned into an address. An address of RabbitMQ for a queue, in either form, is turned into the one that
 * fits; what begins with a slash otherwise stays as it is.
 */
enum AmqpAddress {
    /** The name. */
    NAME {
        @Override
        String ofQueue(String name) {
            return name;
        }

        @Override
        String ofTopic(String name) {
            return name;
        }
    },

    /**
     * RabbitMQ before 4.0. {@code /queue/NAME}, and the name alone, would declare the queue, and fail where it is
     * durable; {@code /amq/queue/NAME} takes the one that is there.
     */
    RABBITMQ_3 {
        @Override
        String ofQueue(String name) {
            String queue = queue(name);
            return queue == null ? name : "/amq/queue/" + queue.replace("/", "%2F");
        }

        @Override
        String ofTopic(String name) {
            return name.startsWith("/") ? name : "/topic/" + name.replace("/", "%2F");
        }
    },

    /** RabbitMQ from 4.0 on: names are percent-encoded. */
    RABBITMQ_4 {
        @Override
        String ofQueue(String name) {
            String queue = queue(name);
            return queue == null ? name : "/queues/" + encode(queue);
        }

        @Override
        String ofTopic(String name) {
            return name.startsWith("/") ? name : "/exchanges/amq.topic/" + encode(name);
        }
    };

    private static final String UNRESERVED = "-._~";

    abstract String ofQueue(String name);

    abstract String ofTopic(String name);

    /**
     * @param product as the broker calls itself when it is connected to; null: it does not say
     * @param version the same
     */
    static AmqpAddress of(@Nullable String product, @Nullable String version) {
        if (!"RabbitMQ".equals(product)) {
            return NAME;
        }
        return version != null && version.matches("[0-3]\\..*") ? RABBITMQ_3 : RABBITMQ_4;
    }

    /** The queue's name in an address of either form, or without one; null where the address is of something else. */
    private static @Nullable String queue(String name) {
        for (String first : List.of("/amq/queue/", "/queue/")) {
            if (name.startsWith(first)) {
                return name.substring(first.length()).replace("%2F", "/");
            }
        }
        if (name.startsWith("/queues/")) {
            try {
                // It takes a plus for a space, which an address does not mean by it.
                return URLDecoder.decode(
                        name.substring("/queues/".length()).replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException notEncoded) {
                return null;
            }
        }
        return name.startsWith("/") ? null : name;
    }

    private static String encode(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (each & 0xff);
            if ((character < 128 && Character.isLetterOrDigit(character)) || UNRESERVED.indexOf(character) >= 0) {
                encoded.append(character);
            } else {
                encoded.append(String.format("%%%02X", each));
            }
        }
        return encoded.toString();
    }
}
