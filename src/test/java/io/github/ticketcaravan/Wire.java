package io.github.ticketcaravan;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A wire to a server on this machine that can be cut, or fall silent. Safe for several threads. */
public final class Wire implements Closeable {

    /** Below those that the system gives to clients, which could take the port of a wire that refuses. */
    private static final int LOWEST_PORT = 20_000;

    private static final int HIGHEST_PORT = 32_000;

    private final int target;
    private final int port;
    private final List<Connection> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile ServerSocket server;
    private volatile @Nullable String farewell;
    private volatile boolean silent;

    public Wire(int target) {
        this.target = target;
        this.server = listenSomewhere();
        this.port = server.getLocalPort();
        accept(server);
    }

    public int port() {
        return port;
    }

    /** How often somebody has connected. */
    public int connections() {
        return connections.get();
    }

    /** Ends every connection, and from now on answers new ones with this line alone. */
    public synchronized void cut(String line) {
        farewell = line;
        open.forEach(Connection::close);
    }

    /** Resets every connection, and refuses new ones. */
    public synchronized void refuse() {
        close(server);
        open.forEach(Connection::reset);
    }

    /** From now on nothing passes: what is sent is swallowed, whoever connects waits, and nobody is told. */
    public synchronized void fallSilent() {
        silent = true;
        open.forEach(Connection::fallSilent);
    }

    /**
     * Connects again. A connection that had fallen silent stays so for the client. The server has found out by then
     * that its client is gone.
     */
    public synchronized void mend() {
        farewell = null;
        silent = false;
        open.forEach(Connection::giveUpIfSilent);
        if (server.isClosed()) {
            server = listen(port);
            accept(server);
        }
    }

    private static ServerSocket listenSomewhere() {
        while (true) {
            try {
                return open(ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT));
            } catch (BindException taken) {
                // Another one, then.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static ServerSocket listen(int port) {
        try {
            return open(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerSocket open(int port) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    private void accept(ServerSocket listening) {
        thread(() -> {
            try {
                while (true) {
                    serve(listening.accept());
                }
            } catch (IOException closed) {
                // The end of it.
            }
        });
    }

    private synchronized void serve(Socket near) throws IOException {
        connections.incrementAndGet();
        String line = farewell;
        if (line != null) {
            near.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            close(near);
            return;
        }
        try {
            Connection connection = new Connection(near, new Socket(InetAddress.getLoopbackAddress(), target));
            if (silent) {
                connection.fallSilent();
            }
            open.add(connection);
            thread(() -> connection.copy(connection.near, connection.far));
            thread(() -> connection.copy(connection.far, connection.near));
        } catch (IOException nobodyThere) {
            close(near);
        }
    }

    /** Both ends of what somebody has opened. */
    private final class Connection {

        private final Socket near;
        private final Socket far;
        private volatile boolean silent;

        Connection(Socket near, Socket far) {
            this.near = near;
            this.far = far;
        }

        void copy(Socket from, Socket to) {
            byte[] buffer = new byte[8192];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (!silent) {
                        out.write(buffer, 0, read);
                        out.flush();
                    }
                }
            } catch (IOException cut) {
                // As it is meant.
            }
            if (!silent) {
                close();
            }
        }

        void fallSilent() {
            silent = true;
        }

        void giveUpIfSilent() {
            if (silent) {
                Wire.close(far);
                open.remove(this);
            }
        }

        void reset() {
            try {
                near.setSoLinger(true, 0);
            } catch (IOException alreadyClosed) {
                // Then its client knows.
            }
            close();
        }

        void close() {
            open.remove(this);
            Wire.close(near);
            Wire.close(far);
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Closeable end) {
        try {
            end.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        close(server);
        open.forEach(Connection::close);
    }
}
