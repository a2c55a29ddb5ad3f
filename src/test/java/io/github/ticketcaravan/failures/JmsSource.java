package io.github.ticketcaravan.failures;

import io.github.ticketcaravan.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A queue of a broker elsewhere, read by Artemis' own protocol or by AMQP 1.0; every message is to be answered. */
final class JmsSource implements Source {

    private final Scene scene;
    private final ForeignBroker broker;
    private final QueueClient client;
    private final List<String> options;
    private final List<Update> staged = new ArrayList<>();
    private int messages;

    private JmsSource(Scene scene, String protocol, String kind) throws Exception {
        this.scene = scene;
        this.broker = new ForeignBroker(QueueClient.UPDATES, QueueClient.RESULTS);
        this.client = new QueueClient(broker.port("CORE"));
        Wire wire = scene.wireTo(broker.port(protocol));
        String url = kind.equals("jms")
                ? "tcp://127.0.0.1:" + wire.port() + scene.pace().artemis()
                : "amqp://127.0.0.1:" + wire.port() + scene.pace().amqp();
        this.options = List.of(
                "--set=caravan.queue.kind=" + kind,
                "--set=caravan.queue.url=" + url,
                "--set=caravan.queue.results=" + QueueClient.RESULTS);
    }

    static JmsSource jms(Scene scene) throws Exception {
        return new JmsSource(scene, "CORE", "jms");
    }

    static JmsSource amqp(Scene scene) throws Exception {
        return new JmsSource(scene, "AMQP", "amqp");
    }

    @Override
    public List<String> options() {
        return options;
    }

    @Override
    public void stage(List<Update> updates) {
        staged.addAll(updates);
    }

    @Override
    public void give() throws Exception {
        client.send(staged);
        messages += staged.size();
        staged.clear();
    }

    @Override
    public Map<String, List<Integer>> arrived() {
        return scene.helpDesk().applied();
    }

    @Override
    public @Nullable String unfinished() throws Exception {
        long left = broker.messages(QueueClient.UPDATES);
        if (left > 0) {
            return left + " messages are not acknowledged";
        }
        int answered = client.answered();
        return answered == messages ? null : answered + " of " + messages + " messages are answered";
    }

    @Override
    public String state() {
        return messages + " messages acknowledged and answered";
    }

    @Override
    public void close() {
        broker.close();
    }
}
