package io.github.ticketcaravan;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;
import org.apache.qpid.proton.engine.Collector;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Event;
import org.apache.qpid.proton.engine.Link;
import org.apache.qpid.proton.engine.Receiver;
import org.apache.qpid.proton.engine.Sasl;
import org.apache.qpid.proton.engine.Sender;
import org.apache.qpid.proton.engine.Session;
import org.apache.qpid.proton.engine.Transport;
import org.apache.qpid.proton.message.Message;

/** A broker of AMQP 1.0 that says of itself what it is told to, and answers what is asked of it by a script. */
public final class ScriptedAmqp implements AutoCloseable {

    /** What it does when a link to an address is asked for. */
    public interface Script {
        void attached(Link link, String address);
    }

    /** Grants it. */
    public static final Script GRANT = (link, address) -> link.open();

    /** Leaves whoever asks without an answer. */
    public static final Script SILENCE = (link, address) -> {};

    /** Ends the session instead of answering, as RabbitMQ 3 does. */
    public static Script end(String condition, String description) {
        return (link, address) -> {
            Session session = link.getSession();
            session.setCondition(new ErrorCondition(Symbol.valueOf(condition), description));
            session.close();
        };
    }

    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final Map<Symbol, Object> properties;
    private final boolean anonymous;
    private final BiConsumer<Connection, Transport> whenOpened;
    private final Script script;
    private final List<String> sources = new CopyOnWriteArrayList<>();
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /**
     * @param properties of its open frame
     * @param anonymous whether each message may name its destination itself
     */
    public ScriptedAmqp(Map<String, String> properties, boolean anonymous, Script script) throws IOException {
        this(properties, anonymous, (connection, transport) -> connection.open(), script);
    }

    private ScriptedAmqp(
            Map<String, String> properties,
            boolean anonymous,
            BiConsumer<Connection, Transport> whenOpened,
            Script script)
            throws IOException {
        this.properties = new java.util.HashMap<>();
        properties.forEach((name, value) -> this.properties.put(Symbol.valueOf(name), value));
        this.anonymous = anonymous;
        this.whenOpened = whenOpened;
        this.script = script;
        daemon(this::accept);
    }

    /** One that takes connections and says nothing more. */
    public static ScriptedAmqp mute() throws IOException {
        return new ScriptedAmqp(Map.of(), false, (connection, transport) -> {}, SILENCE);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "scripted AMQP");
        thread.setDaemon(true);
        thread.start();
    }

    public String url() {
        return "amqp://127.0.0.1:" + server.getLocalPort();
    }

    /** The addresses that were asked for to read from. */
    public List<String> sources() {
        return List.copyOf(sources);
    }

    /** The addresses that messages were sent to, or asked for to send to. */
    public List<String> targets() {
        return List.copyOf(targets);
    }

    private void accept() {
        while (!closed) {
            try {
                Socket socket = server.accept();
                daemon(() -> serve(socket));
            } catch (IOException closedNow) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        Transport transport = Proton.transport();
        Sasl sasl = transport.sasl();
        sasl.server();
        sasl.setMechanisms("PLAIN", "ANONYMOUS");
        Connection connection = Proton.connection();
        Collector collector = Proton.collector();
        connection.collect(collector);
        transport.bind(connection);
        byte[] bytes = new byte[4_096];
        try (socket) {
            socket.setSoTimeout(10);
            while (!closed) {
                write(socket, transport);
                int read = read(socket, bytes);
                if (read < 0) {
                    return;
                }
                ByteBuffer input = transport.tail();
                input.put(bytes, 0, read);
                transport.process();
                if (sasl.getState() == Sasl.SaslState.PN_SASL_STEP && sasl.getRemoteMechanisms().length > 0) {
                    sasl.done(Sasl.SaslOutcome.PN_SASL_OK);
                }
                for (Event event = collector.peek(); event != null; event = collector.peek()) {
                    handle(event);
                    collector.pop();
                }
            }
        } catch (IOException | RuntimeException gone) {
            // So is what it served.
        }
    }

    private static int read(Socket socket, byte[] bytes) throws IOException {
        try {
            return socket.getInputStream().read(bytes);
        } catch (SocketTimeoutException nothing) {
            return 0;
        }
    }

    private static void write(Socket socket, Transport transport) throws IOException {
        for (int pending = transport.pending(); pending > 0; pending = transport.pending()) {
            byte[] output = new byte[pending];
            transport.head().get(output);
            socket.getOutputStream().write(output);
            transport.pop(pending);
        }
    }

    private void handle(Event event) {
        switch (event.getType()) {
            case CONNECTION_REMOTE_OPEN -> {
                Connection connection = event.getConnection();
                connection.setContainer("scripted");
                connection.setProperties(properties);
                if (anonymous) {
                    connection.setOfferedCapabilities(new Symbol[] {Symbol.valueOf("ANONYMOUS-RELAY")});
                }
                whenOpened.accept(connection, event.getTransport());
            }
            case CONNECTION_REMOTE_CLOSE -> event.getConnection().close();
            case SESSION_REMOTE_OPEN -> event.getSession().open();
            case SESSION_REMOTE_CLOSE -> event.getSession().close();
            case LINK_REMOTE_OPEN -> attach(event.getLink());
            case LINK_REMOTE_CLOSE, LINK_REMOTE_DETACH -> event.getLink().close();
            case DELIVERY -> take(event.getDelivery());
            default -> {}
        }
    }

    private void attach(Link link) {
        link.setSource(link.getRemoteSource());
        link.setTarget(link.getRemoteTarget());
        String address;
        if (link instanceof Sender) {
            address = ((Source) link.getRemoteSource()).getAddress();
            sources.add(address);
        } else {
            address = ((Target) link.getRemoteTarget()).getAddress();
            if (address != null) {
                targets.add(address);
            }
        }
        script.attached(link, String.valueOf(address));
        if (link instanceof Receiver receiver) {
            receiver.flow(100);
        }
    }

    private void take(Delivery delivery) {
        if (delivery.getLink() instanceof Receiver receiver && delivery.isReadable() && !delivery.isPartial()) {
            byte[] encoded = new byte[delivery.pending()];
            receiver.recv(encoded, 0, encoded.length);
            Message message = Proton.message();
            message.decode(encoded, 0, encoded.length);
            if (((Target) receiver.getRemoteTarget()).getAddress() == null) {
                targets.add(message.getAddress());
            }
            delivery.disposition(Accepted.getInstance());
            delivery.settle();
            receiver.flow(1);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
    }
}
