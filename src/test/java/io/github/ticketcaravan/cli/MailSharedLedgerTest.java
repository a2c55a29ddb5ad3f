package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailFixture.eventually;
import static io.github.ticketcaravan.cli.MailServer.mail;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ticketcaravan.ledger.LedgerDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two machines with one configuration, one ledger and one mailbox. */
class MailSharedLedgerTest {

    private static final String ADAM = "adam@example.com";
    private static final int MAILS = 12;

    @TempDir
    private Path folder;

    @Test
    void eachMailIsCarriedOutAndAnsweredOnceAndWhenOneMachineEndsTheOtherReads() throws Exception {
        String url = LedgerDatabase.POSTGRESQL.fresh(folder);
        try (MailFixture one = new MailFixture(Files.createDirectory(folder.resolve("one")));
                MailFixture other = new MailFixture(Files.createDirectory(folder.resolve("other")))) {
            one.with("caravan.ledger.url", url).start();
            other.with("caravan.ledger.url", url)
                    .with("caravan.endpoint.url", one.helpDesk.url())
                    .with("caravan.mail.port", one.server.imapPort())
                    .with("caravan.mail.smtp.port", one.server.smtpPort())
                    .start();
            deliver(one, 0);
            eventually(() -> assertThat(one.server.received(ADAM)).hasSize(MAILS));

            one.stop();
            deliver(one, MAILS);
            eventually(() -> assertThat(one.server.received(ADAM)).hasSize(2 * MAILS));
            other.stop();

            assertThat(one.server.received(ADAM).stream()
                            .map(MailServer::messageId)
                            .distinct())
                    .hasSize(2 * MAILS);
            assertThat(one.helpDesk.requests()).isEqualTo(2 * MAILS);
            assertThat(one.server.in("Done")).hasSize(2 * MAILS).doesNotHaveDuplicates();
        }
    }

    /** As after a failover: the database has let another machine read the mailbox, and this one was not told. */
    @Test
    void aMachineWhoseMailboxWasTakenOverInAnOutageSendsNoOlderValueAfterIt() throws Exception {
        String url = LedgerDatabase.POSTGRESQL.fresh(folder);
        try (MailFixture one = new MailFixture(Files.createDirectory(folder.resolve("one")));
                MailFixture other = new MailFixture(Files.createDirectory(folder.resolve("other")));
                Connection database = DriverManager.getConnection(url);
                Statement sql = database.createStatement()) {
            one.helpDesk.fail("503:100%");
            one.with("caravan.ledger.url", url)
                    .with("caravan.delivery.retry.attempts", 1_000)
                    .with("caravan.delivery.retry.delay", "200ms")
                    .with("caravan.delivery.retry.max-delay", "200ms")
                    .start();
            one.server.deliver(mail("old", ADAM, "x", "Ticket: LF-616004\nSubject: old\n"));
            eventually(() -> assertThat(one.helpDesk.requests()).isPositive());
            other.with("caravan.ledger.url", url)
                    .with("caravan.delivery.retry.attempts", 1_000)
                    .with("caravan.delivery.retry.delay", "200ms")
                    .with("caravan.delivery.retry.max-delay", "200ms")
                    .with("caravan.endpoint.url", one.helpDesk.url())
                    .with("caravan.mail.port", one.server.imapPort())
                    .with("caravan.mail.smtp.port", one.server.smtpPort())
                    .start();

            // Longer than it takes until a holder is told that it is none any more.
            assertThat(sql.executeUpdate("update lease set owner = 'another', expires_at = expires_at - 10000000"
                            + " where name like 'mailbox %'"))
                    .isOne();
            eventually(() -> assertThat(count(
                            sql, "select count(*) from lease where name like 'mailbox %'" + " and owner <> 'another'"))
                    .isOne());
            one.helpDesk.recover();
            eventually(() -> assertThat(one.server.in("Done")).hasSize(1));
            one.server.deliver(mail("new", ADAM, "x", "Ticket: LF-616004\nSubject: new\n"));
            eventually(() -> assertThat(one.server.in("Done")).hasSize(2));

            assertThat(applied(one.helpDesk)).containsExactly("old", "new");
        }
    }

    private static long count(Statement sql, String query) throws Exception {
        try (ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static List<String> applied(HelpDesk helpDesk) {
        List<String> subjects = new ArrayList<>();
        for (JsonNode request : helpDesk.log()) {
            if (request.path("status").asInt() == 200
                    && request.path("parameters").has("subject")) {
                subjects.add(0, request.path("parameters").path("subject").asText());
            }
        }
        return subjects;
    }

    private static void deliver(MailFixture fixture, int first) {
        for (int i = first; i < first + MAILS; i++) {
            fixture.server.deliver(mail("" + i, ADAM, "" + i, "Ticket: LF-616004\nSubject: " + i + "\n"));
        }
    }
}
