package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program in processes of its own: ended by a signal, beside another, and handed work. */
@Timeout(120)
class ProcessTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();
    private HelpDesk helpDesk;
    private Path data;

    @BeforeEach
    void start() {
        assumeThat(File.separator).as("signals are a matter of POSIX").isEqualTo("/");
        helpDesk = new HelpDesk();
        data = folder.resolve("data");
    }

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
        helpDesk.close();
    }

    /** A command in a process of its own; what it says goes to a file. */
    private Process process(String name, Object... arguments) throws IOException {
        List<Object> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--data", data, "--set", "caravan.endpoint.url=" + helpDesk.url()));
        Process process = Cli.process(folder, words.toArray())
                .redirectErrorStream(true)
                .redirectOutput(said(name).toFile())
                .start();
        processes.add(process);
        return process;
    }

    private Path said(String name) {
        return folder.resolve(name + ".said");
    }

    private int endOf(Process process, String name) throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as(Files.readString(said(name)))
                .isTrue();
        return process.exitValue();
    }

    private Cli.Result run(Object... arguments) {
        return Cli.run(data, helpDesk.url(), arguments);
    }

    /** Rows that set the subject of tickets by turns. */
    private Path rows(String name, int number) throws IOException {
        List<String> lines = new ArrayList<>(List.of("ticket,subject"));
        IntStream.range(0, number)
                .forEach(row -> lines.add((row % 3 == 0 ? "LF-616004" : "OC-820409") + ",row " + (row + 2)));
        return Files.write(folder.resolve(name + ".csv"), lines);
    }

    private List<String> receipts(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name + ".results.csv"));
    }

    /** Of each ticket, the rows that were carried out, in the endpoint's order. */
    private Map<String, List<String>> carriedOut() {
        Map<String, List<String>> rows = new TreeMap<>();
        JsonNode log = helpDesk.log();
        for (int i = log.size() - 1; i >= 0; i--) {
            if (log.get(i).path("status").asInt() == 200
                    && log.get(i).path("fault").isNull()) {
                JsonNode parameters = log.get(i).path("parameters");
                rows.computeIfAbsent(parameters.path("ticket").asText(), key -> new ArrayList<>())
                        .add(parameters.path("subject").asText());
            }
        }
        return rows;
    }

    private static Map<String, List<String>> asInTheFile(Path file) throws IOException {
        Map<String, List<String>> rows = new TreeMap<>();
        Files.readAllLines(file).stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .forEach(cells ->
                        rows.computeIfAbsent(cells[0], key -> new ArrayList<>()).add(cells[1]));
        return rows;
    }

    @Test
    void aSignalInTheMiddleOfRetriesLeavesWhatWaitsAndTheSameCommandGoesOn() throws Exception {
        Path file = rows("updates", 60);
        Process stopped = process(
                "stopped",
                "import",
                file,
                "--set",
                "caravan.delivery.rate=50",
                "--set",
                "caravan.delivery.retry.delay=1h",
                "--set",
                "caravan.delivery.retry.max-delay=1h");
        await().atMost(LONG).until(() -> helpDesk.requests() >= 10);
        helpDesk.fail("503:100%");
        await("both tickets wait for their retries")
                .atMost(LONG)
                .until(() -> helpDesk.log().findValuesAsText("fault").stream()
                                .filter(fault -> fault.startsWith("503"))
                                .count()
                        == 2);

        long began = System.nanoTime();
        stopped.destroy();
        int exitCode = endOf(stopped, "stopped");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(exitCode).as(Files.readString(said("stopped"))).isEqualTo(3);
        assertThat(Files.readString(said("stopped")))
                .contains("Stopped: Stopped", "The same command goes on where it stopped");
        assertThat(run("dead", "list").out()).isEqualToIgnoringNewLines("0 dead letters");
        int known = receipts("updates").size() - 1;
        assertThat(known).isBetween(8, 58);

        helpDesk.recover();
        assertThat(endOf(process("resumed", "import", file), "resumed"))
                .as(Files.readString(said("resumed")))
                .isZero();
        assertThat(receipts("updates")).hasSize(61);
        assertThat(carriedOut()).as("each once, in order").isEqualTo(asInTheFile(file));
    }

    @Test
    void ofTwoProcessesOnOneDataFolderOneWorksAndTheOtherSaysSo() throws Exception {
        Path file = rows("updates", 100);
        Process first = process("first", "import", file, "--set", "caravan.delivery.rate=20");
        await().atMost(LONG).until(() -> helpDesk.requests() >= 5);

        Process second = process("second", "import", file);

        assertThat(endOf(second, "second")).isEqualTo(2);
        assertThat(Files.readString(said("second")))
                .contains("--data " + data + ": another caravan works with this folder", "put the file into its inbox");
        assertThat(run("dead", "list").exitCode()).as("reading works beside it").isZero();
        assertThat(run("doctor").out()).contains("ok     data folder");
        first.destroy();
        assertThat(endOf(first, "first")).isEqualTo(3);

        Process third = process("third", "import", file);
        assertThat(endOf(third, "third")).isZero();
        assertThat(receipts("updates")).hasSize(101);
        assertThat(carriedOut()).isEqualTo(asInTheFile(file));
        assertThat(endOf(process("fourth", "import", file), "fourth")).isZero();
        assertThat(Files.readString(said("fourth"))).contains("is not sent again");
        assertThat(carriedOut()).isEqualTo(asInTheFile(file));
    }

    @Test
    void aReplayIsHandedToTheProcessThatRuns() throws Exception {
        Path file = Files.writeString(
                folder.resolve("updates.csv"), "ticket,status\nLF-616004,Asleep\nXX-000001,New\nOC-820409,New\n");
        assertThat(run("import", file).exitCode()).isEqualTo(1);
        String letter = idOf("LF-616004");
        String hopeless = idOf("XX-000001");
        assertThat(run("dead", "edit", letter, "status=Resolved").exitCode()).isZero();
        Process running = process("running", "run");
        await().atMost(LONG).until(() -> Files.readString(said("running")).contains("Ctrl-C stops."));
        helpDesk.forget();

        Cli.Result replayed = run("dead", "replay", letter, hopeless);

        assertThat(replayed.exitCode()).as(replayed.out() + replayed.err()).isEqualTo(1);
        assertThat(replayed.out())
                .contains("Handed to the running caravan")
                .contains(letter + "  LF-616004  applied")
                .contains(hopeless + "  XX-000001  rejected: ")
                .contains("1 of 2 applied");
        assertThat(helpDesk.requests()).isEqualTo(2);
        assertThat(run("dead", "list").out()).contains(hopeless, "1 dead letter");
        running.destroy();
        assertThat(endOf(running, "running")).isZero();
    }

    private String idOf(String ticket) throws IOException {
        String json = run("dead", "list", "--json", "--ticket", ticket).out();
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(json)
                .get(0)
                .path("id")
                .asText();
    }

    @Test
    void aReplayThatIsStoppedTakesItsRequestBackAndTheNextOneSendsIt() throws Exception {
        Path file = Files.writeString(folder.resolve("updates.csv"), "ticket,status\nLF-616004,Asleep\n");
        assertThat(run("import", file).exitCode()).isEqualTo(1);
        String letter = idOf("LF-616004");
        assertThat(run("dead", "edit", letter, "status=Resolved").exitCode()).isZero();
        helpDesk.fail("503:100%");
        Process replay = process(
                "replay",
                "dead",
                "replay",
                letter,
                "--set",
                "caravan.delivery.retry.delay=1h",
                "--set",
                "caravan.delivery.retry.max-delay=1h");
        long before = helpDesk.requests();
        await().atMost(LONG).until(() -> helpDesk.requests() > before);
        replay.destroy();
        assertThat(endOf(replay, "replay")).as(Files.readString(said("replay"))).isEqualTo(3);

        helpDesk.recover();
        assertThat(run("dead", "show", letter).out()).contains("open").doesNotContain("requested");
        assertThat(run("dead", "replay", letter).exitCode()).isZero();
        assertThat(run("dead", "list").out()).startsWith("0 dead letters");
    }
}
