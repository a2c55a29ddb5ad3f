package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.ledger.MailAnswer;
import io.github.ticketcaravan.ledger.Mails;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;

/**
 * The steps of the route {@code mail-answer}: from the ledger to the SMTP server. For one thread.
 *
 * <p>An answer is tried again, after a second and then twice as long each time, at most an hour, for three days. When the
 * server refuses its address for good it is given up at once. Whether the commands were carried out is no business of
 * these steps.
 */
public final class MailAnswers {

    private static final int AT_ONCE = 20;
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofDays(3);

    private final Ledger ledger;
    private final Mails mails;
    private final MailLogin login;
    private final Clock clock;
    private final Announcements announcements;
    private boolean failing;

    MailAnswers(Ledger ledger, MailLogin login, Clock clock, Announcements announcements) {
        this.ledger = ledger;
        this.mails = ledger.mails();
        this.login = login;
        this.clock = clock;
        this.announcements = announcements;
    }

    /**
     * Those whose time has come; one at a time while they cannot be sent; none where another process with the same
     * ledger sends them.
     */
    public List<MailAnswer> next() {
        return ledger.isOnDuty("mail answers") ? mails.due(failing ? 1 : AT_ONCE) : List.of();
    }

    /** The mail itself, exactly as it was written down. */
    public MimeMessage mail(@Body MailAnswer answer) throws MessagingException {
        return new AsItIs(answer.content());
    }

    public void sent(@Body MailAnswer answer) {
        mails.settled(answer);
        if (failing) {
            failing = false;
            announcements.warn("Answers to mails are sent again");
        }
    }

    /** Has it tried again later; told once, not at every try. */
    public void failed(@Body MailAnswer answer, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause) {
        Instant now = clock.instant();
        boolean refused = isRefused(cause);
        if (refused || now.isAfter(answer.preparedAt().plus(PATIENCE))) {
            mails.settled(answer);
            announcements.warn("The answer " + answer.messageId() + " to " + answer.recipient() + " is given up ("
                    + MailboxPoll.reasonOfSmtp(cause) + "); its commands stand as they are");
            return;
        }
        if (cause instanceof AuthenticationFailedException) {
            login.refused();
        }
        long factor = 1L << Math.min(answer.attempts(), 16);
        Duration delay = FIRST.multipliedBy(factor);
        mails.failed(answer, now.plus(delay.compareTo(LONGEST) < 0 ? delay : LONGEST));
        if (!failing) {
            failing = true;
            announcements.warn("Answers to mails cannot be sent (" + MailboxPoll.reasonOfSmtp(cause)
                    + "); they are kept and tried again. Look at caravan.mail.smtp");
        }
    }

    /** Whether the server will never take it (5yz, RFC 5321, section 4.2.1). */
    private static boolean isRefused(Exception cause) {
        if (!(cause instanceof SendFailedException refused)) {
            return false;
        }
        for (Exception next = refused.getNextException();
                next != null;
                next = next instanceof MessagingException more ? more.getNextException() : null) {
            if (next instanceof SMTPAddressFailedException address && address.getReturnCode() / 100 == 5) {
                return true;
            }
        }
        return false;
    }

    /** Camel would write some of its headers anew. */
    private static final class AsItIs extends MimeMessage {

        AsItIs(byte[] content) throws MessagingException {
            super(Session.getInstance(new Properties()), new ByteArrayInputStream(content));
        }

        @Override
        public void saveChanges() {
            // It is complete.
        }
    }
}
