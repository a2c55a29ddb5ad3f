package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.files.OwnerOnly;
import io.github.ticketcaravan.settings.SettingsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds a data folder for one sending process; the operating system lets go of it when the process ends. */
public final class DataFolder implements AutoCloseable {

    private static final String HOLDER = "lock.mode";
    private static final long LEAST_BYTES = 65_536;

    /**
     * What nobody but this program has anything to do with; earlier versions left it readable. The folders of the inbox
     * are not among them, nor is the data folder: a user may have opened those to a group.
     */
    private static final List<String> OURS = List.of("lock", HOLDER, "spool", "mail", "queue", "sandbox");

    private final FileChannel channel;

    private DataFolder(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws SettingsException if it cannot be written, or another process has it */
    static DataFolder take(Path folder, Caravan.Mode mode) {
        try {
            OwnerOnly.makeFolders(folder);
            FileChannel channel = OwnerOnly.open(folder.resolve("lock"));
            try {
                return take(folder, mode, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            if (isFull(folder)) {
                throw new UnavailableException(
                        "--data " + folder + ": cannot be written (" + e + "): the disk is full: make room", e);
            }
            throw new SettingsException(
                    "--data " + folder + ": cannot be written (" + e + "): make it writable, or choose another folder");
        }
    }

    private static DataFolder take(Path folder, Caravan.Mode mode, FileChannel channel) throws IOException {
        if (lock(channel) == null) {
            throw new SettingsException("--data " + folder + ": another caravan works with this folder. If it is"
                    + " 'caravan run', put the file into its inbox; else wait for its end, or choose another folder");
        }
        write(folder.resolve(HOLDER), mode.name());
        OURS.forEach(name -> OwnerOnly.tighten(folder.resolve(name)));
        return new DataFolder(channel);
    }

    /**
     * Makes a folder that is needed, if it is not there.
     *
     * @param what the key that names it
     * @throws SettingsException if it cannot be made
     * @throws UnavailableException if the disk is full
     */
    public static void make(String what, Path folder) {
        try {
            OwnerOnly.makeFolders(folder);
        } catch (IOException e) {
            String failure = what + "=" + folder + ": the folder cannot be made (" + e + "): ";
            if (isFull(folder)) {
                throw new UnavailableException(failure + "the disk is full: make room", e);
            }
            throw new SettingsException(failure + "choose another", e);
        }
    }

    /** Where it is so already nothing is written, since the disk may be full by now. */
    private static void write(Path file, String text) throws IOException {
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
            Files.writeString(file, text);
        }
    }

    private static boolean isFull(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            return Files.getFileStore(existing).getUsableSpace() < LEAST_BYTES;
        } catch (IOException notThere) {
            return false;
        }
    }

    /** Whether {@code caravan run} works with the folder just now. */
    public static boolean isRunning(Path folder) {
        try (FileChannel channel = OwnerOnly.open(folder.resolve("lock"))) {
            if (lock(channel) != null) {
                return false;
            }
            return Files.readString(folder.resolve(HOLDER)).equals(Caravan.Mode.RUN.name());
        } catch (IOException neverUsed) {
            return false;
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
