package io.github.ticketcaravan.wiring;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server on the loopback address that shows the very bytes of each request, and answers as it is told. */
final class ScriptedServer implements AutoCloseable {

    static final String APPLIED = json(200, "{\"id\":32}");

    /** Ends the connection in the middle: nothing after what stands before it is sent. */
    static final String CUT = "\0cut";

    /** Ends the connection with a reset. */
    static final String RESET = "\0reset";

    /** Never answers. */
    static final String SILENCE = "\0silence";

    /** Then a byte at a time, without end. */
    static final String DRIP = "\0drip";

    /** Then as many bytes as the client takes, without end. */
    static final String FLOOD = "\0flood";

    /** What is answered, as the bytes of a response, or one of the above. */
    interface Script {
        String answer(Request request);
    }

    /**
     * A request as it came.
     *
     * @param head request line and headers, without the line breaks at their end
     */
    record Request(List<String> head, String body) {

        String line() {
            return head.get(0);
        }

        /** The headers, in order, as {@code Name: value}. */
        List<String> headers() {
            return head.subList(1, head.size());
        }

        /** The form's fields, decoded, in order. */
        Map<String, String> form() {
            Map<String, String> form = new LinkedHashMap<>();
            for (String field : body.split("&", -1)) {
                String[] parts = field.split("=", 2);
                String before = form.put(decoded(parts[0]), decoded(parts[1]));
                if (before != null) {
                    throw new IllegalStateException("sent twice: " + parts[0]);
                }
            }
            return form;
        }

        String ticket() {
            return String.valueOf(form().get("ticket"));
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
    }

    private final ServerSocket listener;
    private final List<Request> requests = new ArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final String scheme;
    private volatile Script script;

    ScriptedServer(Script script) throws IOException {
        this("http", new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), script);
    }

    ScriptedServer(String scheme, ServerSocket listener, Script script) {
        this.scheme = scheme;
        this.listener = listener;
        this.script = script;
        start(this::accept);
    }

    /** Another one at the same address; after this one is closed. */
    ScriptedServer again(Script next) throws IOException {
        return new ScriptedServer(
                scheme, new ServerSocket(listener.getLocalPort(), 200, InetAddress.getLoopbackAddress()), next);
    }

    static String json(int status, String body, String... headers) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " As Scripted\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head + "Content-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n" + body;
    }

    void script(Script next) {
        script = next;
    }

    URI url() {
        return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort());
    }

    List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** How many requests there were for a ticket. */
    long requests(String ticket) {
        return requests().stream()
                .filter(request -> request.ticket().equals(ticket))
                .count();
    }

    /** How many connections there are now. */
    int connections() {
        return connections.size();
    }

    /** Closes those there are; new ones are accepted. */
    void dropConnections() throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
    }

    void forget() {
        synchronized (requests) {
            requests.clear();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listener.accept();
                connections.add(connection);
                start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // That is how it ends.
        }
    }

    private static void start(Runnable runnable) {
        Thread thread = new Thread(runnable, "scripted server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = connection.getInputStream();
            for (Request request = read(in); request != null; request = read(in)) {
                synchronized (requests) {
                    requests.add(request);
                }
                if (!answer(connection, script.answer(request))) {
                    return;
                }
            }
        } catch (IOException clientIsGone) {
            // So there is nobody to answer.
        } finally {
            connections.remove(connection);
        }
    }

    /** False if the connection is to be closed. */
    private static boolean answer(Socket connection, String answer) throws IOException {
        int end = answer.indexOf('\0');
        OutputStream out = connection.getOutputStream();
        out.write((end < 0 ? answer : answer.substring(0, end)).getBytes(StandardCharsets.UTF_8));
        out.flush();
        if (answer.endsWith(SILENCE)) {
            return connection.getInputStream().read() >= 0;
        }
        if (answer.endsWith(DRIP) || answer.endsWith(FLOOD)) {
            neverEnd(out, answer.endsWith(DRIP));
        }
        if (answer.endsWith(RESET)) {
            connection.setSoLinger(true, 0);
        }
        return end < 0;
    }

    /** Until the client closes the connection, which makes writing fail. */
    private static void neverEnd(OutputStream out, boolean drips) throws IOException {
        byte[] more = new byte[drips ? 1 : 64 * 1024];
        Arrays.fill(more, (byte) ' ');
        while (true) {
            out.write(more);
            if (drips) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    private static Request read(InputStream in) throws IOException {
        List<String> head = new ArrayList<>();
        int length = 0;
        while (true) {
            String line = line(in);
            if (line == null) {
                return null;
            }
            if (line.isEmpty()) {
                break;
            }
            head.add(line);
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        line.substring("content-length:".length()).strip());
            }
        }
        return new Request(List.copyOf(head), new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\r")) {
            throw new SocketException("a line that ends without CR: " + text);
        }
        return text.substring(0, text.length() - 1);
    }

    /** Refuses connections from now on and cuts those there are. */
    @Override
    public void close() {
        try {
            listener.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
