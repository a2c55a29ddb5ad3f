package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A data folder that is full, or cannot be written: nothing is sent whose outcome could not be kept. */
@Timeout(90)
class FullDiskTest {

    private static final int ROWS = 20_000;

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
                    .contains("Stopped: The ledger jdbc:sqlite:" + disk.resolve("data"))
                    .contains("look at its folder's permissions and free space");
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
