package io.github.ticketcaravan.sandbox;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connection to a sandbox whose bytes a test writes and reads itself. */
final class RawConnection implements AutoCloseable {

    static final String AUTHORISED = "X-Auth-Token: sandbox\r\nX-Auth-Secret: sandbox\r\n";

    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: ([0-9]+)\r\n");

    private final Socket socket;
    private final InputStream in;

    RawConnection(Sandbox sandbox) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), sandbox.port());
        socket.setSoTimeout(10_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** One answer: the status line and headers, and the body that {@code Content-Length} announces. */
    record Response(String head, String body) {

        int status() {
            return Integer.parseInt(head.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        }
    }

    void send(String text) throws IOException {
        out().write(text.getBytes(StandardCharsets.UTF_8));
        out().flush();
    }

    OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    /** Sends headers, with the credentials and the length of the body, and the body. */
    void send(String headers, String body) throws IOException {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        send(headers + AUTHORISED + "Content-Length: " + length + "\r\n\r\n" + body);
    }

    Response read() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the connection ended after: " + head.toString(StandardCharsets.ISO_8859_1));
            }
            head.write(next);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        Matcher length = LENGTH.matcher(text.toLowerCase(Locale.ROOT));
        byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        return new Response(text, new String(body, StandardCharsets.UTF_8));
    }

    /** Everything that still comes, until the other side ends the connection. */
    String readToTheEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
