package io.github.ticketcaravan.cli;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.ServerSetup;
import io.github.ticketcaravan.mail.LenientMail;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/** An IMAP and an SMTP server on the loopback interface, with the mailbox that commands are sent to. */
public final class MailServer implements AutoCloseable {

    static final String ADDRESS = "caravan@example.com";
    static final String LOGIN = "caravan";
    static final String PASSWORD = "imap-secret-42";

    static {
        // Before GreenMail touches the first class of the mail library.
        LenientMail.prepare();
    }

    private final PromptGreenMail greenMail = new PromptGreenMail(
            setup(ServerSetup.PROTOCOL_IMAP), setup(ServerSetup.PROTOCOL_IMAPS), setup(ServerSetup.PROTOCOL_SMTP));
    private final GreenMailUser user;

    /** Beside busy processes it starts in more than the two seconds that it is given by itself. */
    private static ServerSetup setup(String protocol) {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", protocol);
        setup.setServerStartupTimeout(60_000);
        return setup;
    }

    public MailServer() {
        greenMail.start();
        user = greenMail.setUser(ADDRESS, LOGIN, PASSWORD);
    }

    public int imapPort() {
        return greenMail.port(ServerSetup.PROTOCOL_IMAP);
    }

    int imapsPort() {
        return greenMail.port(ServerSetup.PROTOCOL_IMAPS);
    }

    public int smtpPort() {
        return greenMail.port(ServerSetup.PROTOCOL_SMTP);
    }

    /** What the mailbox's own password is changed to; with XOAUTH2 it is the token. */
    void setPassword(String password) {
        user.setPassword(password);
    }

    /** The options that have this mailbox read, and answers sent from it; example.com may do everything. */
    List<String> options(Path folder) {
        return options(folder, imapPort(), smtpPort());
    }

    public List<String> options(Path folder, int imapPort, int smtpPort) {
        return new ArrayList<>(List.of(
                "--set=caravan.mail.host=127.0.0.1",
                "--set=caravan.mail.protocol=imap",
                "--set=caravan.mail.port=" + imapPort,
                "--set=caravan.mail.username=" + LOGIN,
                "--set=caravan.mail.password=" + PASSWORD,
                "--set=caravan.mail.poll=100ms",
                "--set=caravan.mail.trusted-authserv-id=mx.example.com",
                "--set=caravan.mail.senders=" + senders(folder),
                "--set=caravan.mail.smtp.host=127.0.0.1",
                "--set=caravan.mail.smtp.port=" + smtpPort,
                "--set=caravan.mail.smtp.security=none",
                "--set=caravan.mail.smtp.from=" + ADDRESS));
    }

    private static Path senders(Path folder) {
        try {
            return Files.writeString(folder.resolve("senders.yaml"), """
                    senders:
                      - {from: "*@example.com", may: "*", answer: always}
                      - {from: "errors@example.com", may: "*", answer: errors}
                      - {from: "never@example.com", may: "*", answer: never}
                      - {from: "few@example.com", may: [status], answer: always}
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A mail whose From our server vouches for; the lines of {@code head} come first. */
    public static String mail(String id, String from, String subject, String body, String... head) {
        String domain = from.substring(from.indexOf('@') + 1);
        return String.join("", head).replace("\n", "\r\n")
                + "Authentication-Results: mx.example.com; dmarc=pass header.from=" + domain + "\r\n"
                + "Received: from elsewhere by mx.example.com; "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)) + "\r\n"
                + "From: " + from + "\r\n"
                + "To: " + ADDRESS + "\r\n"
                + "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)) + "\r\n"
                + (id.isEmpty() ? "" : "Message-ID: <" + id + "@example.com>\r\n")
                + "Subject: " + subject + "\r\n"
                + (body.startsWith("MIME-Version") ? body.replace("\n", "\r\n") : "\r\n" + body.replace("\n", "\r\n"));
    }

    /** Puts a mail into the INBOX; the UID. */
    public long deliver(String mail) {
        return deliverTo("INBOX", mail);
    }

    long deliverTo(String folder, String mail) {
        try {
            MimeMessage message = new MimeMessage(
                    LenientMail.session(), new ByteArrayInputStream(mail.getBytes(StandardCharsets.UTF_8)));
            return folder(user, folder).appendMessage(message, new Flags(), Date.from(Instant.now()));
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    long uidValidity() {
        return folder(user, "INBOX").getUidValidity();
    }

    void markSeen(long uid) throws FolderException {
        folder(user, "INBOX").setFlags(new Flags(Flags.Flag.SEEN), true, uid, null, true);
    }

    void makeFolder(String name) throws Exception {
        greenMail.getUserManager().getImapHostManager().createMailbox(user, name);
    }

    void deleteFolder(String name) throws Exception {
        greenMail.getUserManager().getImapHostManager().deleteMailbox(user, name);
    }

    /** The Message-IDs of the mails in a folder; none if there is no such folder. */
    public List<String> in(String folder) {
        return messages(user, folder).stream().map(MailServer::messageId).toList();
    }

    int count(String folder) {
        MailFolder found = folder(user, folder);
        return found == null ? 0 : found.getNonDeletedMessages().size();
    }

    /** The mails that this address has received. */
    public List<MimeMessage> received(String address) {
        GreenMailUser receiver = greenMail.getUserManager().getUserByEmail(address);
        return receiver == null ? List.of() : messages(receiver, "INBOX");
    }

    private List<MimeMessage> messages(GreenMailUser owner, String name) {
        MailFolder folder = folder(owner, name);
        return folder == null
                ? List.of()
                : folder.getNonDeletedMessages().stream()
                        .map(StoredMessage::getMimeMessage)
                        .toList();
    }

    private MailFolder folder(GreenMailUser owner, String name) {
        return greenMail.getUserManager().getImapHostManager().getFolder(owner, name);
    }

    static String messageId(MimeMessage message) {
        try {
            return message.getMessageID();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The whole mail as it is. */
    static String source(MimeMessage message) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            message.writeTo(bytes);
            return bytes.toString(StandardCharsets.UTF_8);
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        greenMail.stop();
    }
}
