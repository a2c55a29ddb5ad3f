package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.MovableClock;
import io.github.ticketcaravan.delivery.Ownership;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.FolderClosedException;
import jakarta.mail.MessagingException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** When the mailbox is looked at. */
class MailboxPollTest {

    private final List<String> told = new ArrayList<>();
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-23T19:50:00Z"));
    private boolean onDuty = true;
    private final MailboxPoll poll = new MailboxPoll(
            "tickets@mail/INBOX",
            Duration.ofSeconds(10),
            new MailLogin("tickets", "secret", null),
            () -> onDuty ? Optional.of(Ownership.endless()) : Optional.empty(),
            clock,
            new Announcements(told::add));

    private boolean looksAfter(int seconds) {
        clock.forward(Duration.ofSeconds(seconds));
        return poll.begin(null, null);
    }

    /** Twenty mails were taken, one of which the server does not hand out. */
    @Test
    void aMailThatTheServerDoesNotHandOutIsToldOnceAndPassedOver() {
        for (int look = 0; look < 8; look++) {
            assertThat(looksAfter(0)).isTrue();
            poll.passedOver(new MessagingException("NO it cannot be retrieved"));
            assertThat(poll.isOver()).isFalse();
            poll.commit(null, null, 20);
            assertThat(looksAfter(0)).isFalse();
            assertThat(looksAfter(9)).isFalse();
            clock.forward(Duration.ofSeconds(1));
        }
        assertThat(told)
                .containsExactly("A mail of the mailbox tickets@mail/INBOX stays where it is, and is tried again: "
                        + "NO it cannot be retrieved");

        assertThat(looksAfter(0)).isTrue();
        poll.commit(null, null, 1);
        assertThat(told).last().isEqualTo("The mailbox tickets@mail/INBOX is read again");
    }

    @Test
    void aMailThatCannotBeFinishedEndsTheLook() {
        assertThat(looksAfter(0)).isTrue();
        assertThat(poll.isOver()).isFalse();

        poll.left(new IllegalStateException("the ledger is away"));

        assertThat(poll.isOver()).isTrue();
        poll.commit(null, null, 20);
        assertThat(looksAfter(0)).isFalse();
        assertThat(looksAfter(9)).isFalse();
        assertThat(looksAfter(1)).isTrue();
        assertThat(poll.isOver()).isFalse();
        assertThat(told)
                .containsExactly("A mail of the mailbox tickets@mail/INBOX stays where it is, and is tried again"
                        + " before those after it: the ledger is away");
    }

    @Test
    void aMailboxThatCannotBeReadIsLookedAtLessAndLess() {
        for (int wait : List.of(10, 20, 40, 80, 160, 300, 300)) {
            assertThat(looksAfter(0)).isTrue();
            poll.handleException(new MessagingException("BYE not now"));
            assertThat(looksAfter(wait - 1)).isFalse();
            clock.forward(Duration.ofSeconds(1));
        }
        assertThat(told).hasSize(1);
    }

    /** The connection ends in the middle of a look: each of its mails fails, and the folder too. */
    @Test
    void mailsOfOneLookThatFailTogetherAreOneFailure() {
        assertThat(looksAfter(0)).isTrue();
        poll.left(new MessagingException("NO it cannot be retrieved"));
        for (int mail = 0; mail < 20; mail++) {
            poll.handleException(new FolderClosedException(null, "BYE not now"));
        }

        assertThat(looksAfter(0)).isFalse();
        assertThat(looksAfter(9)).isFalse();
        assertThat(looksAfter(1)).isTrue();
        assertThat(told).hasSize(2);
    }

    @Test
    void aSessionThatIsLostAtEveryMailIsTriedAgainAsSoonAsUsual() {
        for (int look = 0; look < 8; look++) {
            assertThat(looksAfter(0)).isTrue();
            poll.done();
            poll.handleException(new FolderClosedException(null, "BYE not now"));
            poll.commit(null, null, 20);
            assertThat(looksAfter(9)).isFalse();
            clock.forward(Duration.ofSeconds(1));
        }
        assertThat(told).hasSize(1);
    }

    @Test
    void whileAnotherProcessReadsItThisOneDoesNot() {
        onDuty = false;
        assertThat(looksAfter(0)).isFalse();
        onDuty = true;
        assertThat(looksAfter(10)).isTrue();
    }

    @Test
    void aReasonNamesTheKeysOfTheServerThatItIsAbout() {
        Exception refused = new MessagingException("x", new ConnectException("Connection refused"));
        assertThat(MailboxPoll.reason(refused))
                .isEqualTo("Connection refused; look at caravan.mail.host and port, and whether the server is there");
        assertThat(MailboxPoll.reasonOfSmtp(refused))
                .isEqualTo(
                        "Connection refused; look at caravan.mail.smtp.host and port, and whether the server is there");
        assertThat(MailboxPoll.reasonOfSmtp(new AuthenticationFailedException("535 no such user")))
                .isEqualTo("the server refuses the login (535 no such user); look at caravan.mail.smtp.username and"
                        + " password, or at caravan.mail.oauth2");
        assertThat(MailboxPoll.reasonOfSmtp(new MessagingException("x", new SSLException("no such certificate"))))
                .contains("look at caravan.mail.smtp.security, host and port, and at the server's certificate");
        assertThat(MailboxPoll.reason(new MessagingException("NO not now"))).isEqualTo("NO not now");
    }
}
