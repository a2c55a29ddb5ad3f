package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.queue.QueueMessage;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** The step of the route {@code ticket-updates}: takes the message of any route as one of a queue. */
public final class QueueMessages {

    /** The header or property with the sender's idempotency key. */
    static final String CARAVAN_ID = "caravan-id";

    /** The header or property with the ID of the dead letter that a message replays. */
    static final String DEAD_LETTER = "caravan_dead_letter";

    private final int maxSize;

    QueueMessages(int maxSize) {
        this.maxSize = maxSize;
    }

    /** A batch of this one message; the name of its queue is the ID of the route it came by. */
    public List<QueueMessage> of(Exchange exchange) throws IOException {
        Message message = exchange.getIn();
        byte[] body = new byte[0];
        String unreadable = null;
        try (InputStream in = message.getBody(InputStream.class)) {
            if (in != null) {
                body = in.readNBytes(maxSize);
                unreadable = in.read() < 0 ? null : tooLarge(maxSize);
            } else if (message.getBody() != null) {
                unreadable = "the message is no text, but "
                        + message.getBody().getClass().getSimpleName();
            }
        }
        return List.of(new QueueMessage(
                message.getMessageId(),
                header(message, CARAVAN_ID),
                String.valueOf(exchange.getFromRouteId()),
                body,
                unreadable,
                header(message, Exchange.CONTENT_TYPE),
                null,
                null,
                header(message, DEAD_LETTER),
                Map.of()));
    }

    /** Why a message of more bytes is not read. */
    static String tooLarge(int maxSize) {
        return "the message is larger than caravan.queue.max-size=" + maxSize
                + " bytes; only its beginning is kept: expected a smaller one, with fewer updates";
    }

    private static @Nullable String header(Message message, String name) {
        return message.getHeader(name, String.class);
    }
}
