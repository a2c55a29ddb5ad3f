package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.csv.ReceiptNames;
import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.files.OwnerOnly;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.ledger.MailEntry;
import io.github.ticketcaravan.ledger.Mails;
import io.github.ticketcaravan.ledger.Messages;
import io.github.ticketcaravan.ledger.OutcomeLine;
import io.github.ticketcaravan.mail.AnswerMail;
import io.github.ticketcaravan.mail.CsvAttachment;
import io.github.ticketcaravan.mail.Decision;
import io.github.ticketcaravan.mail.MailCommands;
import io.github.ticketcaravan.mail.MailDecision;
import io.github.ticketcaravan.mail.MailFile;
import io.github.ticketcaravan.mail.Senders;
import io.github.ticketcaravan.mail.Transcript;
import io.github.ticketcaravan.mail.Transcript.AttachedFile;
import io.github.ticketcaravan.mail.Transcript.Command;
import io.github.ticketcaravan.settings.MailSettings;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.TicketUpdate;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of the route {@code mail-commands}: from the mailbox to outcomes, an answer that waits in the ledger, and
 * the folder where the mail ends. For one thread.
 *
 * <p>A mail that was interrupted, by a stop or a crash, is read again and goes on where it was: what has an outcome is
 * not sent again, and what was answered is only moved. Delivered a second time it is answered again, by the same answer.
 */
public final class CommandMails {

    private static final Logger LOG = LoggerFactory.getLogger(CommandMails.class);
    private static final String PROPERTY = "commandMail";
    private static final Duration DAY = Duration.ofDays(1);

    private final MailSettings settings;
    private final Path spool;
    private final MailCommands commands;
    private final Senders senders;
    private final Ledger ledger;
    private final Mails mails;
    private final Delivery delivery;
    private final MailboxPoll poll;
    private final HelpDeskNames names;
    private final Clock clock;
    private final Announcements announcements;
    private String toldLeft = "";

    CommandMails(
            MailSettings settings,
            Path data,
            MailCommands commands,
            Senders senders,
            Ledger ledger,
            Delivery delivery,
            MailboxPoll poll,
            HelpDeskNames names,
            Clock clock,
            Announcements announcements) {
        this.settings = settings;
        this.spool = data.resolve("mail");
        this.commands = commands;
        this.senders = senders;
        this.ledger = ledger;
        this.mails = ledger.mails();
        this.delivery = delivery;
        this.poll = poll;
        this.names = names;
        this.clock = clock;
        this.announcements = announcements;
    }

    /** The mailbox's name in the ledger. */
    static String account(MailSettings settings) {
        return settings.username() + "@" + settings.host();
    }

    /** Fetches a mail, decides about it, and looks up in the ledger what of it is done. */
    public CommandMail begin(@Body Message message) throws MessagingException, IOException {
        OwnerOnly.makeFolders(spool);
        Path file = spool.resolve("message.eml");
        try {
            SpooledMail mail = SpooledMail.fetch(message, account(settings), settings.maxSize(), file);
            Optional<MailEntry> here = mails.at(mail.place());
            try (MailFile content = MailFile.open(file)) {
                MailDecision decision = here.filter(CommandMails::isHalfDone).isPresent()
                        ? commands.decideAgain(content)
                        : commands.decide(content);
                return begin(mail, here, decision);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private CommandMail begin(SpooledMail mail, Optional<MailEntry> here, MailDecision decision)
            throws MessagingException, IOException {
        if (here.isPresent() && here.get().isFinished()) {
            CommandMail moved = nothingToDo(decision, here.get());
            moved.settle();
            return moved;
        }
        Optional<MailEntry> known =
                here.filter(entry -> isDecision(entry, decision.decision())).or(() -> delivered(mail, decision));
        known.filter(entry -> here.isEmpty() || entry.id() != here.get().id())
                .ifPresent(entry -> mails.found(entry.id(), mail.place()));
        MailEntry entry = known.isPresent() ? known.get() : enter(mail, decision);
        boolean isEmpty = decision.updates().isEmpty() && decision.attachments().isEmpty();
        return isEmpty ? nothingToDo(decision, entry) : begin(decision, entry);
    }

    private Optional<MailEntry> delivered(SpooledMail mail, MailDecision decision) {
        String word = decision.decision().word();
        return decision.sender() == null
                ? Optional.empty()
                : mails.delivered(messageId(decision), mail.contentHash(), decision.sender(), word);
    }

    private static boolean isHalfDone(MailEntry entry) {
        return isDecision(entry, Decision.EXECUTE) && entry.importId() != null && !entry.isFinished();
    }

    private static boolean isDecision(MailEntry entry, Decision decision) {
        return entry.decision().equals(decision.word());
    }

    private MailEntry enter(SpooledMail mail, MailDecision decision) throws MessagingException, IOException {
        String sender = decision.sender() == null ? claimed(mail) : decision.sender();
        MailEntry entry = mails.enter(
                mail.place(),
                messageId(decision),
                mail.contentHash(),
                sender,
                decision.decision().word(),
                decision.reason(),
                decision.sender() == null ? List.of() : decision.references());
        String line = "Mail " + shown(decision) + (sender.isEmpty() ? "" : " from " + sender) + ": "
                + decision.decision().word() + ". " + decision.reason();
        switch (decision.decision()) {
            case EXECUTE, IGNORE -> LOG.info("{}", line);
            case REFUSE, QUARANTINE -> LOG.warn("{}", line);
        }
        return entry;
    }

    private static String claimed(SpooledMail mail) throws MessagingException, IOException {
        String from = mail.from();
        return from.isEmpty() ? "" : Problem.quote(from);
    }

    private static String messageId(MailDecision decision) {
        return decision.messageId() == null ? "" : decision.messageId();
    }

    private static String shown(MailDecision decision) {
        return decision.messageId() == null ? "without Message-ID" : decision.messageId();
    }

    private CommandMail nothingToDo(MailDecision decision, MailEntry entry) {
        Batch none = new Batch(delivery, -1, 0, Map.of(), poll.ownership());
        return new CommandMail(decision, entry, new BitSet(), none, folder(entry.decision()));
    }

    private CommandMail begin(MailDecision decision, MailEntry entry) throws IOException {
        MailEntry begun = entry.importId() != null
                ? entry
                : mails.begin(entry, shown(decision), decision.updates().size());
        long importId = Objects.requireNonNull(begun.importId());
        CommandMail mail = new CommandMail(
                decision,
                begun,
                ledger.positions(importId),
                new Batch(delivery, importId, 0, Map.of(), poll.ownership()),
                folder(entry.decision()));
        spoolAttachments(mail);
        return mail;
    }

    /** Copies the attachments out of the mail, under their own names, and has them imported. */
    private void spoolAttachments(CommandMail mail) throws IOException {
        MailDecision decision = mail.decision();
        MailEntry entry = mail.entry();
        UnaryOperator<TicketUpdate> permission = SenderRights.of(senders, String.valueOf(decision.sender()));
        int number = 0;
        for (CsvAttachment attachment : decision.attachments()) {
            number++;
            Path folder = OwnerOnly.makeFolders(
                    spool.resolve(Long.toString(entry.id())).resolve(Integer.toString(number)));
            Path file = folder.resolve(attachment.fileName());
            try (InputStream content = attachment.open();
                    OutputStream out = OwnerOnly.write(file)) {
                content.transferTo(out);
            } catch (IOException e) {
                mail.add(
                        new AttachedFile(attachment.fileName(), 0, 0, "it cannot be read: attach it again"), List.of());
                continue;
            }
            mail.add(new ImportRequest(
                    file,
                    attachment.fileName(),
                    begun -> folder.resolve(ReceiptNames.nameOf(file)),
                    false,
                    Long.MAX_VALUE,
                    true,
                    shown(decision),
                    decision.sender(),
                    "",
                    permission,
                    begun -> mails.attached(entry.id(), begun.entry().id())));
        }
    }

    private String folder(String decision) {
        return switch (Decision.valueOf(decision.toUpperCase(Locale.ROOT))) {
            case EXECUTE -> settings.done();
            case REFUSE -> settings.refused();
            case IGNORE -> settings.ignored();
            case QUARANTINE -> settings.quarantine();
        };
    }

    /**
     * Hands one update over; blocks while the window is full.
     *
     * @throws DeliveryStopped if no more should follow
     */
    public void deliver(@Body TicketUpdate update, @ExchangeProperty(PROPERTY) CommandMail mail)
            throws InterruptedException {
        if (!mail.batch().deliver(update)) {
            throw new DeliveryStopped("held");
        }
    }

    /** Takes what became of an attachment. */
    public void imported(@Body ImportSummary summary, @ExchangeProperty(PROPERTY) CommandMail mail) {
        if (summary.stopped() != null && !summary.held()) {
            throw new DeliveryStopped(summary.stopped());
        }
        long applied = summary.counts().getOrDefault(Outcome.APPLIED, 0L);
        long refused =
                summary.counts().values().stream().mapToLong(Long::longValue).sum() - applied;
        mail.add(
                new AttachedFile(summary.ledgerEntry().name(), applied, refused, summary.stopped()),
                summary.receipts());
    }

    /** Takes why an attachment cannot be read. */
    public void unreadable(
            @Body ImportRequest attachment,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause,
            @ExchangeProperty(PROPERTY) CommandMail mail) {
        // The folder it was copied to is nothing that its sender knows.
        String reason =
                String.valueOf(cause.getMessage()).replace(attachment.file().getParent() + "/", "");
        mail.add(new AttachedFile(attachment.name(), 0, 0, reason), List.of());
    }

    /** Notes why no more is handed over. */
    public void interrupted(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause,
            @ExchangeProperty(PROPERTY) @Nullable CommandMail mail) {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root && !(root instanceof DeliveryStopped)) {
            root = root.getCause();
        }
        Objects.requireNonNull(mail).batch().interrupt(root);
    }

    /** Waits until each update is settled or left; then writes the answer down, to be sent by another route. */
    public CommandMail finish(@ExchangeProperty(PROPERTY) CommandMail mail)
            throws InterruptedException, IOException, MessagingException {
        if (mail.isSettled()) {
            return mail;
        }
        mail.batch().awaitOutcomes();
        String stopped = mail.batch().stopped();
        if (stopped != null) {
            poll.left();
            tellLeft(mail, stopped);
            return mail;
        }
        answer(mail, transcript(mail, outcomes(mail)));
        remove(spool.resolve(Long.toString(mail.entry().id())));
        mail.settle();
        poll.done();
        return mail;
    }

    /** Once, not at every look: where delivery cannot go on, all mails stay for the same reason. */
    private void tellLeft(CommandMail mail, String stopped) {
        String line =
                "Mail " + shown(mail.decision()) + ": stays where it is, and goes on from where it stopped. " + stopped;
        if (stopped.equals(toldLeft)) {
            LOG.debug("{}", line);
        } else {
            LOG.warn("{}", line);
            toldLeft = stopped;
        }
    }

    /** What became of each update, from the ledger. */
    private List<Command> outcomes(CommandMail mail) throws IOException {
        Long importId = mail.entry().importId();
        if (importId == null) {
            return List.of();
        }
        Map<Long, OutcomeLine> lines = new HashMap<>();
        ledger.outcomes(importId, rows -> rows.forEachRemaining(line -> lines.put(line.position(), line)));
        Map<Long, Messages.Answer> answers = ledger.messages().answers(importId, 1, lines.size() + 1L);
        List<Command> commandsDone = new ArrayList<>();
        for (TicketUpdate update : mail.decision().updates()) {
            long position = update.origin().position();
            OutcomeLine line = lines.get(position);
            if (line == null) {
                throw new IllegalStateException("there is no outcome of " + update.origin());
            }
            Messages.Answer answer = answers.get(position);
            commandsDone.add(new Command(
                    update,
                    line.outcome().word(),
                    line.status(),
                    line.reason(),
                    answer == null ? Map.of() : answer.errors(),
                    line.outcome() == Outcome.REJECTED ? names.nearest(update.parameters()) : Map.of()));
        }
        return commandsDone;
    }

    private static Transcript transcript(CommandMail mail, List<Command> commands) {
        MailDecision decision = mail.decision();
        boolean nothing = commands.isEmpty() && mail.files().isEmpty();
        List<String> remarks = nothing ? List.of(decision.reason()) : List.of();
        return new Transcript(commands, mail.files(), remarks, decision.endedBy(), nothing);
    }

    private void answer(CommandMail mail, Transcript transcript) throws MessagingException, IOException {
        MailDecision decision = mail.decision();
        MailEntry entry = mail.entry();
        String recipient = decision.sender();
        String from = settings.smtp().from();
        int exitCode = transcript.commands().stream().allMatch(Command::isApplied) ? 0 : 1;
        boolean wanted = switch (decision.answering()) {
            case ALWAYS -> true;
            case ERRORS -> transcript.hasErrors();
            case NEVER -> false;
        };
        if (!transcript.commands().isEmpty() || !transcript.files().isEmpty()) {
            announcements.tell("Mail " + shown(decision) + " from " + recipient + ": " + transcript.counts());
        }
        if (!wanted || recipient == null || from == null || settings.smtp().host() == null) {
            mails.finish(entry, exitCode);
        } else if (mails.answers(recipient, clock.instant().minus(DAY)) >= settings.answersPerDay()) {
            LOG.warn(
                    "Mail {}: {} is not answered, having had caravan.mail.answers-per-day={} in a day",
                    shown(decision),
                    recipient,
                    settings.answersPerDay());
            mails.finish(entry, exitCode);
        } else {
            String messageId = mails.answerId(entry.id()).orElseGet(() -> AnswerMail.newMessageId(from));
            AnswerMail answer =
                    new AnswerMail(from, recipient, messageId, clock.instant(), transcript, mail.receipts());
            mails.finish(entry, exitCode, messageId, recipient, answer.to(decision));
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** After an error that is nobody's but ours or the server's: the mail stays, and is tried again. */
    public void failed(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause) {
        if (cause instanceof SpooledMail.NotFetched) {
            poll.passedOver(cause);
        } else {
            poll.left(cause);
        }
        delivery.stopIfBroken(cause);
        LOG.debug("A mail is left where it is", cause);
    }
}
