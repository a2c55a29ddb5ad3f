package io.github.ticketcaravan.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;

/** Answers every request with bytes as they are given, and closes the connection; whatever the bytes mean. */
final class ScriptedServer implements AutoCloseable {

    private final ServerSocket socket;
    private final IntFunction<String> answers;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private ScriptedServer(IntFunction<String> answers) throws IOException {
        this.answers = answers;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    static ScriptedServer always(String answer) throws IOException {
        return new ScriptedServer(number -> answer);
    }

    /** @param answers what the first request, counted from 0, and each after it are answered with */
    static ScriptedServer answering(IntFunction<String> answers) throws IOException {
        return new ScriptedServer(answers);
    }

    static String json(int status, String body) {
        return answer(status, "Content-Type: application/json", body);
    }

    static String html(int status) {
        return answer(status, "Content-Type: text/html", "<html><body>We are elsewhere</body></html>");
    }

    static String answer(int status, String header, String body) {
        return "HTTP/1.1 " + status + " Scripted\r\n" + header + "\r\nConnection: close\r\nContent-Length: "
                + body.getBytes(ISO_8859_1).length + "\r\n\r\n" + body;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** All requests so far, head and body. */
    List<String> requests() {
        return requests;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                int number = requests.size();
                requests.add(read(connection.getInputStream()));
                connection.getOutputStream().write(answers.apply(number).getBytes(ISO_8859_1));
            } catch (IOException closed) {
                // The client has gone, or the test has ended.
            }
        }
    }

    private static String read(InputStream stream) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = stream.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        int length = head.toString()
                .lines()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .sum();
        return head + new String(stream.readNBytes(length), ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
