package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailFixture.eventually;
import static io.github.ticketcaravan.cli.MailServer.mail;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.ledger.LedgerDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static void deliver(MailFixture fixture, int first) {
        for (int i = first; i < first + MAILS; i++) {
            fixture.server.deliver(mail("" + i, ADAM, "" + i, "Ticket: LF-616004\nSubject: " + i + "\n"));
        }
    }
}
