package io.github.ticketcaravan.mail;

import io.github.ticketcaravan.settings.Durations;
import io.github.ticketcaravan.settings.MailSettings;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MailDateFormat;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a mail. Whatever it is given, it answers in bounded time and memory and never throws. Safe
 * for use by several threads.
 *
 * <p>Of a mail that is larger than {@code caravan.mail.max-size} only the headers are looked at, so it need not be
 * fetched any further than its size can be told.
 */
public final class MailCommands {

    /** Clocks differ, and some say the wrong zone. */
    private static final Duration MOST_AHEAD = Duration.ofDays(1);

    private static final int LONGEST_SUBJECT = 500;
    private static final int LONGEST_ID = 500;
    private static final int MOST_REFERENCES = 50;
    private static final String UNNAMED = "(no Message-ID)";

    private final MailSettings settings;
    private final Senders senders;
    private final UpdateRules rules;
    private final Clock clock;
    private final Authentication authentication;
    private final List<Address> ownAddresses;

    /**
     * For any number of mails.
     *
     * @param senders who may do what
     * @param rules what every update has to keep
     * @param clock for the mail's age
     */
    public MailCommands(MailSettings settings, Senders senders, UpdateRules rules, Clock clock) {
        LenientMail.prepare();
        this.settings = settings;
        this.senders = senders;
        this.rules = rules;
        this.clock = clock;
        this.authentication = new Authentication(settings);
        this.ownAddresses = Stream.of(settings.smtp().from(), settings.username())
                .filter(own -> own != null)
                .map(Address::parse)
                .filter(own -> own != null)
                .toList();
    }

    /** Attachments of the decision can be read until the file is closed. */
    public MailDecision decide(MailFile mail) {
        Draft draft = new Draft();
        return guarded(draft, () -> decide(draft, mail.message(), mail.size(), null));
    }

    /** The same of a mail whose commands were begun when it was young enough; its age matters no more. */
    public MailDecision decideAgain(MailFile mail) {
        Draft draft = new Draft();
        draft.isBegun = true;
        return guarded(draft, () -> decide(draft, mail.message(), mail.size(), null));
    }

    /** The same of a message that is at hand already, such as one in a mailbox. */
    public MailDecision decide(MimeMessage message) {
        Draft draft = new Draft();
        return guarded(draft, () -> decide(draft, message, message.getSize(), message.getReceivedDate()));
    }

    /** What can fail in many ways. */
    private interface Step {
        MailDecision decide() throws MessagingException, IOException, UnreadableMailException;
    }

    /** What is not foreseen is the mail's fault too, for there is nothing else that could fail here. */
    private static MailDecision guarded(Draft draft, Step step) {
        try {
            return step.decide();
        } catch (UnreadableMailException e) {
            return draft.unreadable(String.valueOf(e.getMessage()));
        } catch (StackOverflowError e) {
            return draft.unreadable("it is nested too deeply");
        } catch (MessagingException | IOException | RuntimeException e) {
            return draft.unreadable("its structure or an encoding is malformed");
        }
    }

    private MailDecision decide(Draft draft, MimeMessage message, long size, @Nullable Date received)
            throws MessagingException, IOException, UnreadableMailException {
        Headers headers = Headers.of(message);
        draft.describe(headers);
        String automatic = AutomaticMail.mark(headers, ownAddresses);
        if (automatic != null) {
            return draft.end(Decision.IGNORE, "A program wrote it: " + automatic);
        }
        Address from = FromHeader.read(headers);
        if (ownAddresses.contains(from)) {
            return draft.end(Decision.IGNORE, "A program wrote it: its from is our own address");
        }
        Authentication.Finding finding = authentication.find(headers, from);
        if (!finding.authenticated()) {
            return draft.end(Decision.QUARANTINE, "The From is not proven: " + finding.reason());
        }
        String sender = from.toString();
        draft.sender = sender;
        String age =
                draft.isBegun ? null : problemWithAge(draft.sentAt, received == null ? null : received.toInstant());
        if (age != null) {
            return draft.end(Decision.QUARANTINE, age);
        }
        Senders.Rights rights = senders.rightsOf(sender).orElse(null);
        if (rights == null) {
            return draft.end(
                    Decision.REFUSE, sender + " may not change tickets by mail: the file of senders does not list it");
        }
        if (AutomaticMail.isSubject(draft.subject)) {
            return draft.end(Decision.REFUSE, "The subject is that of an out-of-office text or of a report");
        }
        draft.mayCommand = true;
        draft.answering = rights.answering();
        if (draft.messageId == null) {
            return draft.end(Decision.REFUSE, "It has no Message-ID, by which a second delivery could be told");
        }
        if (size > settings.maxSize()) {
            return draft.end(
                    Decision.REFUSE,
                    String.format(
                            Locale.ROOT,
                            "It has %,d bytes, and caravan.mail.max-size is %,d",
                            size,
                            settings.maxSize()));
        }
        return read(draft, headers, message, rights, finding.reason());
    }

    private MailDecision read(Draft draft, Headers headers, MimeMessage message, Senders.Rights rights, String voucher)
            throws MessagingException, IOException, UnreadableMailException {
        MailBody body = MailBody.read(message);
        if (body.report()) {
            return draft.end(Decision.IGNORE, "A program wrote it: it has a part of a mail server's report");
        }
        Commands commands = Commands.read(
                body.text(),
                SubjectTicket.in(draft.subject),
                body.flowed(),
                Commands.Answers.of(draft.references, draft.subject));
        draft.endedBy = commands.endedBy();
        if (commands.blocks().isEmpty() && AutomaticMail.showsReturned(body.text())) {
            return draft.end(Decision.IGNORE, "A program wrote it: its text shows the header of a mail that came back");
        }
        if (body.cut() && commands.endedBy().equals(Commands.END_OF_TEXT)) {
            return draft.end(Decision.REFUSE, "Its text is longer than is read, so its commands are not known whole");
        }
        String forwarded = body.attachments().isEmpty() ? null : Forwarded.mark(headers, draft.subject, body.allText());
        if (forwarded != null) {
            return draft.end(
                    Decision.REFUSE,
                    "It may forward a mail, for " + forwarded
                            + ", so the CSV file that is attached may be another's: send it in a mail of its own");
        }
        int tickets = commands.blocks().stream()
                .mapToInt(block -> Math.max(1, block.tickets().size()))
                .sum();
        if (tickets > settings.maxCommands()) {
            return draft.end(
                    Decision.REFUSE,
                    String.format(
                            Locale.ROOT,
                            "It is about %,d tickets, and caravan.mail.max-commands is %,d",
                            tickets,
                            settings.maxCommands()));
        }
        for (Commands.Block block : commands.blocks()) {
            for (String ticket : block.tickets().isEmpty() ? List.of("") : block.tickets()) {
                draft.updates.add(rights.check(update(draft, block, ticket)));
            }
        }
        draft.attachments.addAll(body.attachments());
        return conclude(draft, body, voucher);
    }

    private TicketUpdate update(Draft draft, Commands.Block block, String ticket) {
        var origin =
                new Origin(Source.MAIL, draft.messageId == null ? UNNAMED : draft.messageId, draft.updates.size() + 1L);
        return rules.check(origin, ticket, block.parameters(), block.original(), block.problems(), null);
    }

    private static MailDecision conclude(Draft draft, MailBody body, String voucher) {
        List<String> sendable = new ArrayList<>();
        int updates = draft.updates.size();
        int valid = (int) draft.updates.stream().filter(TicketUpdate::isValid).count();
        if (valid > 0) {
            sendable.add(valid == updates ? counted(updates, "update") : valid + " of " + counted(updates, "update"));
        }
        if (!draft.attachments.isEmpty()) {
            sendable.add(counted(draft.attachments.size(), "CSV attachment"));
        }
        if (!sendable.isEmpty()) {
            return draft.end(
                    Decision.EXECUTE,
                    "It has " + String.join(" and ", sendable) + " to send; its sender is " + voucher);
        }
        if (updates > 0) {
            String first = Problem.sentence(draft.updates.get(0).problems());
            return draft.end(
                    Decision.REFUSE,
                    updates == 1
                            ? "Its only update is invalid: " + first
                            : "All of its " + updates + " updates are invalid, the first: " + first);
        }
        String compressed = body.describeCompressed();
        return draft.end(
                Decision.REFUSE,
                "No command could be read in it, up to " + draft.endedBy
                        + (compressed.isEmpty() ? "" : "; " + compressed));
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /**
     * What the sender's Date says can be forged by nobody who has only somebody's signed mail, since signatures cover
     * it; the time of receipt is our own server's. The older of the two counts: a mail that is sent again is old by the
     * first, one that has lain here by the second.
     */
    private @Nullable String problemWithAge(@Nullable Instant sent, @Nullable Instant received) {
        if (sent == null) {
            return "It has no Date that can be read, so its age is not known";
        }
        Instant now = clock.instant();
        if (sent.isAfter(now.plus(MOST_AHEAD))) {
            return "Its Date (" + sent + ") is in the future";
        }
        Instant older = received != null && received.isBefore(sent) ? received : sent;
        if (older.isBefore(now.minus(settings.maxAge()))) {
            return "It is older than caravan.mail.max-age (" + Durations.written(settings.maxAge()) + "): it is of "
                    + older;
        }
        return null;
    }

    /** What is known of a mail so far. */
    private static final class Draft {

        private final List<TicketUpdate> updates = new ArrayList<>();
        private final List<CsvAttachment> attachments = new ArrayList<>();
        private @Nullable String sender;
        private @Nullable String messageId;
        private String subject = "";
        private @Nullable Instant sentAt;
        private List<String> references = List.of();
        private boolean isBegun;
        private boolean mayCommand;
        private Answering answering = Answering.NEVER;
        private String endedBy = "";

        void describe(Headers headers) {
            String written = headers.first("subject").orElse("");
            String decoded = Lines.clean(
                    FromHeader.decoded(written.substring(0, Math.min(written.length(), 4 * LONGEST_SUBJECT))));
            subject = decoded.substring(0, Math.min(decoded.length(), LONGEST_SUBJECT));
            List<String> own = ids(headers.all("message-id"));
            messageId = own.size() == 1 ? own.get(0) : null;
            Set<String> thread = new LinkedHashSet<>(ids(headers.all("references")));
            thread.addAll(ids(headers.all("in-reply-to")));
            references = List.copyOf(thread);
            List<String> dates = headers.all("date");
            sentAt = dates.size() == 1 ? date(dates.get(0)) : null;
        }

        private static @Nullable Instant date(String written) {
            try {
                Date date = new MailDateFormat().parse(written);
                return date == null ? null : date.toInstant();
            } catch (ParseException | RuntimeException noDate) {
                return null;
            }
        }

        /** Whatever stands between angle brackets; the last ones, where there are many. */
        private static List<String> ids(List<String> values) {
            List<String> ids = new ArrayList<>();
            for (String value : values) {
                int open = value.indexOf('<');
                while (open >= 0) {
                    int close = value.indexOf('>', open);
                    if (close < 0) {
                        break;
                    }
                    String id = value.substring(open, close + 1);
                    if (id.length() > 2
                            && id.length() <= LONGEST_ID
                            && id.chars().allMatch(c -> c > ' ' && c != 127)) {
                        ids.add(id);
                    }
                    open = value.indexOf('<', close);
                }
            }
            return ids.subList(Math.max(0, ids.size() - MOST_REFERENCES), ids.size());
        }

        MailDecision unreadable(String reason) {
            updates.clear();
            attachments.clear();
            return end(mayCommand ? Decision.REFUSE : Decision.QUARANTINE, "It is not read: " + reason);
        }

        MailDecision end(Decision decision, String reason) {
            return new MailDecision(
                    decision,
                    oneSentence(reason),
                    sender,
                    messageId,
                    subject,
                    sentAt,
                    references,
                    updates,
                    decision == Decision.EXECUTE ? attachments : List.of(),
                    decision == Decision.EXECUTE || decision == Decision.REFUSE ? answering : Answering.NEVER,
                    endedBy);
        }

        private static String oneSentence(String reason) {
            return reason.endsWith(".") ? reason : reason + ".";
        }
    }
}
