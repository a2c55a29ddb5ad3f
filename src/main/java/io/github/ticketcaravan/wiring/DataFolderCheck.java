package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.SettingsException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Whether the folders that are written can be written, and have room. What is not there yet is not made. */
public final class DataFolderCheck implements Check {

    private static final long LEAST_FREE_BYTES = 10_000_000;

    private final Settings settings;

    public DataFolderCheck(Settings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "data folder";
    }

    @Override
    public String find() throws IOException {
        Map<String, Path> folders = new LinkedHashMap<>();
        folders.put("--data ", settings.data());
        folders.put("caravan.csv.inbox=", settings.csv().inbox());
        folders.put("caravan.csv.done=", settings.csv().done());
        folders.put("caravan.csv.failed=", settings.csv().failed());
        for (Map.Entry<String, Path> folder : folders.entrySet()) {
            checkWritable(folder.getKey() + folder.getValue(), folder.getValue());
        }
        String free =
                String.format(Locale.ROOT, "%,d MB free", store(settings.data()).getUsableSpace() / 1_000_000);
        boolean running = Files.isDirectory(settings.data()) && DataFolder.isRunning(settings.data());
        return settings.data() + ", " + free + (running ? "; 'caravan run' works with it" : "");
    }

    private static void checkWritable(String what, Path folder) throws IOException {
        Path existing = existing(folder);
        try {
            Files.delete(Files.createTempFile(existing, "caravan-doctor-", ".tmp"));
        } catch (IOException e) {
            String which = existing.equals(folder) ? "" : existing + " ";
            throw new SettingsException(
                    what + ": " + which + "cannot be written (" + e + "): make it writable, or choose another folder",
                    e);
        }
        if (store(folder).getUsableSpace() < LEAST_FREE_BYTES) {
            throw new SettingsException(what + ": less than 10 MB are free there: make room, or choose another folder");
        }
    }

    private static FileStore store(Path folder) throws IOException {
        return Files.getFileStore(existing(folder));
    }

    /** The folder itself, or the one above it in which it would be made. */
    private static Path existing(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }
}
