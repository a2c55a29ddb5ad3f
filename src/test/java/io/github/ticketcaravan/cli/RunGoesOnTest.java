package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.ledger.LedgerDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code caravan run} does when outcomes cannot be kept. */
class RunGoesOnTest {

    private static final int ROWS = 400;

    @TempDir
    private Path folder;

    private Process start(String url, Object... more) throws IOException {
        ProcessBuilder run = Cli.process(
                folder,
                Stream.concat(
                                Stream.of(
                                        "run",
                                        "--config=" + Cli.PROJECT.resolve("config"),
                                        "--data=" + folder.resolve("data"),
                                        "--set=caravan.endpoint.url=" + url,
                                        "--set=caravan.delivery.concurrency=2",
                                        "--set=caravan.delivery.window=20"),
                                Stream.of(more))
                        .toArray());
        return run.redirectErrorStream(true)
                .redirectOutput(folder.resolve("run.log").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("run.log"));
    }

    private void drop(int rows) throws IOException {
        StringBuilder csv = new StringBuilder("ticket,subject\n");
        for (int row = 0; row < rows; row++) {
            csv.append("T-").append(row).append(',').append(row).append('\n');
        }
        Path inbox = Files.createDirectories(folder.resolve("data/inbox"));
        Files.writeString(inbox.resolve("rows.csv"), csv);
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(20));
    }

    private static long number(String url, String query) throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void whenTheDatabaseWasAwayItGoesOnByItselfAndOnlyWhatWasInFlightIsSentTwice() throws Exception {
        String url = LedgerDatabase.POSTGRESQL.fresh(folder);
        String name = url.replaceFirst(".*/(\\w+)\\?.*", "$1");
        String server = url.replace("/" + name, "/postgres");
        try (ScriptedServer helpDesk = ScriptedServer.answering(number -> {
            pause();
            return ScriptedServer.json(200, "{\"id\":1}");
        })) {
            drop(ROWS);
            Process run = start(helpDesk.url().toString(), "--set=caravan.ledger.url=" + url);
            try {
                soon().until(() -> run.isAlive() && helpDesk.requests().size() > ROWS / 8);
                try (Connection connection = DriverManager.getConnection(server);
                        Statement statement = connection.createStatement()) {
                    statement.execute("alter database " + name + " allow_connections false");
                    statement.execute(
                            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
                    soon().until(() -> log().contains("Outcomes cannot be kept"));
                    soon().until(() -> log().contains("cannot be opened"));
                    assertThat(helpDesk.requests()).hasSizeLessThan(ROWS);
                    statement.execute("alter database " + name + " allow_connections true");
                }
                soon().until(() -> number(url, "select count(*) from outcome where outcome = 'applied'") == ROWS);
                soon().until(() -> Files.exists(folder.resolve("data/done")));
                assertThat(run.isAlive()).isTrue();

                run.destroy();

                assertThat(run.waitFor()).as(log()).isZero();
                assertThat(helpDesk.requests()).hasSizeBetween(ROWS, ROWS + 20);
                assertThat(log()).contains("The ledger can be written again");
            } finally {
                run.destroyForcibly();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whenAMistakeInARouteKeepsOutcomesFromTheLedgerItEndsAndSaysWhy() throws Exception {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        try (Stream<Path> shipped = Files.list(Cli.PROJECT.resolve("routes"))) {
            for (Path each : shipped.toList()) {
                Files.writeString(
                        routes.resolve(each.getFileName()),
                        Files.readString(each).replace("ref: answered", "ref: missed"));
            }
        }
        try (ScriptedServer helpDesk = ScriptedServer.always(ScriptedServer.json(200, "{\"id\":1}"))) {
            drop(3);
            Process run = start(helpDesk.url().toString(), "--routes=" + routes);
            try {
                assertThat(run.waitFor()).as(log()).isEqualTo(3);
            } finally {
                run.destroyForcibly();
            }
        }

        assertThat(log()).contains("Stopped: ").contains("did not reach the ledger");
    }
}
