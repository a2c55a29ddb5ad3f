package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.Wire;
import io.github.ticketcaravan.ledger.LedgerDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;

/** {@code caravan run} with a PostgreSQL that is not there yet, falls silent, or refuses it. */
@Timeout(120)
class RunLedgerTest {

    private static final int ROWS = 400;
    private static final int WINDOW = 20;

    @TempDir
    private Path folder;

    private String url;
    private int port;

    @BeforeEach
    void createDatabase() {
        url = LedgerDatabase.POSTGRESQL.fresh(folder);
        port = Integer.parseInt(url.replaceFirst(".*:(\\d+)/.*", "$1"));
    }

    private String through(int otherPort) {
        return url.replace(":" + port + "/", ":" + otherPort + "/")
                + "&socketTimeout=2&loginTimeout=2&connectTimeout=2";
    }

    private Process run(String ledger, ScriptedServer helpDesk) throws IOException {
        return Cli.process(
                        folder,
                        "run",
                        "--config=" + Cli.PROJECT.resolve("config"),
                        "--data=" + folder.resolve("data"),
                        "--set=caravan.endpoint.url=" + helpDesk.url(),
                        "--set=caravan.ledger.url=" + ledger,
                        "--set=caravan.delivery.concurrency=2",
                        "--set=caravan.delivery.window=" + WINDOW)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("run.log").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("run.log"));
    }

    private void drop(String name, int rows) throws IOException {
        StringBuilder csv = new StringBuilder("ticket,subject\n");
        for (int row = 0; row < rows; row++) {
            csv.append("T-").append(row).append(',').append(name).append(row).append('\n');
        }
        Path part = Files.writeString(folder.resolve(name), csv);
        Files.move(part, Files.createDirectories(folder.resolve("data/inbox")).resolve(name));
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(20))
                // The tables are not there at once.
                .ignoreException(PSQLException.class);
    }

    private long applied() throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from outcome where outcome = 'applied'")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static ScriptedServer helpDesk() throws IOException {
        return ScriptedServer.answering(number -> {
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return ScriptedServer.json(200, "{\"id\":1}");
        });
    }

    private void end(Process run) throws Exception {
        run.destroy();
        assertThat(run.waitFor()).as(log()).isZero();
    }

    @Test
    void aServerThatFallsSilentIsGivenUpToldAndWaitedFor() throws Exception {
        try (ScriptedServer helpDesk = helpDesk();
                Wire wire = new Wire(port)) {
            drop("rows.csv", ROWS);
            Process run = run(through(wire.port()), helpDesk);
            try {
                soon().until(() -> helpDesk.requests().size() > ROWS / 8);
                wire.fallSilent();
                soon().until(() -> log().contains("Outcomes cannot be kept, so nothing more is sent. The ledger "));
                soon().until(() -> log().contains("timed out.): look whether the database server is there"));
                assertThat(log()).contains("timed out").doesNotContain("The ledger can be written again");
                int sent = helpDesk.requests().size();
                assertThat(sent).isLessThan(ROWS);
                wire.mend();

                soon().until(() -> applied() == ROWS);
                soon().until(() -> Files.exists(folder.resolve("data/done")));
                end(run);
                assertThat(log()).contains("The ledger can be written again");
                assertThat(helpDesk.requests()).hasSizeBetween(ROWS, ROWS + WINDOW);
            } finally {
                run.destroyForcibly();
            }
        }
    }

    @Test
    void aServerThatFallsSilentWhileThereIsNothingToDoIsNoticedByTheNextFile() throws Exception {
        try (ScriptedServer helpDesk = helpDesk();
                Wire wire = new Wire(port)) {
            drop("first.csv", 1);
            Process run = run(through(wire.port()), helpDesk);
            try {
                soon().until(() -> applied() == 1);
                wire.fallSilent();
                drop("second.csv", 1);
                soon().until(() -> log().contains("cannot be read ("));
                wire.mend();

                soon().until(() -> applied() == 2);
                end(run);
                assertThat(helpDesk.requests()).hasSize(2);
            } finally {
                run.destroyForcibly();
            }
        }
    }

    @Test
    void whereTheServerIsAwayAtTheStartItIsWaitedFor() throws Exception {
        try (ScriptedServer helpDesk = helpDesk();
                Wire wire = new Wire(port)) {
            wire.refuse();
            drop("rows.csv", 3);
            Process run = run(through(wire.port()), helpDesk);
            try {
                soon().until(() -> log().contains("it is tried again in 2 s"));
                assertThat(log())
                        .contains("cannot be opened (Connection refused)", "it is tried again in 1 s")
                        .doesNotContain("Running for");
                wire.mend();

                soon().until(() -> applied() == 3);
                end(run);
                assertThat(log()).contains("Running for ");
                assertThat(helpDesk.requests()).hasSize(3);
            } finally {
                run.destroyForcibly();
            }
        }
    }

    @Test
    void whoWaitsForTheServerCanBeStopped() throws Exception {
        try (ScriptedServer helpDesk = helpDesk();
                Wire wire = new Wire(port)) {
            wire.refuse();
            Process run = run(through(wire.port()), helpDesk);
            try {
                soon().until(() -> log().contains("it is tried again in 1 s"));
                end(run);
                assertThat(helpDesk.requests()).isEmpty();
            } finally {
                run.destroyForcibly();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"/ledger_\\d+,/no_such_ledger", "user=\\w+,user=nobody_at_all", "jdbc:postgresql:,jdbc:postgres:"})
    void whatNoWaitingMendsEndsTheStartWith2(String part, String instead) throws Exception {
        try (ScriptedServer helpDesk = helpDesk()) {
            drop("rows.csv", 3);

            Cli.Result result = Cli.run(
                    folder.resolve("data"),
                    helpDesk.url(),
                    "run",
                    "--set",
                    "caravan.ledger.url=" + url.replaceFirst(part, instead));

            assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
            assertThat(result.err()).contains("mend caravan.ledger.url");
            assertThat(helpDesk.requests()).isEmpty();
        }
    }
}
