package io.github.ticketcaravan.failures;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The embedded broker's queue. Its sender tries again until the broker, which ends and starts with {@code run}, has it. */
final class EmbeddedSource implements Source {

    private final Scene scene;
    private final int core;
    private final int amqp;
    private final QueueClient client;
    private final List<Update> staged = new ArrayList<>();
    private final AtomicInteger unsent = new AtomicInteger();
    private final ExecutorService sender = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "sender");
        thread.setDaemon(true);
        return thread;
    });
    private int messages;

    EmbeddedSource(Scene scene) throws IOException {
        this.scene = scene;
        this.core = freePort();
        this.amqp = freePort();
        this.client = new QueueClient(core);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public List<String> options() {
        return List.of(
                "--set=caravan.queue.kind=embedded",
                "--set=caravan.queue.listen.core=127.0.0.1:" + core,
                "--set=caravan.queue.listen.amqp=127.0.0.1:" + amqp,
                "--set=caravan.queue.results=" + QueueClient.RESULTS);
    }

    @Override
    public void stage(List<Update> updates) {
        staged.addAll(updates);
    }

    @Override
    public void give() {
        List<Update> updates = List.copyOf(staged);
        staged.clear();
        messages += updates.size();
        unsent.addAndGet(updates.size());
        sender.execute(() -> send(updates));
    }

    private void send(List<Update> updates) {
        try {
            while (true) {
                try {
                    client.send(updates);
                    unsent.addAndGet(-updates.size());
                    return;
                } catch (JMSException notNow) {
                    TimeUnit.MILLISECONDS.sleep(200);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Map<String, List<Integer>> arrived() {
        return scene.helpDesk().applied();
    }

    @Override
    public @Nullable String unfinished() {
        if (unsent.get() > 0) {
            return unsent + " messages could not be sent to the embedded broker";
        }
        try {
            int left = client.count(QueueClient.UPDATES);
            if (left > 0) {
                return left + " messages are not acknowledged";
            }
            int answered = client.answered();
            return answered == messages ? null : answered + " of " + messages + " messages are answered";
        } catch (JMSException away) {
            return "the embedded broker cannot be reached (" + away.getMessage() + ")";
        }
    }

    @Override
    public String state() {
        return messages + " messages acknowledged and answered";
    }

    @Override
    public void close() {
        sender.shutdownNow();
    }
}
