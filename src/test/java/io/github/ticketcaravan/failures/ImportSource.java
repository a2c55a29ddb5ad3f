package io.github.ticketcaravan.failures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code caravan import FILE}; where it stops, the same command again when all is well. */
final class ImportSource implements Source {

    private final Scene scene;
    private final Path files;
    private final List<Path> all = new ArrayList<>();
    private final Deque<Path> waiting = new ArrayDeque<>();
    private final Set<String> exits = new TreeSet<>();
    private final List<String> wrong = new ArrayList<>();
    private @Nullable Path staged;
    private @Nullable Path current;
    private @Nullable Process process;
    private int requestsBefore;

    ImportSource(Scene scene) throws IOException {
        this.scene = scene;
        this.files = Files.createDirectories(scene.data().resolve("files"));
    }

    @Override
    public List<String> options() {
        return List.of();
    }

    @Override
    public void stage(List<Update> updates) throws IOException {
        Path file = files.resolve("f" + all.size() + ".csv");
        CsvRows.write(file, updates);
        all.add(file);
        staged = file;
    }

    /** Beside a command that works, the next one has to wait. */
    @Override
    public void give() throws IOException {
        Path file = Objects.requireNonNull(staged);
        if (process == null) {
            requestsBefore = scene.helpDesk().requests();
            current = file;
            process = start(file);
        } else {
            waiting.add(file);
        }
    }

    private Process start(Path file) throws IOException {
        return scene.start(List.of("import", file.toString()), List.of());
    }

    /** While something was away it may have ended: with 2 where nothing was sent, else with 3. */
    @Override
    public void resume() throws Exception {
        int exit = exitCode(Objects.requireNonNull(process), "import neither went on nor ended");
        process = null;
        exits.add(Integer.toString(exit));
        if (exit != 0) {
            boolean hasSent = scene.helpDesk().requests() > requestsBefore;
            if (exit != 3 && (exit != 2 || hasSent)) {
                wrong.add("exit code " + exit + (hasSent ? " after requests were sent" : " with nothing sent"));
            }
            waiting.addFirst(Objects.requireNonNull(current));
        }
        while (!waiting.isEmpty()) {
            int again = exitCode(start(waiting.remove()), "import does not end with all well again");
            if (again != 0) {
                wrong.add("exit code " + again + " with all well again");
            }
        }
    }

    private int exitCode(Process running, String otherwise) throws InterruptedException {
        if (!running.waitFor(scene.pace().recovery().toSeconds(), TimeUnit.SECONDS)) {
            wrong.add(otherwise);
            running.destroyForcibly().waitFor();
        }
        return running.exitValue();
    }

    @Override
    public Map<String, List<Integer>> arrived() {
        return scene.helpDesk().applied();
    }

    @Override
    public @Nullable String unfinished() throws IOException {
        for (Path file : all) {
            Path receipts =
                    file.resolveSibling(String.valueOf(file.getFileName()).replace(".csv", ".results.csv"));
            if (!Files.exists(receipts)) {
                return file.getFileName() + " has no receipts";
            }
            int rows = Files.readAllLines(file).size();
            int told = Files.readAllLines(receipts).size();
            if (told != rows) {
                return file.getFileName() + " has " + (told - 1) + " receipts for " + (rows - 1) + " rows";
            }
        }
        return wrong.isEmpty() ? null : String.join("; ", wrong);
    }

    @Override
    public String state() {
        return "exit code " + String.join(" or ", exits)
                + (exits.equals(Set.of("0")) ? "" : ", then 0 by the same command");
    }
}
