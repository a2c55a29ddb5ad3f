package io.github.ticketcaravan.failures;

import io.github.ticketcaravan.Wire;
import io.github.ticketcaravan.cli.MailServer;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Mails with commands, one for each round of the work. */
final class MailSource implements Source {

    private static final String ADAM = "adam@example.com";

    private final Scene scene;
    private final MailServer server = new MailServer();
    private final Wire imap;
    private final Wire smtp;
    private final List<String> staged = new ArrayList<>();
    private int mails;

    MailSource(Scene scene) {
        this.scene = scene;
        this.imap = scene.wireTo(server.imapPort());
        this.smtp = scene.wireTo(server.smtpPort());
    }

    @Override
    public List<String> options() {
        List<String> options = server.options(scene.folder(), imap.port(), smtp.port());
        options.add("--set=caravan.mail.answers-per-day=1000");
        return options;
    }

    @Override
    public void stage(List<Update> updates) {
        for (int from = 0; from < updates.size(); from += Work.TICKETS) {
            StringBuilder commands = new StringBuilder();
            for (Update update : updates.subList(from, from + Work.TICKETS)) {
                commands.append("Ticket: ")
                        .append(update.ticket())
                        .append("\nSubject: ")
                        .append(update.number())
                        .append('\n');
            }
            mails++;
            staged.add(MailServer.mail("mail-" + mails, ADAM, "Mail " + mails, commands.toString()));
        }
    }

    @Override
    public void give() {
        staged.forEach(server::deliver);
        staged.clear();
    }

    @Override
    public Map<String, List<Integer>> arrived() {
        return scene.helpDesk().applied();
    }

    @Override
    public @Nullable String unfinished() throws MessagingException {
        for (String folder : List.of("INBOX", "Refused", "Ignored", "Quarantine")) {
            int left = server.in(folder).size();
            if (left > 0) {
                return left + " mails in " + folder;
            }
        }
        int done = new HashSet<>(server.in("Done")).size();
        if (done != mails) {
            return done + " of " + mails + " mails in Done";
        }
        Map<String, Set<String>> answers = new HashMap<>();
        for (MimeMessage answer : server.received(ADAM)) {
            answers.computeIfAbsent(answer.getHeader("In-Reply-To", null), mail -> new HashSet<>())
                    .add(answer.getMessageID());
        }
        if (answers.size() != mails) {
            return answers.size() + " of " + mails + " mails are answered";
        }
        return answers.values().stream().anyMatch(ids -> ids.size() > 1)
                ? "a mail is answered under several Message-IDs"
                : null;
    }

    @Override
    public String state() {
        return mails + " mails in `Done`, each answered";
    }

    @Override
    public void close() {
        server.close();
    }
}
