package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailServer.mail;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code caravan doctor} says of a mailbox. */
class MailDoctorTest {

    @TempDir
    private Path folder;

    private MailFixture fixture;

    @BeforeEach
    void prepare() {
        fixture = new MailFixture(folder);
        fixture.server.deliver(mail("1", "adam@example.com", "x", "Ticket: LF-616004\nStatus: New\n"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void whatIsRightIsTold() {
        Cli.Result result = fixture.run("doctor");

        assertThat(result.out())
                .contains("ok     mailbox        caravan@127.0.0.1 lets us in; 1 mails in INBOX"
                        + " (Done, Refused, Ignored, Quarantine made when first needed); the topmost"
                        + " Authentication-Results headers of the newest 1 mails begin with: mx.example.com (1), and"
                        + " mx.example.com is believed; answers leave by 127.0.0.1");
        assertThat(result.exitCode()).as(result.out()).isZero();
        assertThat(fixture.server.in("INBOX")).as("nothing is moved").hasSize(1);
    }

    @Test
    void anotherAuthservIdIsToldWithThoseThatAreSeen() {
        fixture.server.deliver(
                mail("2", "adam@example.com", "x", "").replace("Authentication-Results: mx.example.com", "X: y"));
        assertIsWrong(
                fixture.with("caravan.mail.trusted-authserv-id", "mail.elsewhere.example"),
                "caravan.mail.trusted-authserv-id=mail.elsewhere.example begins none of the topmost"
                        + " Authentication-Results headers of the newest 2 mails, which begin with: mx.example.com"
                        + " (1), none at all (1). Set it to your own server's name, if that is among them; else have the server"
                        + " add them");
    }

    @Test
    void namesThatStrangersWroteSteerNoTerminal() {
        String mail = mail("2", "adam@example.com", "x", "");
        fixture.server.deliver(mail.replace("Results: mx.example.com", "Results: MX.Example.Com"));
        fixture.server.deliver(mail.replace("Results: mx.example.com", "Results: \u001b[2Jevil"));

        assertThat(fixture.run("doctor").out())
                .contains("of the newest 3 mails begin with: '\\u001b[2Jevil' (1), mx.example.com (2), and");
    }

    @Test
    void aWrongPasswordIsTold() {
        assertIsWrong(
                fixture.with("caravan.mail.password", "wrong-77"),
                "the mailbox caravan@127.0.0.1 cannot be read: the server refuses the login");
    }

    @Test
    void aMissingFolderIsTold() {
        assertIsWrong(
                fixture.with("caravan.mail.folder", "Commands"),
                "there is no folder Commands in the mailbox caravan@127.0.0.1: make it, or set caravan.mail.folder");
    }

    @Test
    void anSmtpServerThatIsAwayIsTold() {
        assertIsWrong(
                fixture.with("caravan.mail.smtp.port", 9),
                "answers cannot be sent by caravan.mail.smtp.host=127.0.0.1: ");
    }

    private static void assertIsWrong(MailFixture fixture, String message) {
        Cli.Result result = fixture.run("doctor");

        assertThat(result.out()).contains("wrong  mailbox        " + message).doesNotContain("wrong-77");
        assertThat(result.exitCode()).isEqualTo(2);
    }
}
