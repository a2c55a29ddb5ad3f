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
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Stands before a server on this machine that knows no TLS, and speaks it for it. */
final class TlsFront implements Closeable {

    enum Kind {
        /** TLS from the first byte. */
        IMPLICIT,
        /** SMTP that offers STARTTLS (RFC 3207), and takes nothing else before it. */
        STARTTLS,
        /** SMTP whose offer of STARTTLS somebody on the way has taken out. */
        STRIPPED
    }

    private final int target;
    private final Kind kind;
    private final ServerSocket server;
    private final List<String> inClear = new CopyOnWriteArrayList<>();
    private volatile SSLContext certificate;

    TlsFront(int target, Kind kind, SSLContext certificate) {
        this.target = target;
        this.kind = kind;
        this.certificate = certificate;
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

    /** What whoever listens on the way has read. */
    List<String> inClear() {
        return inClear;
    }

    /** Shows another certificate from now on. */
    void show(SSLContext another) {
        certificate = another;
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                thread(() -> serve(near));
            }
        } catch (IOException closed) {
            // The end of it.
        }
    }

    private void serve(Socket near) {
        try (near) {
            if (kind != Kind.IMPLICIT && !isStarted(near)) {
                return;
            }
            SSLSocket safe = (SSLSocket) certificate.getSocketFactory().createSocket(near, null, near.getPort(), true);
            safe.setUseClientMode(false);
            safe.startHandshake();
            try (safe;
                    Socket far = new Socket(InetAddress.getLoopbackAddress(), target)) {
                if (kind == Kind.STARTTLS) {
                    readLine(far.getInputStream());
                }
                far.setTcpNoDelay(true);
                thread(() -> copy(far, safe));
                copy(safe, far);
            }
        } catch (IOException gone) {
            // Perhaps it did not like the certificate.
        }
    }

    /** Up to and with the answer to STARTTLS; false if it does not come to that. */
    private boolean isStarted(Socket near) throws IOException {
        OutputStream out = near.getOutputStream();
        write(out, "220 front.example.com");
        for (String line = readLine(near.getInputStream()); line != null; line = readLine(near.getInputStream())) {
            inClear.add(line);
            String command = line.toUpperCase(Locale.ROOT);
            if (command.startsWith("EHLO")) {
                write(out, kind == Kind.STARTTLS ? "250-front.example.com\r\n250 STARTTLS" : "250 front.example.com");
            } else if (command.equals("STARTTLS")) {
                write(out, "220 go ahead");
                return true;
            } else if (command.equals("QUIT")) {
                write(out, "221 bye");
                return false;
            } else {
                write(out, "530 Must issue a STARTTLS command first");
            }
        }
        return false;
    }

    private static void write(OutputStream out, String lines) throws IOException {
        out.write((lines + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return line.toString().strip();
            }
            line.append((char) b);
        }
        return null;
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException cut) {
            // As the other end has it.
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "tls-front");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
