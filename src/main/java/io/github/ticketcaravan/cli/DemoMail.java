package io.github.ticketcaravan.cli;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.github.ticketcaravan.mail.LenientMail;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.wiring.Caravan;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/**
 * The demo's mails: an embedded mail server, which nobody else can reach, with mails that are executed, refused,
 * ignored and put into quarantine.
 */
final class DemoMail implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> SAMPLES = List.of("commands", "no-command", "out-of-office", "forged");
    private static final List<String> ANSWERED = List.of("priya@example.com", "dave@example.com");

    private final GreenMail server = new GreenMail(new ServerSetup[] {
        new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP),
        new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP)
    });
    private final GreenMailUser mailbox;

    private DemoMail() {
        server.start();
        mailbox = server.setUser("tickets@example.com", "tickets", "demo");
    }

    /** Shows what becomes of the sample mails. */
    static void show(PrintWriter out, URI helpDesk, Path home, Path samples, Path folder)
            throws IOException, MessagingException, FolderException, InterruptedException {
        LenientMail.prepare();
        out.println("Mails with commands are read from an embedded mail server. This one changes tickets:");
        Files.readAllLines(samples.resolve("mail/commands.eml")).forEach(line -> out.println("  " + line));
        try (DemoMail mail = new DemoMail()) {
            for (String sample : SAMPLES) {
                mail.deliver(samples.resolve("mail/" + sample + ".eml"));
            }
            Caravan caravan = Caravan.start(
                    mail.settings(helpDesk, folder),
                    Caravan.Mode.RUN,
                    home.resolve("routes"),
                    Map.of(),
                    Clock.systemUTC(),
                    Version.current());
            try {
                mail.await();
            } finally {
                caravan.close();
            }
            mail.print(out);
        }
    }

    private void deliver(Path file) throws IOException, MessagingException, FolderException {
        try (InputStream content = Files.newInputStream(file)) {
            MimeMessage message = new MimeMessage(LenientMail.session(), content);
            // Written today, for an old one would not be carried out.
            message.setHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
            inbox(mailbox).appendMessage(message, new Flags(), message.getSentDate());
        }
    }

    private Settings settings(URI helpDesk, Path folder) throws IOException {
        Path senders = Files.writeString(folder.resolve("senders.yaml"), """
                senders:
                  - {from: "*@example.com", may: [status, priority], answer: always}
                """);
        return Settings.of(
                new Values(
                        Map.of(),
                        Map.of(),
                        Map.ofEntries(
                                Map.entry("caravan.endpoint.url", helpDesk.toString()),
                                Map.entry("caravan.mail.host", "127.0.0.1"),
                                Map.entry("caravan.mail.protocol", "imap"),
                                Map.entry(
                                        "caravan.mail.port",
                                        Integer.toString(server.getImap().getPort())),
                                Map.entry("caravan.mail.username", "tickets"),
                                Map.entry("caravan.mail.password", "demo"),
                                Map.entry("caravan.mail.poll", "200ms"),
                                Map.entry("caravan.mail.trusted-authserv-id", "mx.example.com"),
                                Map.entry("caravan.mail.senders", senders.toString()),
                                Map.entry("caravan.mail.smtp.host", "127.0.0.1"),
                                Map.entry(
                                        "caravan.mail.smtp.port",
                                        Integer.toString(server.getSmtp().getPort())),
                                Map.entry("caravan.mail.smtp.security", "none"),
                                Map.entry("caravan.mail.smtp.from", "tickets@example.com"))),
                folder.resolve("mail-data"));
    }

    /** Until each mail is moved and each answer is there. */
    private void await() throws FolderException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!isDone()) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("the mails were not processed within " + PATIENCE.toSeconds() + " s");
            }
            Thread.sleep(50);
        }
    }

    private boolean isDone() throws FolderException {
        for (String address : ANSWERED) {
            GreenMailUser user = server.getUserManager().getUserByEmail(address);
            if (user == null || inbox(user).getMessageCount() == 0) {
                return false;
            }
        }
        return inbox(mailbox).getNonDeletedMessages().isEmpty();
    }

    private void print(PrintWriter out) throws MessagingException, IOException, FolderException {
        out.println();
        out.println("Where each mail was put:");
        for (String name : List.of("Done", "Refused", "Ignored", "Quarantine")) {
            MailFolder folder = server.getUserManager().getImapHostManager().getFolder(mailbox, name);
            for (StoredMessage mail : folder.getNonDeletedMessages()) {
                out.printf("  %-10s  %s%n", name, mail.getMimeMessage().getSubject());
            }
        }
        out.println();
        out.println("What came back to its sender:");
        MimeMessage answer = inbox(server.getUserManager().getUserByEmail(ANSWERED.get(0)))
                .getMessages()
                .get(0)
                .getMimeMessage();
        out.println("  Subject: " + answer.getSubject());
        out.println();
        String text =
                ((Multipart) answer.getContent()).getBodyPart(0).getContent().toString();
        text.lines().forEach(line -> out.println("  " + line));
        out.println();
    }

    private MailFolder inbox(GreenMailUser user) throws FolderException {
        return server.getUserManager().getImapHostManager().getInbox(user);
    }

    @Override
    public void close() {
        server.stop();
    }
}
