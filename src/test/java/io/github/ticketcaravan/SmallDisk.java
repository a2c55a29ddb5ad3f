package io.github.ticketcaravan;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A disk of its own, in memory, that is soon full. It needs mount(8) and the superuser; without, the test is skipped. */
public final class SmallDisk implements AutoCloseable {

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * Mounts one.
     *
     * @param folder that is made, and that the disk appears at
     */
    public static SmallDisk at(Path folder, int megabytes) throws IOException {
        Files.createDirectories(folder);
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString()))
                .as("a small disk of its own needs mount(8), and the superuser")
                .isZero();
        return new SmallDisk(folder);
    }

    public void resize(int megabytes) throws IOException {
        if (run("mount", "-o", "remount,size=" + megabytes + "m", folder.toString()) != 0) {
            throw new IOException("cannot be made larger: " + folder);
        }
    }

    public long free() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    private static int run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(20, TimeUnit.SECONDS) ? process.exitValue() : 1;
        } catch (IOException noSuchCommand) {
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    /** Takes it away even while files on it are open. */
    @Override
    public void close() {
        int unused = run("umount", "--lazy", folder.toString());
    }
}
