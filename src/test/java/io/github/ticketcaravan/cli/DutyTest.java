package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.DeadLetters;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.ledger.LedgerDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of the machines that share a ledger, one forwards dead letters and replays them, and another when it is killed. */
class DutyTest {

    private static final int ROWS = 10;

    @TempDir
    private Path folder;

    private Process run(String machine, String url, ScriptedServer helpDesk) throws IOException {
        return Cli.process(
                        folder,
                        "run",
                        "--config=" + Cli.PROJECT.resolve("config"),
                        "--data=" + folder.resolve(machine),
                        "--set=caravan.endpoint.url=" + helpDesk.url(),
                        "--set=caravan.ledger.url=" + url,
                        "--set=caravan.dead-letter.forward=file:" + folder.resolve("forwarded")
                                + "?fileName=${id}&fileExist=Append&appendChars=\\n")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(machine + ".log").toFile())
                .start();
    }

    /** Rows that are refused without being sent. */
    private void drop(String machine, String name) throws IOException {
        Path inbox = Files.createDirectories(folder.resolve(machine).resolve("inbox"));
        StringBuilder csv = new StringBuilder("ticket,department\n");
        for (int row = 0; row < ROWS; row++) {
            csv.append("T-").append(row).append(",of ").append(name).append('\n');
        }
        Files.writeString(inbox.resolve(name + ".csv"), csv);
    }

    /** Each as often as it was forwarded. */
    private long forwarded() throws IOException {
        Path forwards = folder.resolve("forwarded");
        if (!Files.exists(forwards)) {
            return 0;
        }
        long lines = 0;
        try (Stream<Path> files = Files.list(forwards)) {
            for (Path file : files.toList()) {
                lines += Files.readString(file).lines().count();
            }
        }
        return lines;
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    @Test
    void whenTheOneOnDutyIsKilledAnotherForwardsAndReplays() throws Exception {
        String url = LedgerDatabase.POSTGRESQL.fresh(folder);
        try (ScriptedServer helpDesk = ScriptedServer.always(ScriptedServer.json(200, "{\"id\":1}"));
                Ledger ledger = Ledger.open(url, Clock.systemUTC())) {
            DeadLetters letters = ledger.deadLetters();
            Process first = run("first", url, helpDesk);
            Process second = null;
            try {
                drop("first", "one");
                soon().until(() -> forwarded() == ROWS);
                second = run("second", url, helpDesk);
                drop("second", "two");
                soon().until(() -> forwarded() == 2 * ROWS);
                assertThat(ledger.isOnDuty()).isFalse();

                first.destroyForcibly().waitFor();
                drop("second", "three");
                soon().until(() -> forwarded() == 3 * ROWS);
                for (DeadLetter letter : letters.list(DeadLetterFilter.inStates(Set.of()))) {
                    letters.edit(letter.id(), letter.ticket(), Map.of("department", "3"), "somebody");
                    assertThat(letters.request(letter.id())).isTrue();
                }
                soon().until(() -> letters.list(DeadLetterFilter.inStates(Set.of("applied")))
                                .size()
                        == 3 * ROWS);
                assertThat(helpDesk.requests()).hasSize(3 * ROWS);
            } finally {
                first.destroyForcibly();
                if (second != null) {
                    second.destroyForcibly().waitFor();
                }
            }
        }
    }
}
