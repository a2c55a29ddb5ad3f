package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A data folder that is full, or cannot be written: nothing is sent whose outcome could not be kept. */
@Timeout(90)
class FullDiskTest {

    private static final int ROWS = 20_000;
    private static final int WINDOW = 100;

    @TempDir
    private Path folder;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()))
                .as("a small disk of its own needs mount(8), and the superuser")
                .isZero();
    }

    @AfterEach
    void unmount() throws Exception {
        int unused = run("umount", disk.toString());
    }

    private static int run(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(20, TimeUnit.SECONDS) ? process.exitValue() : 1;
        } catch (IOException noSuchCommand) {
            return 1;
        }
    }

    private Path rows() throws IOException {
        List<String> lines = new ArrayList<>(List.of("ticket,subject"));
        IntStream.range(0, ROWS).forEach(row -> lines.add("LF-" + (100_000 + row) + ",row " + (row + 2)));
        return Files.write(folder.resolve("rows.csv"), lines);
    }

    @Test
    void aDiskThatIsFullStopsItAndWithRoomAgainItGoesOn() throws Exception {
        Path file = rows();
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            Cli.Result full = Cli.run(disk.resolve("data"), server.url(), "import", file);

            assertThat(full.exitCode()).as(full.out() + full.err()).isEqualTo(3);
            assertThat(full.out())
                    .contains("Stopped: Outcomes cannot be kept, so nothing more is sent. The ledger jdbc:sqlite:"
                            + disk.resolve("data"))
                    .contains("): the disk is full: make room");
            int sent = server.requests().size();
            assertThat(sent).isLessThan(ROWS);
            assertThat(Files.readAllLines(folder.resolve("rows.results.csv")).size() - 1)
                    .as("at most the window more than are recorded")
                    .isBetween(sent - 2_000, sent);

            assertThat(run("mount", "-o", "remount,size=64m", disk.toString())).isZero();
            Cli.Result again = Cli.run(disk.resolve("data"), server.url(), "import", file);

            assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
            assertThat(Files.readAllLines(folder.resolve("rows.results.csv"))).hasSize(ROWS + 1);
            assertThat(server.requests().stream()
                            .map(request -> request.substring(request.indexOf("\r\n\r\n")))
                            .collect(Collectors.toSet()))
                    .hasSize(ROWS);
        }
    }

    @Test
    void runSendsNothingMoreUntilThereIsRoomAgain() throws Exception {
        assertThat(run("mount", "-o", "remount,size=4m", disk.toString())).isZero();
        Path inbox = Files.createDirectories(disk.resolve("data/inbox"));
        Path log = folder.resolve("run.log");
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            Path rows = rows();
            Process process = Cli.process(
                            folder,
                            "run",
                            "--data=" + disk.resolve("data"),
                            "--set=caravan.endpoint.url=" + server.url(),
                            "--set=caravan.delivery.window=" + WINDOW)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                soon().until(() -> Files.readString(log).contains("Ctrl-C stops"));
                Path part = Files.copy(rows, inbox.resolve("rows.csv.part"));
                Files.move(part, inbox.resolve("rows.csv"));
                soon().until(() -> Files.readString(log).contains("it is tried again in 4 s"));
                int sent = server.requests().size();
                assertThat(sent).isLessThan(ROWS);
                soon().until(() -> Files.readString(log).contains("it is tried again in 8 s"));
                assertThat(server.requests()).hasSize(sent);
                assertThat(Files.readString(log)).contains("the disk is full: make room");

                assertThat(run("mount", "-o", "remount,size=64m", disk.toString()))
                        .isZero();
                soon().until(() -> Files.exists(disk.resolve("data/done")));
                soon().until(() -> inbox.toFile().list().length == 0);
                process.destroy();
                assertThat(process.waitFor()).as(Files.readString(log)).isZero();
                int starts = Files.readString(log).split("The ledger can be written again", -1).length;
                assertThat(server.requests()).hasSizeBetween(ROWS, ROWS + starts * WINDOW);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void runWaitsWhereTheDiskIsFullAtTheStart() throws Exception {
        Path filler = disk.resolve("filler");
        assertThat(run("dd", "if=/dev/zero", "of=" + filler, "bs=4k"))
                .as("no space left")
                .isNotZero();
        Path log = folder.resolve("run.log");
        Process process = Cli.process(
                        folder,
                        "run",
                        "--data=" + disk.resolve("data"),
                        "--set=caravan.endpoint.url=http://127.0.0.1:1")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            soon().until(() -> Files.readString(log).contains("the disk is full: make room; it is tried again in 1 s"));
            Files.delete(filler);
            assertThat(run("mount", "-o", "remount,size=16m", disk.toString())).isZero();
            soon().until(() -> Files.readString(log).contains("Ctrl-C stops"));

            process.destroy();

            assertThat(process.waitFor()).as(Files.readString(log)).isZero();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    @Test
    void aDataFolderThatCannotBeWrittenStopsItBeforeAnythingIsSent() throws Exception {
        Path file = rows();
        assertThat(run("mount", "-o", "remount,ro", disk.toString())).isZero();
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            Cli.Result result = Cli.run(disk.resolve("data"), server.url(), "import", file);

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err())
                    .startsWith("Configuration: --data " + disk.resolve("data") + ": cannot be written (")
                    .contains("Read-only file system", "make it writable, or choose another folder");
            assertThat(server.requests()).isEmpty();
            assertThat(Cli.run(disk.resolve("data"), server.url(), "doctor").out())
                    .contains("wrong  data folder    --data " + disk.resolve("data") + ": ");
        }
    }
}
