package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} is killed when a dropped file is applied, but still lies in the inbox. */
@Timeout(120)
class DropKillTest {

    private static final String CSV = "ticket,department\nT-1,3\nT-2,3\nT-3,none\n";

    @TempDir
    private Path folder;

    private Path inbox;
    private Path ledger;

    @BeforeEach
    void makeInbox() throws IOException {
        inbox = Files.createDirectories(folder.resolve("data/inbox"));
        ledger = folder.resolve("data/sandbox/ledger.db");
    }

    private Process run(ScriptedServer helpDesk, Path routes) throws IOException {
        return Cli.process(
                        folder,
                        "run",
                        "--config=" + Cli.PROJECT.resolve("config"),
                        "--routes=" + routes,
                        "--data=" + folder.resolve("data"),
                        "--set=caravan.endpoint.url=" + helpDesk.url())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("run.log").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("run.log"));
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    /** With a step that waits for ever where the file is about to be moved. */
    private Path routesThatNeverMove() throws IOException {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        try (Stream<Path> shipped = Files.list(Cli.PROJECT.resolve("routes"))) {
            for (Path each : shipped.toList()) {
                Files.copy(each, routes.resolve(each.getFileName()));
            }
        }
        Path drop = routes.resolve("csv-drop-file.camel.yaml");
        String shipped = Files.readString(drop);
        String changed = shipped.replaceFirst(
                "( +)- bean:\n +ref: csvDrops\n +method: done\n",
                "$1- delay:\n$1    expression:\n$1      constant:\n$1        expression: 3600000\n$0");
        assertThat(changed).isNotEqualTo(shipped);
        Files.writeString(drop, changed);
        return routes;
    }

    private boolean isFinished() {
        if (!Files.exists(ledger)) {
            return false;
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + ledger);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from import where finished_at is not null")) {
            return row.next() && row.getInt(1) == 1;
        } catch (SQLException notYet) {
            return false;
        }
    }

    private List<String> filesIn(String name) throws IOException {
        Path files = folder.resolve("data").resolve(name);
        if (!Files.exists(files)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(files)) {
            return list.map(file -> file.getFileName().toString().replaceFirst("^[-0-9TZ]+Z-", ""))
                    .sorted()
                    .toList();
        }
    }

    private void drop(String name, Instant changed) throws IOException {
        Path part = Files.writeString(folder.resolve(name), CSV);
        Files.setLastModifiedTime(part, FileTime.from(changed));
        Files.move(part, inbox.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private void killBeforeTheMove(ScriptedServer helpDesk) throws Exception {
        drop("a.csv", Instant.parse("2026-11-23T12:00:00Z"));
        Process killed = run(helpDesk, routesThatNeverMove());
        try {
            soon().until(this::isFinished);
        } finally {
            killed.destroyForcibly().waitFor();
        }
        assertThat(inbox.resolve("a.csv")).exists();
    }

    private void runUntilTheInboxIsEmpty(ScriptedServer helpDesk) throws Exception {
        Process run = run(helpDesk, Cli.PROJECT.resolve("routes"));
        try {
            soon().until(() -> filesIn("inbox").isEmpty());
            run.destroy();
            assertThat(run.waitFor()).as(log()).isZero();
        } finally {
            run.destroyForcibly();
        }
    }

    @Test
    void theNextStartMovesItToDoneWithItsReceiptsAndSendsNothing() throws Exception {
        try (ScriptedServer helpDesk = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            killBeforeTheMove(helpDesk);
            try (Stream<Path> receipts = Files.list(folder.resolve("data/done"))) {
                // As after a crash of the machine that lost files which were not on the disk yet.
                for (Path each : receipts.toList()) {
                    Files.delete(each);
                }
            }

            runUntilTheInboxIsEmpty(helpDesk);

            assertThat(filesIn("done")).containsExactly("a.csv", "a.rejected.csv", "a.results.csv");
            assertThat(filesIn("failed")).isEmpty();
            assertThat(helpDesk.requests()).hasSize(2);

            // Dropped once more it is another file, even under the same name and of the same age.
            drop("a.csv", Instant.parse("2026-11-23T12:00:00Z"));
            runUntilTheInboxIsEmpty(helpDesk);

            assertThat(filesIn("failed")).containsExactly("a.csv", "a.error.txt");
            assertThat(helpDesk.requests()).hasSize(2);
        }
    }

    @Test
    void aCopyThatIsDroppedAfterTheKillIsAnotherFile() throws Exception {
        try (ScriptedServer helpDesk = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            killBeforeTheMove(helpDesk);
            drop("b.csv", Instant.parse("2026-11-23T12:00:00Z"));

            runUntilTheInboxIsEmpty(helpDesk);

            assertThat(filesIn("done")).contains("a.csv").doesNotContain("b.csv");
            assertThat(filesIn("failed")).containsExactly("b.csv", "b.error.txt");
            assertThat(helpDesk.requests()).hasSize(2);
        }
    }

    @Test
    void aFileThatTheCommandImportHasAppliedIsNotTakenForOne() throws Exception {
        Path file = Files.writeString(folder.resolve("a.csv"), CSV);
        try (ScriptedServer helpDesk = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            Cli.Result imported = Cli.run(folder.resolve("data"), helpDesk.url(), "import", file);
            assertThat(imported.exitCode()).as(imported.err()).isEqualTo(1);
            Files.move(file, inbox.resolve("a.csv"));

            runUntilTheInboxIsEmpty(helpDesk);

            assertThat(filesIn("failed")).containsExactly("a.csv", "a.error.txt");
            assertThat(helpDesk.requests()).hasSize(2);
        }
    }
}
