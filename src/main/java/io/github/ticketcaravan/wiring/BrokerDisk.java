package io.github.ticketcaravan.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The disk that the embedded broker keeps its messages on, and what its free space allows. Safe for several threads. */
final class BrokerDisk {

    /** What the broker's journal takes to start, and to settle the messages that it has. */
    private static final long NEEDED_BYTES = 16_000_000;

    private static final long EXHAUSTED_BYTES = 1_000_000;

    private final Path folder;
    private final long minFree;

    /**
     * @param folder of the broker; it need not exist yet
     * @param minFree bytes below which nobody may publish
     */
    BrokerDisk(Path folder, long minFree) {
        this.folder = folder;
        this.minFree = minFree;
    }

    /** Why the broker cannot run; null if it can. */
    @Nullable
    String full() {
        long free = free();
        return free >= NEEDED_BYTES
                ? null
                : "the disk is full: " + megabytes(free) + " MB are free in " + folder + ", and it needs "
                        + megabytes(NEEDED_BYTES) + " MB";
    }

    /** Why nothing at all can be written; null if it can. */
    @Nullable
    String exhausted() {
        return free() >= EXHAUSTED_BYTES ? null : "The disk of the embedded broker is full: make room in " + folder;
    }

    /** Why nobody may publish; null if anyone may. */
    @Nullable
    String refusal() {
        long free = free();
        return free >= minFree
                ? null
                : "The embedded broker takes no messages, because " + megabytes(free) + " MB are free in " + folder
                        + ", less than caravan.queue.min-free=" + megabytes(minFree) + "MB: make room there";
    }

    private long free() {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            return Files.getFileStore(existing).getUsableSpace();
        } catch (IOException unknown) {
            return Long.MAX_VALUE;
        }
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,d", bytes / 1_000_000);
    }
}
