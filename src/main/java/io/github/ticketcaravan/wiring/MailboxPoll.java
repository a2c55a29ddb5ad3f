package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Ownership;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.FolderClosedException;
import jakarta.mail.FolderNotFoundException;
import jakarta.mail.StoreClosedException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.jspecify.annotations.Nullable;

/**
 * When the mailbox is looked at, and what is said when that fails: one sentence, once, and one when it works again.
 *
 * <p>After a look that failed the next one waits, twice as long each time, up to five minutes, and as long as the first
 * time if a mail was done in it. A mail that cannot be finished ends the look: those after it may change the same tickets,
 * and wait. A mail that the server does not hand out is passed over. After either the next look waits for the poll
 * interval. Of the processes that share a ledger, one reads the mailbox: two would carry out the same mail.
 */
public final class MailboxPoll implements PollingConsumerPollStrategy, ExceptionHandler {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final String mailbox;
    private final Duration interval;
    private final MailLogin login;
    private final Supplier<Optional<Ownership>> duty;
    private final Clock clock;
    private final Announcements announcements;
    private Instant notBefore = Instant.MIN;
    private Ownership ownership = new Ownership();
    private boolean left;
    private boolean passedOver;
    private boolean failedNow;
    private boolean counted;
    private int failures;
    private int successes;
    private String said = "";

    MailboxPoll(
            String mailbox,
            Duration interval,
            MailLogin login,
            Supplier<Optional<Ownership>> duty,
            Clock clock,
            Announcements announcements) {
        this.mailbox = mailbox;
        this.interval = interval;
        this.login = login;
        this.duty = duty;
        this.clock = clock;
        this.announcements = announcements;
    }

    /** Notes that a mail stays in the folder, and those after it wait for the next look. */
    synchronized void left() {
        left = true;
    }

    /** The same after an error. */
    synchronized void left(Throwable exception) {
        left();
        tell(
                "A mail of the mailbox " + mailbox + " stays where it is, and is tried again before those after it: "
                        + reason(exception),
                "");
    }

    /** Notes that the server did not hand a mail out; it need not be so of those after it. */
    synchronized void passedOver(Throwable exception) {
        passedOver = true;
        tell("A mail of the mailbox " + mailbox + " stays where it is, and is tried again: " + reason(exception), "");
    }

    /** Notes that all of a mail has an outcome, so that the mailbox can be read. */
    synchronized void done() {
        failures = counted ? 1 : 0;
    }

    /** Whether a mail before this one could not be finished in this look. */
    public synchronized boolean isOver() {
        return left;
    }

    @Override
    public synchronized boolean begin(Consumer consumer, Endpoint endpoint) {
        if (left || passedOver) {
            left = false;
            passedOver = false;
            notBefore = clock.instant().plus(interval);
        }
        failedNow = false;
        counted = false;
        return !clock.instant().isBefore(notBefore) && isOnDuty();
    }

    private boolean isOnDuty() {
        Optional<Ownership> taken = duty.get();
        taken.ifPresent(now -> ownership = now);
        return taken.isPresent();
    }

    /** Whether this process still has the mailbox; asked before each request. */
    synchronized Ownership ownership() {
        return ownership;
    }

    @Override
    public synchronized void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
        successes = failedNow ? 0 : successes + 1;
        // A folder that is gone is noticed at every second look only: the first just drops the connection.
        if (!said.isEmpty() && (successes > 1 || (polledMessages > 0 && !failedNow))) {
            failures = 0;
            said = "";
            announcements.warn("The mailbox " + mailbox + " is read again");
        }
    }

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause) {
        // Camel tells the exception handler next, which is this too.
        return false;
    }

    @Override
    public void handleException(Throwable exception) {
        failed(exception);
    }

    @Override
    public void handleException(@Nullable String message, Throwable exception) {
        failed(exception);
    }

    @Override
    public void handleException(@Nullable String message, @Nullable Exchange exchange, Throwable exception) {
        failed(exception);
    }

    private synchronized void failed(Throwable exception) {
        // A connection that ends fails every mail of the look.
        failures += counted ? 0 : 1;
        counted = true;
        long factor = 1L << Math.min(failures - 1, 16);
        Duration wait = interval.multipliedBy(factor).compareTo(LONGEST) < 0 ? interval.multipliedBy(factor) : LONGEST;
        notBefore = clock.instant().plus(wait);
        if (cause(exception, AuthenticationFailedException.class) != null) {
            login.refused();
        }
        tell(
                "The mailbox " + mailbox + " cannot be read: " + reason(exception),
                ". Mails stay where they are, and it is tried again");
    }

    private void tell(String sentence, String consequence) {
        failedNow = true;
        successes = 0;
        if (!sentence.equals(said)) {
            said = sentence;
            announcements.warn(sentence + consequence);
        }
    }

    /** What is wrong with the mailbox, and the key to look at. */
    static String reason(Throwable exception) {
        return reason(exception, "", "protocol");
    }

    /** The same of the server that answers leave by. */
    static String reasonOfSmtp(Throwable exception) {
        return reason(exception, "smtp.", "security");
    }

    private static String reason(Throwable exception, String group, String encryption) {
        String keys = "look at caravan.mail." + group;
        Throwable refused = cause(exception, AuthenticationFailedException.class);
        if (refused != null) {
            return "the server refuses the login (" + message(refused) + "); " + keys
                    + "username and password, or at caravan.mail.oauth2";
        }
        Throwable missing = cause(exception, FolderNotFoundException.class);
        if (missing != null) {
            return message(missing) + "; make the folder, or set caravan.mail.folder";
        }
        Throwable insecure = cause(exception, SSLException.class);
        if (insecure != null) {
            return "no safe connection (" + message(insecure) + "); " + keys + encryption
                    + ", host and port, and at the server's certificate";
        }
        if (cause(exception, FolderClosedException.class) != null
                || cause(exception, StoreClosedException.class) != null) {
            return "the server has ended the connection (" + message(exception) + ")";
        }
        Throwable root = root(exception);
        boolean unreachable = root instanceof SocketException
                || root instanceof SocketTimeoutException
                || root instanceof UnknownHostException;
        return unreachable
                ? message(root) + "; " + keys + "host and port, and whether the server is there"
                : message(root);
    }

    private static <T extends Throwable> @Nullable T cause(Throwable exception, Class<T> type) {
        for (Throwable cause = exception; cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    private static Throwable root(Throwable exception) {
        Throwable root = exception;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    private static String message(Throwable exception) {
        String message = exception.getMessage() == null ? "" : exception.getMessage();
        String name = exception.getClass().getSimpleName();
        return (message.contains(" ") ? message : name + " " + message).strip().replaceAll("\\s+", " ");
    }
}
