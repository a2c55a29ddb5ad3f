package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.csv.ReceiptNames;
import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.files.OwnerOnly;
import io.github.ticketcaravan.ledger.Import;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.ledger.LedgerException;
import io.github.ticketcaravan.settings.CsvSettings;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of the route {@code csv-drop-file}: from the inbox to where a file ends. For one thread.
 *
 * <p>A file that can be neither finished nor refused just now ends with an exception, and the route {@code csv-drop}
 * tries it again before it takes the next: an older value must not overtake a newer one.
 */
public final class CsvDrops {

    private static final Logger LOG = LoggerFactory.getLogger(CsvDrops.class);
    private static final String FILE = "dropped";

    private final CsvSettings settings;
    private final Ledger ledger;
    private final Delivery delivery;
    private final Clock clock;
    private final Announcements announcements;
    private String told = "";

    CsvDrops(CsvSettings settings, Ledger ledger, Delivery delivery, Clock clock, Announcements announcements) {
        this.settings = settings;
        this.ledger = ledger;
        this.delivery = delivery;
        this.clock = clock;
        this.announcements = announcements;
    }

    /**
     * Takes up a file.
     *
     * @throws DeliveryStopped if nothing more of this process is sent
     */
    public ImportRequest take(@Body File dropped, Exchange exchange) {
        if (delivery.isStopped()) {
            throw new DeliveryStopped(String.valueOf(delivery.stopped()));
        }
        Path file = dropped.toPath();
        exchange.setProperty(FILE, file);
        LOG.info("{}: taken from the inbox", file.getFileName());
        return new ImportRequest(
                file,
                String.valueOf(file.getFileName()),
                entry -> settings.done().resolve(stamp(entry.startedAt()) + "-" + ReceiptNames.nameOf(file)),
                false,
                Long.MAX_VALUE,
                true,
                "",
                null,
                inboxFile(file),
                UnaryOperator.identity(),
                begun -> makeFolder(settings.done()));
    }

    /**
     * Puts the file beside its receipts.
     *
     * @throws DeliveryStopped if rows of it are still to be sent, or its receipts to be written
     */
    public void done(@Body ImportSummary summary, @ExchangeProperty(FILE) Path file) throws IOException {
        Import before = summary.before();
        if (before != null) {
            fail(
                    file,
                    file.getFileName() + " was imported before, at " + before.startedAt()
                            + ": its rows are not sent again. To send them all the same, run: caravan import --again FILE");
            return;
        }
        if (summary.held()) {
            fail(file, held(summary));
            moved(summary.ledgerEntry());
            return;
        }
        if (summary.stopped() != null) {
            throw new DeliveryStopped(summary.stopped());
        }
        Path target = move(file, settings.done(), summary.ledgerEntry().startedAt());
        moved(summary.ledgerEntry());
        LOG.info("{} is done, with its receipts beside it", target);
        goesOn();
    }

    /**
     * Tells once, however often it is tried, why a file stays in the inbox and the others wait behind it.
     *
     * @throws Exception the cause, always: the file is to be tried again
     */
    public void waits(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause, @ExchangeProperty(FILE) @Nullable Path file)
            throws Exception {
        delivery.stopIfBroken(cause);
        String reason = RouteCheck.because(cause);
        if (file != null && !reason.equals(told)) {
            told = reason;
            if (delivery.isStopped()) {
                LOG.warn("{}: stays in the inbox, and goes on from where it stopped. {}", file.getFileName(), reason);
            } else {
                announcements.warn("The inbox waits with " + file.getFileName()
                        + ", and with the files after it, until it can be finished: " + reason);
            }
        }
        throw cause;
    }

    /** Which file it is: one that is dropped again is a younger one. */
    private static String inboxFile(Path file) {
        try {
            return file.toAbsolutePath() + " " + Files.getLastModifiedTime(file).toInstant();
        } catch (IOException goneOrUnreadable) {
            // Which is told when it is read.
            return "";
        }
    }

    /** From now on the same bytes in the inbox are another file, dropped again. */
    private void moved(Import entry) {
        try {
            ledger.readFrom(entry.id(), null);
        } catch (LedgerException e) {
            // What stays noted is a file that is not there any more.
            LOG.debug("{} was moved, which cannot be noted", entry.name(), e);
        }
    }

    private void goesOn() {
        if (!told.isEmpty()) {
            told = "";
            announcements.warn("The inbox goes on");
        }
    }

    /** Puts a file that cannot be read where it is not looked at again, with the reason. */
    public void failed(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause, @ExchangeProperty(FILE) Path file)
            throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            fail(file, String.valueOf(cause.getMessage()));
        } else {
            LOG.warn("{}: gone from the inbox before it was read", file.getFileName());
            goesOn();
        }
    }

    private static String held(ImportSummary summary) {
        StringBuilder text = new StringBuilder(summary.ledgerEntry().name() + ": " + summary.stopped()
                + " (caravan import --no-brake FILE; rows that have an outcome are not sent again).");
        summary.reasons()
                .forEach((outcome, reasons) -> reasons.forEach((reason, number) ->
                        text.append(String.format("%n  %d x %s: %s", number, outcome.word(), reason))));
        return text.toString();
    }

    private void fail(Path file, String reason) throws IOException {
        Instant now = clock.instant();
        makeFolder(settings.failed());
        Path error = settings.failed().resolve(stamp(now) + "-" + ReceiptNames.nameOf(file) + ".error.txt");
        try (OutputStream out = OwnerOnly.write(error)) {
            out.write((reason + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
        }
        move(file, settings.failed(), now);
        goesOn();
        LOG.error("{} The file and {} are in {}", reason, error.getFileName(), settings.failed());
    }

    private static Path move(Path file, Path folder, Instant started) throws IOException {
        makeFolder(folder);
        Path target = folder.resolve(stamp(started) + "-" + ReceiptNames.besideReceipts(file));
        return Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void makeFolder(Path folder) {
        try {
            OwnerOnly.makeFolders(folder);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("The folder " + folder + " cannot be made: make it writable", e);
        }
    }

    /** A time that any file system takes: {@code 2026-11-23T19-50-00Z}. */
    static String stamp(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString().replace(':', '-');
    }
}
