package io.github.ticketcaravan.wiring;

import jakarta.jms.JMSException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Interceptor;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.core.protocol.core.Packet;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.SessionReceiveLargeMessage;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.SessionReceiveMessage;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/**
 * Takes of a large message from Artemis the beginning, and no more than that into memory.
 *
 * <p>Artemis' client reads a text as a whole before anybody can ask for its size, but leaves bytes at the broker. So
 * each large message is called bytes as it comes in, whatever it was, and is read as a stream. A compressed one is
 * large, however small it has become.
 */
final class LargeBodies implements Interceptor {

    /** What the sender had called it. */
    private static final SimpleString TYPE = SimpleString.of("caravan_large_type");

    /** Before the characters of a text: whether there is one, and how many bytes it has. */
    private static final int TEXT_BEGINS = 5;

    /** For what is not the body. */
    private static final int HEADERS = 64_000;

    private final long mostOfText;

    /** @param maxSize bytes of the largest text that is read */
    LargeBodies(int maxSize) {
        mostOfText = 2L * maxSize + HEADERS;
    }

    @Override
    public boolean intercept(Packet packet, RemotingConnection connection) {
        if (packet instanceof SessionReceiveLargeMessage large) {
            callBytes(large.getMessage());
        } else if (packet instanceof SessionReceiveMessage small) {
            Message message = small.getMessage();
            if (message.getObjectProperty(Message.HDR_LARGE_COMPRESSED) != null) {
                // Whoever sent it may have written anything there.
                message.putBooleanProperty(Message.HDR_LARGE_COMPRESSED, true);
                callBytes(message);
            } else if (message.getEncodeSize() > mostOfText) {
                // So comes what a broker has translated from AMQP: all at once. A property would make a copy of it.
                message.setUserContext(TYPE, message.toCore().getType());
                message.toCore().setType(Message.BYTES_TYPE);
            }
        }
        return true;
    }

    private static void callBytes(Message message) {
        if (message instanceof ICoreMessage core) {
            core.putByteProperty(TYPE, core.getType());
            core.setType(Message.BYTES_TYPE);
            // The sender's word, which the client wants to have and we do not need.
            core.putLongProperty(Message.HDR_LARGE_BODY_SIZE, 0);
        }
    }

    static boolean has(ClientMessage message) {
        return message.getUserContext(TYPE) != null || message.containsProperty(TYPE);
    }

    static boolean isText(ClientMessage message) {
        return type(message) == Message.TEXT_TYPE;
    }

    private static byte type(ClientMessage message) {
        return message.getUserContext(TYPE) instanceof Byte kept ? kept : message.getByteProperty(TYPE);
    }

    /**
     * The text of a large message, or more than {@code most} characters of it; halves of surrogate pairs as they came.
     *
     * @throws IOException if it is not what it says, and will not be if it comes again
     * @throws JMSException if it did not come to its end: it will come again
     */
    static String text(ClientMessage message, int most) throws IOException, JMSException {
        byte[] text = beginning(message, TEXT_BEGINS + 2L * (most + 1));
        return text.length <= TEXT_BEGINS
                ? ""
                : ByteBuffer.wrap(text, TEXT_BEGINS, text.length - TEXT_BEGINS)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asCharBuffer()
                        .toString();
    }

    /** As {@link #text}: the bytes of one that is no text. */
    static byte[] bytes(ClientMessage message, int most) throws IOException, JMSException {
        boolean isBytes = type(message) == Message.BYTES_TYPE;
        byte[] bytes = beginning(message, isBytes ? most + 1L : 0);
        if (!isBytes) {
            throw new IOException("it is neither text nor bytes");
        }
        return bytes;
    }

    private static byte[] beginning(ClientMessage message, long most) throws IOException, JMSException {
        if (!message.isLargeMessage()) {
            ActiveMQBuffer body = message.getBodyBuffer();
            byte[] bytes = new byte[(int) Math.min(body.readableBytes(), most)];
            body.readBytes(bytes);
            return bytes;
        }
        Beginning beginning = new Beginning(most);
        try {
            message.saveToOutputStream(beginning);
        } catch (ActiveMQException e) {
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw (JMSException)
                    new JMSException("a large message did not come to its end: " + e.getMessage()).initCause(e);
        }
        return beginning.bytes.toByteArray();
    }

    /** Keeps the first bytes, and lets the rest go. */
    private static final class Beginning extends OutputStream {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final long most;

        Beginning(long most) {
            this.most = most;
        }

        @Override
        public void write(int b) {
            if (bytes.size() < most) {
                bytes.write(b);
            }
        }

        @Override
        public void write(byte[] more, int offset, int length) {
            bytes.write(more, offset, (int) Math.min(length, most - bytes.size()));
        }
    }
}
