package io.github.ticketcaravan;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A help desk that remembers, ticket by ticket, the numbers that each {@code subject} was set to, in that order. Safe
 * for several threads.
 */
public final class RememberingHelpDesk implements AutoCloseable {

    static {
        // Else each answer waits for the client's delayed acknowledgement of its header.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(32, work -> {
        Thread thread = new Thread(work, "help desk");
        thread.setDaemon(true);
        return thread;
    });
    private final @Nullable Random badDays;
    private final Map<String, List<Integer>> applied = new HashMap<>();
    private final Map<String, Map<String, String>> tickets = new HashMap<>();
    private int requests;
    private volatile CountDownLatch answers = new CountDownLatch(0);
    private volatile boolean refuses;
    private volatile long millis = 2;

    private RememberingHelpDesk(@Nullable Random badDays) {
        this.badDays = badDays;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public static RememberingHelpDesk reliable() {
        return new RememberingHelpDesk(null);
    }

    /** In 4% of the requests something goes wrong; in a quarter of these, after the change was made. */
    public static RememberingHelpDesk withBadDays(long seed) {
        return new RememberingHelpDesk(new Random(seed));
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** How long it takes for an answer; 2 ms by itself. */
    public void answerAfter(long newMillis) {
        millis = newMillis;
    }

    /** Carries out, but answers only when the latch is open. */
    public void holdAnswers(CountDownLatch until) {
        answers = until;
    }

    /** Whether every update is answered with 422; none of them is remembered. */
    public void refuse(boolean all) {
        refuses = all;
    }

    /** How many it has carried out or refused for good. */
    public synchronized int requests() {
        return requests;
    }

    /** What each ticket was told, in that order. */
    public synchronized Map<String, List<Integer>> applied() {
        Map<String, List<Integer>> copy = new HashMap<>();
        applied.forEach((ticket, numbers) -> copy.put(ticket, List.copyOf(numbers)));
        return copy;
    }

    /** What each ticket is now. */
    public synchronized Map<String, Map<String, String>> tickets() {
        Map<String, Map<String, String>> copy = new HashMap<>();
        tickets.forEach((ticket, values) -> copy.put(ticket, Map.copyOf(values)));
        return copy;
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(exchange.getRequestBody().readAllBytes());
        int fault = fault();
        pause();
        if (fault < 4) {
            answer(exchange, 503, "{}");
            return;
        }
        if (fault < 6) {
            answer(exchange, 429, "{}");
            return;
        }
        boolean isRefused = refuses;
        remember(form, isRefused);
        if (isRefused) {
            answer(exchange, 422, "{\"errors\":{\"subject\":[\"is not liked today\"]}}");
            return;
        }
        try {
            answers.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Carried out, but the answer is lost.
        answer(exchange, fault < 8 ? 502 : 200, "{\"id\":1}");
    }

    private synchronized int fault() {
        return badDays == null ? Integer.MAX_VALUE : badDays.nextInt(200);
    }

    private synchronized void remember(Map<String, String> form, boolean isRefused) {
        requests++;
        // Delivery asks for a ticket that cannot exist, to know whether anybody is there.
        if (form.containsKey("subject") && !isRefused) {
            String name = String.valueOf(form.get("ticket"));
            tickets.computeIfAbsent(name, ticket -> new HashMap<>()).putAll(form);
            applied.computeIfAbsent(name, ticket -> new ArrayList<>()).add(Integer.valueOf(form.get("subject")));
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length());
        exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
        exchange.close();
    }

    private static Map<String, String> form(byte[] body) {
        Map<String, String> form = new HashMap<>();
        for (String field : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
            String[] parts = field.split("=", 2);
            form.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return form;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
