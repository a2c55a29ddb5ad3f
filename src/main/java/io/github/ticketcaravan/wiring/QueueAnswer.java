package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.queue.QueueMessage;

/**
 * What the sender of a message is told.
 *
 * @param json an object, or an array of them where the message had several updates
 */
public record QueueAnswer(QueueMessage message, String json) {

    /** As JMS has it: the correlation ID of the message, or its own ID where it has none. */
    public String correlationId() {
        return message.correlationId() == null ? message.key() : message.correlationId();
    }
}
