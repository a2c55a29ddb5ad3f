package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.Wire;
import io.github.ticketcaravan.ledger.LedgerDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that lose PostgreSQL when they have sent something. */
@Timeout(60)
class LostLedgerTest {

    private static final int ROWS = 300;
    private static final int WINDOW = 20;

    @TempDir
    private Path folder;

    private Wire wire;
    private String url;

    @BeforeEach
    void connect() {
        String direct = LedgerDatabase.POSTGRESQL.fresh(folder);
        String port = direct.replaceFirst(".*:(\\d+)/.*", "$1");
        wire = new Wire(Integer.parseInt(port));
        url = direct.replace(":" + port + "/", ":" + wire.port() + "/") + "&loginTimeout=1";
    }

    @AfterEach
    void disconnect() throws IOException {
        wire.close();
    }

    private Path rows(String name, int rows) throws IOException {
        StringBuilder csv = new StringBuilder("ticket,subject\n");
        for (int row = 0; row < rows; row++) {
            csv.append("T-").append(row).append(',').append(name).append(row).append('\n');
        }
        return Files.writeString(folder.resolve(name), csv);
    }

    /** Answers each request, and before that does something at one of them. */
    private static ScriptedServer helpDesk(int number, Runnable action) throws IOException {
        return ScriptedServer.answering(request -> {
            if (request == number) {
                action.run();
            }
            return ScriptedServer.json(200, "{\"id\":1}");
        });
    }

    private Cli.Result run(ScriptedServer helpDesk, Object... command) {
        Object[] words = new Object[command.length + 2];
        System.arraycopy(command, 0, words, 0, command.length);
        words[command.length] = "--set=caravan.ledger.url=" + url;
        words[command.length + 1] = "--set=caravan.delivery.window=" + WINDOW;
        return Cli.run(folder.resolve("data"), helpDesk.url(), words);
    }

    /** What the first command had cannot be released, and is another process's as far as the database knows. */
    private Cli.Result runOnceTheLeaseIsOver(ScriptedServer helpDesk, Object... command) throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("delete from lease");
        }
        return run(helpDesk, command);
    }

    @Test
    void importEndsWith3AndTellsWhatIsKnownAndTheSameCommandGoesOn() throws Exception {
        Path file = rows("rows.csv", ROWS);
        try (ScriptedServer helpDesk = helpDesk(100, () -> wire.cut(""))) {
            Cli.Result lost = run(helpDesk, "import", file);

            assertThat(lost.exitCode()).as(lost.out() + lost.err()).isEqualTo(3);
            int sent = helpDesk.requests().size();
            assertThat(sent).isLessThan(100 + 2 * WINDOW);
            int applied = number(lost.out(), "applied");
            int inDoubt = number(lost.out(), "in doubt");
            assertThat(applied).isBetween(100 - WINDOW, 100);
            assertThat(inDoubt).isBetween(1, WINDOW);
            assertThat(sent).isBetween(applied, applied + inDoubt);
            assertThat(number(lost.out(), "not sent")).isEqualTo(ROWS - applied - inDoubt);
            assertThat(lost.out())
                    .contains("perhaps sent, but not recorded: they are sent again")
                    .containsPattern("Stopped: .*The ledger jdbc:postgresql://")
                    .contains("The same command goes on where it stopped");

            wire.mend();
            Cli.Result again = runOnceTheLeaseIsOver(helpDesk, "import", file);

            assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
            assertThat(number(again.out(), "applied")).isEqualTo(ROWS);
            assertThat(Files.readAllLines(folder.resolve("rows.results.csv"))).hasSize(ROWS + 1);
            assertThat(helpDesk.requests()).hasSizeBetween(ROWS, ROWS + inDoubt);
            assertThat(helpDesk.requests().stream()
                            .map(request -> request.substring(request.indexOf("\r\n\r\n")))
                            .collect(Collectors.toSet()))
                    .hasSize(ROWS);
        }
    }

    private static int number(String out, String what) {
        return out.lines()
                .filter(line -> line.strip().startsWith(what))
                .mapToInt(line -> Integer.parseInt(line.replaceFirst(".*" + what + " +(\\d+).*", "$1")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(out));
    }

    @Test
    void importThatLosesItBeforeItsFirstRowEndsWith2AndHasSentNothing() throws Exception {
        Path file = rows("rows.csv", 3);
        wire.cut("");
        try (ScriptedServer helpDesk = helpDesk(-1, () -> {})) {
            Cli.Result lost = run(helpDesk, "import", file);

            assertThat(lost.exitCode()).as(lost.out() + lost.err()).isEqualTo(2);
            assertThat(helpDesk.requests()).isEmpty();
        }
    }

    @Test
    void aFileThatCannotBeReadAfterAnotherWasAppliedEndsWith3() throws Exception {
        Path first = rows("first.csv", 3);
        Path second = rows("second.csv", 3);
        Runnable remove = () -> {
            try {
                Files.deleteIfExists(second);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        try (ScriptedServer helpDesk = helpDesk(0, remove)) {
            Cli.Result lost = run(helpDesk, "import", first, second);

            assertThat(lost.exitCode()).as(lost.out() + lost.err()).isEqualTo(3);
            assertThat(lost.out())
                    .contains("first.csv: 3 rows", "Stopped: ", "second.csv")
                    .contains("The same command goes on; rows that have an outcome are not sent again.");
            assertThat(helpDesk.requests()).hasSize(3);
        }
    }

    @Test
    void sendEndsWith3AndSaysThatTheUpdateMayHaveBeenSent() throws Exception {
        try (ScriptedServer helpDesk = helpDesk(0, () -> wire.cut(""))) {
            Cli.Result lost = run(helpDesk, "send", "LF-616004", "status=New");

            assertThat(lost.exitCode()).as(lost.out() + lost.err()).isEqualTo(3);
            assertThat(lost.err())
                    .contains(
                            "The update of LF-616004 may have been sent, but its outcome was not recorded. The ledger ");
            assertThat(helpDesk.requests()).hasSize(1);
        }
    }

    @Test
    void aReplayEndsWith3AndTheSameCommandGoesOn() throws Exception {
        Path file = Files.writeString(folder.resolve("bad.csv"), "ticket,department\nLF-616004,Sales\n");
        try (ScriptedServer helpDesk = helpDesk(0, () -> wire.cut(""))) {
            assertThat(run(helpDesk, "import", file).exitCode()).isEqualTo(1);
            assertThat(run(helpDesk, "dead", "edit", "1", "department=3").exitCode())
                    .isZero();

            Cli.Result lost = run(helpDesk, "dead", "replay", "1");

            assertThat(lost.exitCode()).as(lost.out() + lost.err()).isEqualTo(3);
            assertThat(lost.out()).contains("Stopped: The ledger ", "The same command goes on");
            wire.mend();
            Cli.Result again = runOnceTheLeaseIsOver(helpDesk, "dead", "replay", "1");
            assertThat(again.exitCode()).as(again.out() + again.err()).isZero();
            assertThat(helpDesk.requests()).hasSize(2);
        }
    }
}
