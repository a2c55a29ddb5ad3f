package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailFixture.eventually;
import static io.github.ticketcaravan.cli.MailServer.mail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a real IMAP server to the help desk and back. */
class MailDovecotTest {

    private static final String ADAM = "adam@example.com";

    @TempDir
    private Path folder;

    @Test
    void mailsOfADovecotAreCarriedOutAnsweredAndMovedAlsoAfterItWasRestarted() throws Exception {
        assumeThat(Dovecot.program())
                .as("Dovecot is not installed, so nothing was tried against it: apt-get install dovecot-imapd")
                .isPresent();
        try (Dovecot dovecot = new Dovecot(Files.createDirectory(folder.resolve("dovecot")));
                MailFixture fixture = new MailFixture(folder)) {
            dovecot.deliver(mail("1", ADAM, "x", "Ticket: LF-616004\nStatus: New\n"));
            dovecot.deliver(
                    mail("2", ADAM, "x", "Ticket: LF-616004\nStatus: New\n").replace("pass", "fail"));
            dovecot.deliver(mail("3", ADAM, "x", "Ticket: LF-616004\nStatus: New\n", "Precedence: bulk\n"));
            dovecot.deliver(mail("4", ADAM, "x", "How are you?\n"));
            fixture.with("caravan.mail.port", dovecot.port()).start();

            eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(2));
            eventually(() -> assertThat(dovecot.in("INBOX")).isEmpty());
            assertThat(dovecot.in("Done")).containsExactly("<1@example.com>");
            assertThat(dovecot.in("Quarantine")).containsExactly("<2@example.com>");
            assertThat(dovecot.in("Ignored")).containsExactly("<3@example.com>");
            assertThat(dovecot.in("Refused")).containsExactly("<4@example.com>");
            assertThat(fixture.helpDesk.requests()).isEqualTo(1);
            assertThat(fixture.run("doctor").out())
                    .contains("caravan@127.0.0.1 lets us in", "0 mails in INBOX", "answers leave by 127.0.0.1");

            fixture.helpDesk.forget();
            dovecot.stop();
            dovecot.start();
            dovecot.deliver(mail("5", ADAM, "x", "Ticket: LF-616004\nStatus: Resolved\n"));
            eventually(() -> assertThat(dovecot.in("Done")).containsExactly("<1@example.com>", "<5@example.com>"));
            assertThat(fixture.helpDesk.requests()).isEqualTo(1);
        }
    }
}
