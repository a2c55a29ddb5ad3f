package io.github.ticketcaravan.failures;

import io.github.ticketcaravan.KafkaBroker;
import io.github.ticketcaravan.Wire;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** A topic of Kafka with records keyed by their ticket; every one is to be answered. */
final class KafkaTopicSource implements Source {

    private static final String TOPIC = "ticket.updates";
    private static final String RESULTS = "ticket.results";
    private static final String GROUP = "ticket-caravan";
    private static final int PARTITIONS = 4;

    private final Scene scene;
    private final KafkaBroker broker;
    private final List<String> options;
    private final List<Update> staged = new ArrayList<>();
    private int messages;

    /** Clients connect again to where Kafka says that it is: to be cut from it, they have to be told of the wire. */
    KafkaTopicSource(Scene scene) throws Exception {
        this.scene = scene;
        int wired = freePort();
        Wire wire = scene.wireTo(wired);
        broker = KafkaBroker.startWired(scene.folder().resolve("kafka"), wired, wire.port());
        broker.createTopic(TOPIC, PARTITIONS);
        broker.createTopic(RESULTS, 1);
        options = new ArrayList<>(List.of(
                "--set=caravan.queue.kind=kafka",
                "--set=caravan.queue.url=127.0.0.1:" + wire.port(),
                "--set=caravan.queue.results=" + RESULTS));
        options.addAll(scene.pace().kafka());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
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
    public void give() {
        try (KafkaProducer<String, byte[]> producer = broker.producer()) {
            for (Update update : staged) {
                ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                        TOPIC, update.ticket(), update.json().getBytes(StandardCharsets.UTF_8));
                record.headers().add("caravan-id", ("m-" + update.number()).getBytes(StandardCharsets.UTF_8));
                var unused = producer.send(record);
            }
        }
        messages += staged.size();
        staged.clear();
    }

    @Override
    public Map<String, List<Integer>> arrived() {
        return scene.helpDesk().applied();
    }

    @Override
    public @Nullable String unfinished() throws Exception {
        long committed = broker.committed(GROUP, TOPIC);
        if (committed != messages) {
            return committed + " of " + messages + " records are committed";
        }
        Set<String> answered = new HashSet<>();
        broker.records(RESULTS)
                .forEach(answer -> answered.add(
                        new String(answer.headers().lastHeader("caravan-id").value(), StandardCharsets.UTF_8)));
        return answered.size() == messages ? null : answered.size() + " of " + messages + " records are answered";
    }

    @Override
    public String state() {
        return messages + " records committed and answered";
    }

    @Override
    public void close() {
        broker.close();
    }
}
