package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.mail.Senders;
import io.github.ticketcaravan.settings.MailSettings;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.update.Problem;
import jakarta.mail.FetchProfile;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.angus.mail.imap.IMAPFolder;

/**
 * Whether the mailbox can be read, its folders are there, its server vouches for senders under the name we trust, and
 * answers can be sent. Reads headers of the newest mails; marks, moves and sends nothing.
 */
public final class MailboxCheck implements Check {

    private static final int NEWEST = 20;
    private static final String HEADER = "Authentication-Results";

    /** What is not may be a stranger's, and is shown so that it steers no terminal. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,60}");

    private final MailSettings settings;
    private final Mailbox mailbox;

    public MailboxCheck(Settings settings) {
        this.settings = settings.mail();
        this.mailbox = new Mailbox(settings.mail(), Clock.systemUTC());
    }

    @Override
    public String name() {
        return "mailbox";
    }

    @Override
    public String find() throws Exception {
        if (settings.host() == null) {
            return "none (caravan.mail.host is empty)";
        }
        List<String> found = new ArrayList<>();
        Senders.read(settings.senders());
        Session session = Session.getInstance(mailbox.imapProperties());
        try (Store store = session.getStore(mailbox.imapProtocol())) {
            PasswordAuthentication login = mailbox.imapLogin().getPasswordAuthentication();
            store.connect(settings.host(), settings.port(), login.getUserName(), login.getPassword());
            found.add(mailbox.account() + " lets us in");
            found.add(folders(store));
        } catch (MessagingException e) {
            throw new IllegalStateException(
                    "the mailbox " + mailbox.account() + " cannot be read: " + MailboxPoll.reason(e), e);
        }
        found.add(smtp());
        return String.join("; ", found);
    }

    private String folders(Store store) throws MessagingException {
        List<String> missing = new ArrayList<>();
        for (String name : List.of(settings.done(), settings.refused(), settings.ignored(), settings.quarantine())) {
            if (!store.getFolder(name).exists()) {
                missing.add(name);
            }
        }
        Folder folder = store.getFolder(settings.folder());
        if (!folder.exists()) {
            throw new IllegalStateException("there is no folder " + settings.folder() + " in the mailbox "
                    + mailbox.account() + ": make it, or set caravan.mail.folder");
        }
        folder.open(Folder.READ_ONLY);
        try (folder) {
            String made = missing.isEmpty() ? "" : " (" + String.join(", ", missing) + " made when first needed)";
            return folder.getMessageCount() + " mails in " + settings.folder() + made + "; " + authentication(folder);
        }
    }

    /** Which servers vouch for senders, as the newest mails tell. */
    private String authentication(Folder folder) throws MessagingException {
        String trusted = settings.trustedAuthservId();
        if (!settings.authenticationRequired()) {
            return "caravan.mail.authentication=none, so every From is believed";
        }
        int count = folder.getMessageCount();
        if (count == 0) {
            return "no mail that could tell whether " + trusted + " is the name in its " + HEADER + " headers";
        }
        Message[] newest = folder.getMessages(Math.max(1, count - NEWEST + 1), count);
        FetchProfile headers = new FetchProfile();
        headers.add(IMAPFolder.FetchProfileItem.HEADERS);
        folder.fetch(newest, headers);
        Map<String, Integer> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Message message : newest) {
            String[] values = message.getHeader(HEADER);
            // The topmost is our own server's, whatever a stranger has written below it.
            seen.merge(values == null ? "none at all" : authservId(values[0]), 1, Integer::sum);
        }
        String names = seen.entrySet().stream()
                .map(name -> name.getKey() + " (" + name.getValue() + ")")
                .collect(Collectors.joining(", "));
        if (!seen.containsKey(String.valueOf(trusted))) {
            throw new IllegalStateException("caravan.mail.trusted-authserv-id=" + trusted
                    + " begins none of the topmost " + HEADER + " headers of the newest " + newest.length
                    + " mails, which begin with: " + names
                    + ". Set it to your own server's name, if that is among them; else have the server add them");
        }
        return "the topmost " + HEADER + " headers of the newest " + newest.length + " mails begin with: " + names
                + ", and " + trusted + " is believed";
    }

    /** RFC 8601, section 2.2: what stands before the first semicolon, a version aside; Microsoft 365 has none. */
    private static String authservId(String value) {
        String first = value.strip().split("[;\\s]", 2)[0];
        if (first.contains("=")) {
            return MailSettings.MICROSOFT_365;
        }
        return PLAIN.matcher(first).matches() ? first : Problem.quote(first);
    }

    private String smtp() {
        MailSettings.Smtp smtp = settings.smtp();
        if (smtp.host() == null) {
            return "nobody is answered (caravan.mail.smtp.host is empty)";
        }
        Session session = Session.getInstance(mailbox.smtpProperties());
        try (Transport transport = session.getTransport(mailbox.smtpProtocol())) {
            PasswordAuthentication login = mailbox.smtpLogin().getPasswordAuthentication();
            transport.connect(smtp.host(), smtp.port(), login.getUserName(), login.getPassword());
            return "answers leave by " + smtp.host();
        } catch (MessagingException e) {
            throw new IllegalStateException(
                    "answers cannot be sent by caravan.mail.smtp.host=" + smtp.host() + ": "
                            + MailboxPoll.reasonOfSmtp(e),
                    e);
        }
    }
}
