package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Ownership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** The records of one poll on their way: where they stand, and whether they are done. Safe for several threads. */
final class KafkaBatch {

    private enum State {
        UNDER_WAY,
        SETTLED,
        DONE,
        LEFT
    }

    private final Map<TopicPartition, Long> first = new HashMap<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Ownership ownership;
    private State state = State.UNDER_WAY;

    KafkaBatch(ConsumerRecords<Object, Object> records, Ownership ownership) {
        this.ownership = ownership;
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<Object, Object>> some = records.records(partition);
            first.put(partition, some.get(0).offset());
            next.put(partition, some.get(some.size() - 1).offset() + 1);
        }
    }

    /** Of each partition, the offset of its first record here. */
    Map<TopicPartition, Long> first() {
        return first;
    }

    /** Of each partition, the offset after its last record here. */
    Map<TopicPartition, Long> next() {
        return next;
    }

    boolean mayBeSent() {
        return !ownership.isOver();
    }

    /** Each update in it has its outcome; the answers are still to be given. */
    synchronized void settled() {
        end(State.SETTLED);
    }

    /** Each update in it has its outcome, and each message its answer. */
    synchronized void done() {
        end(State.DONE);
    }

    /** It ended without: it is to be read again, by whoever has the partitions then, and so is all that came after it. */
    synchronized void left() {
        giveUp();
        end(State.LEFT);
    }

    /** Has nothing more sent of it, nor of what came after it: some of it was left out. */
    void giveUp() {
        ownership.end();
    }

    private void end(State how) {
        if (state == State.UNDER_WAY || state == State.SETTLED) {
            state = how;
            notifyAll();
        }
    }

    synchronized boolean isDone() {
        return state == State.DONE;
    }

    synchronized boolean isLeft() {
        return state == State.LEFT;
    }

    /** Waits until nothing of it can be sent any more; false if that is not so by then. */
    synchronized boolean awaitSettled(long nanoTime) throws InterruptedException {
        while (state == State.UNDER_WAY) {
            long millis = (nanoTime - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }
}
