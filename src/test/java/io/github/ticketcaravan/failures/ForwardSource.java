package io.github.ticketcaravan.failures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ticketcaravan.Wire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dead letters that {@code caravan run} forwards to a broker's queue: files of the inbox, all of whose rows are refused. */
final class ForwardSource implements Source {

    private static final String FORWARDED = "ticket.updates.dead";
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Fewer than those of which the half would be held. */
    private static final int ROUNDS_A_FILE = 6;

    private final Scene scene;
    private final Path inbox;
    private final ForeignBroker broker;
    private final QueueClient client;
    private final List<String> options;
    private final List<Path> staged = new ArrayList<>();
    private int files;
    private int letters;

    ForwardSource(Scene scene) throws Exception {
        this.scene = scene;
        this.inbox = Files.createDirectories(scene.data().resolve("inbox"));
        this.broker = new ForeignBroker(QueueClient.UPDATES, FORWARDED);
        this.client = new QueueClient(broker.port("CORE"));
        Wire wire = scene.wireTo(broker.port("CORE"));
        this.options = List.of(
                "--set=caravan.queue.kind=jms",
                "--set=caravan.queue.url=tcp://127.0.0.1:" + wire.port()
                        + scene.pace().artemis(),
                "--set=caravan.dead-letter.forward=jms:queue:" + FORWARDED);
        scene.helpDesk().refuse(true);
    }

    @Override
    public List<String> options() {
        return options;
    }

    @Override
    public void stage(List<Update> updates) throws Exception {
        int rows = ROUNDS_A_FILE * Work.TICKETS;
        for (int from = 0; from < updates.size(); from += rows) {
            Path file = scene.data().resolve(String.format("refused%02d.csv", files++));
            CsvRows.write(file, updates.subList(from, Math.min(updates.size(), from + rows)));
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(files - 1_000)));
            staged.add(file);
        }
        letters += updates.size();
    }

    @Override
    public void give() throws Exception {
        for (Path file : staged) {
            Files.move(file, inbox.resolve(file.getFileName()));
        }
        staged.clear();
    }

    @Override
    public Map<String, List<Integer>> arrived() throws Exception {
        Map<String, List<Integer>> numbers = new HashMap<>();
        for (String letter : client.waiting(FORWARDED)) {
            JsonNode json = JSON.readTree(letter);
            numbers.computeIfAbsent(json.path("ticket").asText(), ticket -> new ArrayList<>())
                    .add(json.path("parameters").path("subject").asInt());
        }
        return numbers;
    }

    @Override
    public @Nullable String unfinished() throws Exception {
        long forwarded = arrived().values().stream()
                .mapToLong(numbers -> numbers.stream().distinct().count())
                .sum();
        return forwarded == letters ? null : forwarded + " of " + letters + " letters are forwarded";
    }

    @Override
    public String outcome() {
        return "rejected";
    }

    @Override
    public String state() {
        return letters + " letters forwarded";
    }

    @Override
    public void close() {
        broker.close();
    }
}
