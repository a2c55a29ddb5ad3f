package io.github.ticketcaravan.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A wire to a server on this machine that can be cut. */
final class Wire implements Closeable {

    private final int target;
    private final ServerSocket server;
    private final List<Socket> ends = new CopyOnWriteArrayList<>();
    private volatile String farewell;
    private final AtomicInteger connections = new AtomicInteger();

    Wire(int target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** How often somebody has connected. */
    int connections() {
        return connections.get();
    }

    /** Ends every connection, and from now on answers new ones with this line alone. */
    void cut(String line) {
        farewell = line;
        for (Socket end : ends) {
            close(end);
        }
        ends.clear();
    }

    void mend() {
        farewell = null;
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                connections.incrementAndGet();
                String line = farewell;
                if (line == null) {
                    Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                    ends.add(near);
                    ends.add(far);
                    thread(() -> copy(near, far));
                    thread(() -> copy(far, near));
                } else {
                    near.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    close(near);
                }
            }
        } catch (IOException closed) {
            // The end of it.
        }
    }

    private static void copy(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException cut) {
            // As it is meant.
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
    public void close() throws IOException {
        cut("");
        server.close();
    }
}
