package io.github.ticketcaravan.failures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** CSV files that are dropped into the inbox, each a second older than the next. */
final class InboxSource implements Source {

    private static final int ROUNDS_A_FILE = 2;

    private final Scene scene;
    private final Path inbox;
    private final List<Path> staged = new ArrayList<>();
    private int files;

    InboxSource(Scene scene) throws IOException {
        this.scene = scene;
        this.inbox = Files.createDirectories(scene.data().resolve("inbox"));
    }

    @Override
    public List<String> options() {
        return List.of();
    }

    @Override
    public void stage(List<Update> updates) throws IOException {
        int rows = ROUNDS_A_FILE * Work.TICKETS;
        for (int from = 0; from < updates.size(); from += rows) {
            Path file = Files.createDirectories(scene.data().resolve("staged"))
                    .resolve(String.format("f%02d.csv", files++));
            CsvRows.write(file, updates.subList(from, Math.min(updates.size(), from + rows)));
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(files - 1_000)));
            staged.add(file);
        }
    }

    /** A file that is only renamed needs no room on the disk. */
    @Override
    public void give() throws IOException {
        for (Path file : staged) {
            Files.move(file, inbox.resolve(file.getFileName()));
        }
        staged.clear();
    }

    @Override
    public Map<String, List<Integer>> arrived() {
        return scene.helpDesk().applied();
    }

    @Override
    public @Nullable String unfinished() throws IOException {
        List<Path> left = files(inbox);
        if (!left.isEmpty()) {
            return left.size() + " files in inbox/";
        }
        List<Path> failed = files(scene.data().resolve("failed"));
        if (!failed.isEmpty()) {
            return failed.size() + " files in failed/, such as " + failed.get(0).getFileName();
        }
        List<Path> done = files(scene.data().resolve("done"));
        long receipts = done.stream()
                .filter(file -> file.toString().endsWith(".results.csv"))
                .count();
        if (receipts != files || done.size() != 2 * files) {
            return "done/ has " + (done.size() - receipts) + " files and " + receipts + " receipts of " + files;
        }
        return null;
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Override
    public String state() {
        return files + " files in `done/`, with their receipts";
    }
}
