package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.queue.QueueMessage;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.qpid.jms.message.JmsMessage;
import org.apache.qpid.jms.provider.amqp.message.AmqpJmsMessageFacade;
import org.apache.qpid.proton.amqp.Binary;
import org.jspecify.annotations.Nullable;

/**
 * Takes from a JMS message what is wanted of it, and nothing else: a stranger's properties, whatever they are called,
 * go no further. What cannot be read does not throw.
 */
final class JmsMessages {

    /** A property's name in JMS has no hyphen; AMQP has one, and Camel writes it in its own way. */
    private static final List<String> CARAVAN_ID = List.of("caravan_id", "caravan-id", "caravan_HYPHEN_id");

    private static final List<String> CONTENT_TYPE =
            List.of("JMS_AMQP_ContentType", "Content_Type", "Content_HYPHEN_Type", "content_type", "Content-Type");

    private static final List<String> BY_AMQP = List.of("JMS_AMQP_ORIGINAL_ENCODING");

    private static final String HALF_PAIR =
            "the message's text has half of a surrogate pair in it: expected Unicode text";

    private final String queue;
    private final int maxSize;

    JmsMessages(String queue, int maxSize) {
        this.queue = queue;
        this.maxSize = maxSize;
    }

    /** @throws JMSException if the rest of it is still at the broker, and does not come */
    QueueMessage read(Message message) throws JMSException {
        byte[] body = new byte[0];
        String unreadable = null;
        ClientMessage large = large(message);
        try {
            String characters = characters(message, large);
            if (characters != null) {
                // Each has at least a byte: of a text that is too large, no more than shows it.
                body = (characters.length() > maxSize ? characters.substring(0, maxSize + 1) : characters)
                        .getBytes(StandardCharsets.UTF_8);
                if (!StandardCharsets.UTF_8.newEncoder().canEncode(characters)) {
                    unreadable = HALF_PAIR;
                }
            } else if (large != null) {
                body = LargeBodies.bytes(large, maxSize);
            } else if (message instanceof BytesMessage bytes) {
                body = new byte[(int) Math.min(bytes.getBodyLength(), maxSize + 1L)];
                bytes.readBytes(body);
            } else {
                unreadable = "the message is a " + kind(message) + ": expected text or bytes";
                body = message instanceof MapMessage map ? text(map) : body;
            }
        } catch (IOException | JMSException | RuntimeException e) {
            if (large != null && e instanceof JMSException lost) {
                throw lost;
            }
            unreadable = "the message's body cannot be read (" + e.getMessage() + ")";
        }
        if (body.length > maxSize) {
            unreadable = QueueMessages.tooLarge(maxSize);
            body = Arrays.copyOf(body, maxSize);
        }
        return new QueueMessage(
                id(message),
                property(message, CARAVAN_ID),
                queue,
                body,
                unreadable,
                contentType(message),
                correlationId(message),
                text(() -> message.getJMSReplyTo() == null
                        ? null
                        : message.getJMSReplyTo().toString()),
                property(message, List.of("caravan_dead_letter")),
                Map.of());
    }

    /** Of a text; else null. */
    private @Nullable String characters(Message message, @Nullable ClientMessage large)
            throws IOException, JMSException {
        if (large != null) {
            return LargeBodies.isText(large) ? LargeBodies.text(large, maxSize) : null;
        }
        if (message instanceof TextMessage text) {
            return text.getText() == null ? "" : text.getText();
        }
        return null;
    }

    /** What is to be read with care for its size; else null. */
    private static @Nullable ClientMessage large(Message message) {
        return message instanceof ActiveMQMessage artemis && LargeBodies.has(artemis.getCoreMessage())
                ? artemis.getCoreMessage()
                : null;
    }

    /**
     * Artemis gives a message that was sent by AMQP another JMS ID with each delivery: the sender's own is in a
     * property; where there is none, the broker has a number for it.
     */
    private static String id(Message message) {
        String id = property(message, List.of("NATIVE_MESSAGE_ID"));
        if (id == null && message instanceof ActiveMQMessage sent && property(message, BY_AMQP) != null) {
            id = "number " + sent.getCoreMessage().getMessageID();
        }
        if (id == null) {
            id = text(message::getJMSMessageID);
        }
        return id == null ? "without ID, " + UUID.randomUUID() : id;
    }

    private static String kind(Message message) {
        for (Class<?> type : message.getClass().getInterfaces()) {
            if (type != Message.class && Message.class.isAssignableFrom(type)) {
                return type.getSimpleName();
            }
        }
        return "message without a body";
    }

    private static byte[] text(MapMessage map) throws JMSException {
        Map<String, String> values = new LinkedHashMap<>();
        Enumeration<?> names = map.getMapNames();
        while (names.hasMoreElements()) {
            String name = names.nextElement().toString();
            values.put(name, String.valueOf(map.getObject(name)));
        }
        return values.toString().getBytes(StandardCharsets.UTF_8);
    }

    private interface Getter {
        @Nullable
        String get() throws JMSException;
    }

    /** Null where the provider cannot tell: that is no reason to refuse the message. */
    private static @Nullable String text(Getter getter) {
        try {
            return getter.get();
        } catch (JMSException | RuntimeException cannotTell) {
            return null;
        }
    }

    private static @Nullable String contentType(Message message) {
        if (message instanceof JmsMessage amqp && amqp.getFacade() instanceof AmqpJmsMessageFacade facade) {
            return facade.getContentType() == null
                    ? null
                    : facade.getContentType().toString();
        }
        return property(message, CONTENT_TYPE);
    }

    /** As JMS writes it, of binary too: from that, each client makes the ID again in the type that the sender gave it. */
    private static @Nullable String correlationId(Message message) {
        String text = text(message::getJMSCorrelationID);
        if (text != null) {
            return text;
        }
        return text(() -> {
            byte[] binary = message.getJMSCorrelationIDAsBytes();
            return binary == null
                    ? null
                    : "ID:AMQP_BINARY:" + HexFormat.of().withUpperCase().formatHex(binary);
        });
    }

    private static @Nullable String property(Message message, List<String> names) {
        for (String name : names) {
            String value = text(() -> text(message.getObjectProperty(name)));
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }

    /** AMQP has types that JMS does not convert to text: UUIDs, unsigned numbers, symbols, binary. */
    private static @Nullable String text(@Nullable Object value) {
        byte[] binary = value instanceof Binary amqp
                ? Arrays.copyOfRange(amqp.getArray(), amqp.getArrayOffset(), amqp.getArrayOffset() + amqp.getLength())
                : value instanceof byte[] core ? core : null;
        if (binary == null) {
            return value == null ? null : value.toString();
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(binary))
                    .toString();
        } catch (CharacterCodingException noText) {
            return HexFormat.of().withUpperCase().formatHex(binary);
        }
    }
}
