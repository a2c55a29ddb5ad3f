package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailFixture.eventually;
import static io.github.ticketcaravan.cli.MailServer.mail;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mails are carried out in the order in which they lie in the folder, whatever happens to the ledger. */
class MailOrderTest {

    @TempDir
    private Path folder;

    @Test
    void mailsBehindOneThatTheLedgerRefusesWaitForIt() throws Exception {
        try (MailFixture fixture = new MailFixture(folder)) {
            fixture.with("caravan.notify.uri", "file:" + folder + "?fileName=told.txt&fileExist=Append");
            fixture.with("caravan.ledger.url", ledger()).start();
            execute("create trigger away before insert on mail when new.message_id like '%<0@%'"
                    + " begin select raise(abort, 'the ledger is away'); end");
            for (int i = 0; i < 4; i++) {
                fixture.server.deliver(
                        mail(Integer.toString(i), "adam@example.com", "x", "Ticket: LF-616004\nSubject: " + i + "\n"));
            }
            eventually(() -> assertThat(folder.resolve("told.txt"))
                    .content()
                    .contains("stays where it is, and is tried again before those after it: ")
                    .contains("the ledger is away"));
            execute("drop trigger away");

            eventually(() -> assertThat(fixture.server.in("Done")).hasSize(4));
            List<String> subjects = new ArrayList<>();
            for (JsonNode request : fixture.helpDesk.log()) {
                subjects.add(0, request.path("parameters").path("subject").asText());
            }
            assertThat(subjects).containsExactly("0", "1", "2", "3");
        }
    }

    private void execute(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection(ledger());
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private String ledger() {
        return "jdbc:sqlite:" + folder.resolve("ledger.db");
    }
}
