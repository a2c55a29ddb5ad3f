package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.wiring.Caravan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Who may read what is kept. The umask of the tests lets everybody read. */
class PermissionTest {

    @TempDir
    private Path folder;

    private HelpDesk helpDesk;
    private Path data;

    @BeforeEach
    void start() {
        helpDesk = new HelpDesk();
        data = folder.resolve("data");
    }

    @AfterEach
    void stop() {
        helpDesk.close();
    }

    private Path csv(Path file) throws IOException {
        return Files.writeString(file, "ticket,status\nLF-616004,New\nLF-616004,Nowhere\n");
    }

    /** Path to mode, of everything that somebody else may read or write. */
    private static Map<String, String> open(Path folder) throws IOException {
        Map<String, String> open = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.toList()) {
                String mode = mode(each);
                if (!mode.endsWith("------")) {
                    open.put(folder.relativize(each).toString(), mode);
                }
            }
        }
        return open;
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void set(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private Caravan run() {
        Holder holder = new Holder();
        new CommandLine(holder)
                .parseArgs(
                        "--config",
                        Cli.PROJECT.resolve("config").toString(),
                        "--data",
                        data.toString(),
                        "--set=caravan.queue.kind=embedded",
                        "--set=caravan.queue.listen.core=127.0.0.1:0",
                        "--set=caravan.queue.listen.amqp=127.0.0.1:0",
                        "--set=caravan.endpoint.url=" + helpDesk.url());
        return holder.common.start(holder.common.settingsToSend(), Caravan.Mode.RUN);
    }

    @CommandLine.Command
    private static final class Holder {

        @CommandLine.Mixin
        private final CommonOptions common = new CommonOptions();
    }

    private void awaitDone() {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            Path done = data.resolve("done");
            if (!Files.isDirectory(done)) {
                return false;
            }
            try (Stream<Path> files = Files.list(done)) {
                return files.count() == 3;
            }
        });
    }

    @Test
    void nobodyElseReadsReceiptsOrLettersOfAnImport() throws IOException {
        Path file = csv(folder.resolve("updates.csv"));

        assertThat(Cli.run(data, helpDesk.url(), "import", file).exitCode()).isEqualTo(1);
        assertThat(Cli.run(data, helpDesk.url(), "dead", "export", folder.resolve("letters.csv"))
                        .exitCode())
                .isZero();

        assertThat(open(data)).as("the data folder and all in it").isEmpty();
        for (String name : List.of("updates.results.csv", "updates.rejected.csv", "letters.csv")) {
            assertThat(mode(folder.resolve(name))).as(name).isEqualTo("rw-------");
        }
        assertThat(mode(file)).as("what the user made").isEqualTo("rw-r--r--");
    }

    @Test
    void nobodyElseReadsWhatARunKeeps() throws IOException {
        Files.createDirectories(folder.resolve("drop"));
        try (Caravan caravan = run()) {
            csv(Files.createDirectories(data.resolve("inbox")).resolve("a.csv"));
            Files.writeString(data.resolve("inbox/b.csv"), "no header\n");
            awaitDone();
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.isDirectory(data.resolve("failed")));
            assertThat(caravan.stopped()).isNull();
            for (String name : List.of("", "sandbox", "queue", "done", "failed")) {
                assertThat(mode(data.resolve(name))).as("folder " + name).isEqualTo("rwx------");
            }
            assertThat(open(data.resolve("sandbox"))).isEmpty();
        }
        Map<String, String> open = open(data.resolve("done"));
        open.keySet().removeIf(name -> name.endsWith("-a.csv"));
        assertThat(open).as("receipts").isEmpty();
    }

    @Test
    void anOlderLedgerIsTightenedAndWhatAUserOpenedStaysOpen() throws IOException {
        Files.createDirectories(data.resolve("inbox"));
        Files.createDirectories(data.resolve("done"));
        assertThat(Cli.run(data, helpDesk.url(), "import", csv(folder.resolve("updates.csv")))
                        .exitCode())
                .isEqualTo(1);
        set(data, "rwxr-xr-x");
        set(data.resolve("inbox"), "rwxrwxr-x");
        set(data.resolve("done"), "rwxr-x---");
        set(data.resolve("sandbox"), "rwxr-xr-x");
        set(data.resolve("sandbox/ledger.db"), "rw-r--r--");

        assertThat(Cli.run(data, helpDesk.url(), "send", "LF-616004", "status=New")
                        .exitCode())
                .isZero();

        assertThat(mode(data)).isEqualTo("rwxr-xr-x");
        assertThat(mode(data.resolve("inbox"))).isEqualTo("rwxrwxr-x");
        assertThat(mode(data.resolve("done"))).isEqualTo("rwxr-x---");
        assertThat(mode(data.resolve("sandbox"))).isEqualTo("rwx------");
        assertThat(mode(data.resolve("sandbox/ledger.db"))).isEqualTo("rw-------");
    }
}
