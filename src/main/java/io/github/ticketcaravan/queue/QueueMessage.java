package io.github.ticketcaravan.queue;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message as it was taken from a broker.
 *
 * @param key tells it from every other message that its queue or topic ever had, and is the same when it is delivered
 *     again: JMS' message ID; Kafka's partition, offset and time
 * @param caravanId the sender's idempotency key, from the property or header {@code caravan-id}; wins over the key
 * @param name the queue or topic
 * @param body the bytes as they came; where there are too many, only the first of them
 * @param unreadable why the body is no text to be read, such as that it is too large; null where it may be one
 * @param contentType as the sender gave it
 * @param correlationId as the sender gave it; null: the answer carries the message's ID instead
 * @param replyTo where the sender wants the answer, as text to show
 * @param replayOf the ID of the dead letter that the message replays, from the property or header
 *     {@code caravan_dead_letter}
 * @param origin what else tells where it came from, for dead letters: {@code partition}, {@code offset}
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record QueueMessage(
        String key,
        @Nullable String caravanId,
        String name,
        byte[] body,
        @Nullable String unreadable,
        @Nullable String contentType,
        @Nullable String correlationId,
        @Nullable String replyTo,
        @Nullable String replayOf,
        Map<String, String> origin) {

    private static final Pattern TYPE = Pattern.compile("^ID:AMQP_(NO_PREFIX|STRING|UUID|ULONG|BINARY):");

    public QueueMessage {
        origin = Collections.unmodifiableMap(new LinkedHashMap<>(origin));
    }

    /**
     * The message's ID as its sender wrote it, for people and answers. In the key JMS tells by a prefix the type that
     * the ID has in AMQP; the ledger knows messages by that key.
     */
    public String id() {
        return TYPE.matcher(key).replaceFirst("");
    }

    /** A message of which nothing but its text is known. */
    public static QueueMessage of(String key, String name, String body) {
        return new QueueMessage(
                key, null, name, body.getBytes(StandardCharsets.UTF_8), null, null, null, null, null, Map.of());
    }
}
