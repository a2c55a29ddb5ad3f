package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.files.OwnerOnly;
import io.github.ticketcaravan.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of what came on standard input, in {@code spool/} of the data folder, until {@link #close}.
 *
 * <p>Who has a copy shares the lock {@code spool.lock}. What a killed process has left there is removed by the next one that
 * works with the data folder, unless somebody, such as a dry run, has a copy just then.
 */
public final class InputCopy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InputCopy.class);
    private static final String COPIES = "stdin-*.csv";

    private final Path file;
    private final FileChannel lock;

    private InputCopy(Path file, FileChannel lock) {
        this.file = file;
        this.lock = lock;
    }

    /** Copies all of it. */
    public static InputCopy of(InputStream input, Settings settings) throws IOException {
        Path folder = OwnerOnly.makeFolders(settings.data().resolve("spool"));
        FileChannel lock = open(settings.data());
        try {
            share(lock);
            Path file = Files.createTempFile(folder, "stdin-", ".csv");
            try (OutputStream out = OwnerOnly.write(file)) {
                input.transferTo(out);
            }
            return new InputCopy(file, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void share(FileChannel lock) throws IOException {
        try {
            FileLock unused = lock.lock(0, Long.MAX_VALUE, true);
        } catch (OverlappingFileLockException sharedByThisProcess) {
            // It is held until that other copy is closed, which is before this process works with a data folder again.
        }
    }

    private static FileChannel open(Path data) throws IOException {
        return FileChannel.open(
                data.resolve("spool.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    /** Removes what killed processes have left. Only for who holds the data folder. */
    static void removeLeft(Path data) {
        Path folder = data.resolve("spool");
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (FileChannel lock = open(data)) {
            if (lock.tryLock() == null) {
                return;
            }
            try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, COPIES)) {
                for (Path each : left) {
                    Files.deleteIfExists(each);
                }
            }
        } catch (IOException | OverlappingFileLockException e) {
            LOG.warn(
                    "What was left in {} cannot be removed now ({}); the next start tries again", folder, e.toString());
        }
    }

    public Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            Files.deleteIfExists(file);
        }
    }
}
