package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.ledger.LedgerDatabase;
import jakarta.jms.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While the ledger refuses an item, a source waits with it: the items after it may change the same tickets. */
class SourceOrderTest {

    @TempDir
    private Path folder;

    private ScriptedServer helpDesk;
    private String ledger;
    private CaravanFixture fixture;

    @BeforeEach
    void start() throws IOException {
        helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
        ledger = LedgerDatabase.SQLITE.fresh(folder);
        fixture = new CaravanFixture(folder, helpDesk.url()).with("caravan.ledger.url", ledger);
    }

    @AfterEach
    void stop() {
        helpDesk.close();
    }

    private void execute(String statement) {
        try (Connection connection = DriverManager.getConnection(ledger);
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The ledger fails for that row of a table, as a database does that is away for a moment. */
    private void refuse(String table, String column, String value) {
        execute("create trigger away before insert on " + table + " when new." + column + " = '" + value
                + "' begin select raise(abort, 'the ledger is away'); end");
    }

    private void mend() {
        execute("drop trigger away");
    }

    private void drop(String name, int minute) throws IOException {
        Path file = fixture.file(name, "ticket,subject", "T-1," + name, "T-2," + name);
        Files.setLastModifiedTime(
                file, FileTime.from(Instant.parse("2026-11-23T19:00:00Z").plusSeconds(minute)));
        Files.move(file, Files.createDirectories(fixture.inbox()).resolve(name));
    }

    private List<String> subjectsOf(String ticket) {
        return helpDesk.requests().stream()
                .filter(request -> request.ticket().equals(ticket))
                .map(request -> request.form().get("subject"))
                .toList();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
    }

    @Test
    void filesBehindOneThatTheLedgerRefusesWaitForIt() throws Exception {
        try (LogLines log = new LogLines();
                Caravan caravan = fixture.run()) {
            refuse("import", "name", "f0.csv");
            drop("f0.csv", 0);
            drop("f1.csv", 1);
            drop("f2.csv", 2);
            soon().until(() -> log.linesWith("f0.csv").size() > 0);
            assertThat(log.linesWith("the ledger is away"))
                    .singleElement()
                    .asString()
                    .startsWith("The inbox waits with f0.csv, and with the files after it, until it can be finished: ");
            mend();

            soon().until(() -> fixture.filesIn("done").contains("f2.csv"));
            assertThat(log.linesWith("The inbox goes on")).hasSize(1);
            assertThat(caravan.stopped()).isNull();
        }

        assertThat(subjectsOf("T-1")).containsExactly("f0.csv", "f1.csv", "f2.csv");
        assertThat(subjectsOf("T-2")).containsExactly("f0.csv", "f1.csv", "f2.csv");
        assertThat(fixture.filesIn("failed")).isEmpty();
    }

    @Test
    void messagesBehindOneThatTheLedgerRefusesWaitForIt() throws Exception {
        QueueFixture queue = new QueueFixture(folder, helpDesk.url()).with("caravan.ledger.url", ledger);
        try (LogLines log = new LogLines();
                Caravan caravan = queue.with("caravan.delivery.window", "1").start();
                QueueFixture.Client client = QueueFixture.Protocol.CORE.client(caravan)) {
            refuse("message", "id", "caravan-id 0");
            for (int i = 0; i < 4; i++) {
                Message message = client.session.createTextMessage("{\"ticket\":\"T-1\",\"subject\":\"" + i + "\"}");
                message.setStringProperty("caravan_id", Integer.toString(i));
                client.send(message);
            }
            soon().until(() -> !log.linesWith("the ledger is away").isEmpty());
            mend();

            soon().until(() -> subjectsOf("T-1").size() == 4);
            assertThat(caravan.stopped()).isNull();
        }

        assertThat(subjectsOf("T-1")).containsExactly("0", "1", "2", "3");
    }

    @Test
    void aLedgerThatIsAwayIsToldOnceByWhatLooksForDeadLetters() throws Exception {
        try (LogLines log = new LogLines();
                Caravan caravan = fixture.run()) {
            execute("alter table dead_letter rename to away");
            soon().until(() ->
                    !log.linesWith("Dead letters and answers to mails wait").isEmpty());
            execute("alter table away rename to dead_letter");
            soon().until(() -> !log.linesWith("are looked for again").isEmpty());

            assertThat(caravan.stopped()).isNull();
            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().get(0))
                    .startsWith("Dead letters and answers to mails wait: The ledger jdbc:sqlite:")
                    .contains("no such table: dead_letter");
        }
    }
}
