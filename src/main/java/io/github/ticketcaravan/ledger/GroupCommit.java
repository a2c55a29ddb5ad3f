package io.github.ticketcaravan.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Writes what many threads hand over in as few transactions as possible: at once when idle, in groups under load, for
 * which it then waits a little, since a transaction costs as much as a hundred rows.
 *
 * <p>Elements are written in the order of {@link #add}. An element that cannot be written because of what it is holds up
 * no other. After any other failure nothing more is written, so what is written is always a beginning of what was handed
 * over. Safe for several threads; {@link #close} writes what is left.
 */
final class GroupCommit<E> implements AutoCloseable {

    private static final int LARGEST_GROUP = 500;

    /** Under load, between two transactions. */
    private static final long PAUSE_MILLIS = 5;

    /** What happens with a group: written and committed, or not. */
    interface Writer<E> {
        void write(List<E> group);

        /** Whether the failure is that of an element, and not of whatever is written to. */
        boolean isOfAnElement(RuntimeException failure);

        /** Writes that the element cannot be written, in its place. */
        void writeInstead(E element, RuntimeException failure);

        void written(List<E> group);

        void failed(List<E> group, RuntimeException failure);
    }

    private record Slot<E>(@Nullable E element) {}

    private final BlockingQueue<Slot<E>> queue = new ArrayBlockingQueue<>(4 * LARGEST_GROUP);
    private final Writer<E> writer;
    private final Thread thread;
    private volatile @Nullable RuntimeException failure;

    GroupCommit(String name, Writer<E> writer) {
        this.writer = writer;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Blocks while too much waits to be written. */
    void add(E element) throws InterruptedException {
        queue.put(new Slot<>(element));
    }

    /** Whether a failure has ended the writing, and not a fault of the program, which another would have too. */
    boolean isBroken() {
        RuntimeException because = failure;
        return because != null && !(because.getCause() instanceof Error);
    }

    private void run() {
        List<Slot<E>> slots = new ArrayList<>(LARGEST_GROUP);
        boolean last = false;
        while (!last) {
            try {
                slots.add(queue.take());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            queue.drainTo(slots, LARGEST_GROUP - 1);
            List<E> group = new ArrayList<>(slots.size());
            for (Slot<E> slot : slots) {
                last |= slot.element == null;
                if (slot.element != null) {
                    group.add(slot.element);
                }
            }
            slots.clear();
            if (!group.isEmpty()) {
                commit(group);
            }
            boolean underLoad = group.size() > 1 && queue.size() < LARGEST_GROUP;
            if (underLoad && !last && !pause()) {
                return;
            }
        }
    }

    /** False if it was interrupted. */
    private static boolean pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void commit(List<E> group) {
        RuntimeException refused = failure == null ? attempt(() -> writer.write(group)) : failure;
        if (refused != null && failure == null && writer.isOfAnElement(refused)) {
            group.forEach(this::commitAlone);
        } else {
            end(group, refused);
        }
    }

    private void commitAlone(E element) {
        List<E> alone = List.of(element);
        RuntimeException refused = failure == null ? attempt(() -> writer.write(alone)) : failure;
        if (refused != null && failure == null && writer.isOfAnElement(refused)) {
            RuntimeException reason = refused;
            refused = attempt(() -> writer.writeInstead(element, reason));
        }
        end(alone, refused);
    }

    private void end(List<E> group, @Nullable RuntimeException refused) {
        if (refused == null) {
            writer.written(group);
        } else {
            failure = refused;
            writer.failed(group, refused);
        }
    }

    private static @Nullable RuntimeException attempt(Runnable work) {
        try {
            work.run();
            return null;
        } catch (RuntimeException e) {
            return e;
        } catch (Error e) {
            return new IllegalStateException("The ledger's writer broke down: " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            queue.put(new Slot<>(null));
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
