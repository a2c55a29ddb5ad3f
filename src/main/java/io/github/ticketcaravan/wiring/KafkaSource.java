package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.Ownership;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's consumer as the route {@code queue-kafka} polls it: a few batches are under way at a time, and offsets are
 * committed in order, never past a message that is not done.
 *
 * <ul>
 *   <li>Polling goes on while batches wait for the help desk, however long, so that the group keeps this consumer.
 *   <li>Before partitions are given up, what is under way is finished or let go. When they were lost, or the group has
 *       not confirmed for a while that we have them ({@link Ownership}), nothing more of it is sent.
 *   <li>Whatever ended without outcomes is read again from the last commit.
 * </ul>
 *
 * <p>For Camel's polling thread, as any Kafka consumer; only batches are ended by others.
 */
final class KafkaSource extends KafkaConsumer<Object, Object> {

    /** Batches at once: so many that the slowest update of one does not keep the others waiting. */
    static final int BATCHES = 4;

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration TROUBLE_PAUSE = Duration.ofSeconds(2);
    private static final Duration UNASSIGNED = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

    private final String brokers;
    private final Delivery delivery;
    private final Announcements announcements;
    private final Duration lease;
    private final Duration patience;
    private final Deque<KafkaBatch> underWay = new ArrayDeque<>();
    private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
    private Ownership ownership = new Ownership();
    private boolean given;
    private boolean left;
    private Duration pause = SHORT;
    private @Nullable String trouble;
    private @Nullable Metric connections;
    private long connectedAt = System.nanoTime();
    private long assignedAt = System.nanoTime();
    private List<String> topics = List.of();

    KafkaSource(Properties properties, Delivery delivery, Announcements announcements) {
        super(properties);
        this.brokers = String.valueOf(properties.get("bootstrap.servers"));
        this.delivery = delivery;
        this.announcements = announcements;
        int session = Integer.parseInt(String.valueOf(properties.getOrDefault("session.timeout.ms", 45_000)));
        int pollInterval = Integer.parseInt(String.valueOf(properties.getOrDefault("max.poll.interval.ms", 300_000)));
        this.lease = Duration.ofMillis(session * 2L / 3);
        this.patience = Duration.ofMillis(pollInterval / 2);
    }

    @Override
    public void subscribe(Collection<String> names, ConsumerRebalanceListener listener) {
        topics = List.copyOf(names);
        super.subscribe(names, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                if (!partitions.isEmpty()) {
                    letGo();
                    commit();
                    uncommitted.keySet().removeAll(partitions);
                }
                listener.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                letGo();
                uncommitted.clear();
                listener.onPartitionsLost(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                if (isFull()) {
                    pause(partitions);
                }
                listener.onPartitionsAssigned(partitions);
            }
        });
    }

    /**
     * The next records, as a batch that is under way from now on. After them it gives none once, without polling,
     * upon which Camel dispatches them: no record is in Camel's hands while partitions change theirs.
     */
    @Override
    public ConsumerRecords<Object, Object> poll(Duration timeout) {
        if (given) {
            given = false;
            return ConsumerRecords.empty();
        }
        try {
            return next(timeout);
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            tell("Kafka at " + brokers + " refuses to give messages (" + e.getMessage() + ")");
            sleep(TROUBLE_PAUSE);
            return ConsumerRecords.empty();
        }
    }

    private ConsumerRecords<Object, Object> next(Duration timeout) {
        if (delivery.isStopped()) {
            leave();
            sleep(SHORT);
            return ConsumerRecords.empty();
        }
        settle();
        if (isFull()) {
            pause(assignment());
        } else {
            resume(paused());
        }
        ConsumerRecords<Object, Object> records = super.poll(underWay.isEmpty() ? timeout : SHORT);
        look();
        if (records.isEmpty()) {
            return records;
        }
        KafkaBatch batch = new KafkaBatch(records, ownership());
        underWay.add(batch);
        if (!ownership.lasts(lease.dividedBy(2)) && !confirm()) {
            batch.left();
            return ConsumerRecords.empty();
        }
        given = true;
        return records;
    }

    /** The batch that the last poll began. */
    KafkaBatch latest() {
        return underWay.getLast();
    }

    private boolean isFull() {
        return underWay.size() >= BATCHES;
    }

    private Ownership ownership() {
        if (underWay.isEmpty()) {
            ownership = new Ownership();
        }
        return ownership;
    }

    /** Commits what is done, has the group confirm that we belong to it, and begins again where something was left. */
    private void settle() {
        takeDone();
        boolean mayEndSoon = !underWay.isEmpty() && !ownership.lasts(lease.dividedBy(2));
        // Without a connection it would only wait, and nobody be told.
        if (isConnected() && (mayEndSoon || !uncommitted.isEmpty())) {
            confirm();
        }
        if (underWay.stream().anyMatch(batch -> batch.isLeft() || !batch.mayBeSent())) {
            letGo();
            // What cannot be entered into the ledger now can hardly be a moment later.
            sleep(pause);
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
        }
    }

    private void takeDone() {
        while (!underWay.isEmpty() && underWay.getFirst().isDone()) {
            pause = SHORT;
            underWay.removeFirst()
                    .next()
                    .forEach((partition, offset) -> uncommitted.put(partition, new OffsetAndMetadata(offset)));
        }
    }

    /** Commits; where there is nothing new, what is committed already, for the sake of the confirmation. */
    private boolean confirm() {
        if (uncommitted.isEmpty()) {
            underWay.getFirst()
                    .first()
                    .forEach((partition, offset) -> uncommitted.put(partition, new OffsetAndMetadata(offset)));
        }
        uncommitted.keySet().retainAll(assignment());
        return commit();
    }

    private boolean commit() {
        if (uncommitted.isEmpty()) {
            return true;
        }
        long nanoTime = System.nanoTime();
        long millis = System.currentTimeMillis();
        try {
            commitSync(uncommitted, COMMIT_TIMEOUT);
            ownership.confirmed(nanoTime, millis, lease);
            uncommitted.clear();
            return true;
        } catch (CommitFailedException thrownOut) {
            ownership.end();
            return false;
        } catch (RebalanceInProgressException | RetriableException tryAgain) {
            return false;
        }
    }

    /**
     * Ends what is under way: what is being sent is finished, the rest left. The next poll begins after what was done
     * until then.
     */
    private void letGo() {
        ownership.end();
        delivery.leaveHeld();
        long until = System.nanoTime() + patience.toNanos();
        try {
            for (KafkaBatch batch : underWay) {
                if (!batch.awaitSettled(until)) {
                    announcements.warn("Requests that were sent for messages of Kafka did not end within "
                            + patience.toSeconds() + " s; the partitions are given up without waiting for them");
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        takeDone();
        for (Iterator<KafkaBatch> newest = underWay.descendingIterator(); newest.hasNext(); ) {
            newest.next().first().forEach((partition, offset) -> {
                if (assignment().contains(partition)) {
                    seek(partition, offset);
                }
            });
        }
        underWay.clear();
        given = false;
    }

    /** Not longer than a stop may take. */
    @Override
    public void close() {
        close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }

    /** Delivery has stopped, so others may have the partitions. */
    private void leave() {
        if (!left) {
            left = true;
            unsubscribe();
        }
    }

    // --- What an operator should know ---

    private void look() {
        long now = System.nanoTime();
        if (isConnected()) {
            connectedAt = now;
        } else if (now - connectedAt > TROUBLE_PAUSE.toNanos()) {
            tell("Kafka at " + brokers + " cannot be reached");
            return;
        }
        if (!assignment().isEmpty()) {
            assignedAt = now;
            if (trouble != null && connectedAt == now) {
                trouble = null;
                announcements.warn("Kafka at " + brokers + " answers again");
            }
        } else if (now - assignedAt > UNASSIGNED.toNanos()) {
            assignedAt = now;
            for (String topic : topics) {
                if (partitionsFor(topic, COMMIT_TIMEOUT).isEmpty()) {
                    tell("Kafka at " + brokers + " has no topic " + topic
                            + " that we may read: create it, or mend caravan.queue.name");
                }
            }
        }
    }

    private boolean isConnected() {
        if (connections == null) {
            connections = metrics().values().stream()
                    .filter(metric -> metric.metricName().name().equals("connection-count")
                            && metric.metricName().group().equals("consumer-metrics"))
                    .findFirst()
                    .orElse(null);
        }
        return connections == null || !Double.valueOf(0).equals(connections.metricValue());
    }

    private void tell(String sentence) {
        if (trouble == null) {
            trouble = sentence;
            announcements.warn(sentence + "; it is tried again until it can, and nothing is lost");
        }
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
