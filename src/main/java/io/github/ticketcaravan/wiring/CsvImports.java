package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.csv.CsvCheck;
import io.github.ticketcaravan.csv.CsvFile;
import io.github.ticketcaravan.csv.CsvLine;
import io.github.ticketcaravan.csv.CsvParser;
import io.github.ticketcaravan.csv.ReceiptNames;
import io.github.ticketcaravan.csv.RejectedFile;
import io.github.ticketcaravan.csv.RejectedRow;
import io.github.ticketcaravan.csv.ResultRow;
import io.github.ticketcaravan.csv.ResultsFile;
import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.delivery.Ownership;
import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.Import;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.ledger.OutcomeLine;
import io.github.ticketcaravan.replay.NamedLetters;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** The steps of the route {@code csv-import}. Safe for several threads; each import is for one. */
public final class CsvImports {

    private static final String PROPERTY = "csvImport";
    private static final int REASONS_SHOWN = 5;

    private final Settings settings;
    private final Ledger ledger;
    private final Delivery delivery;
    private final CsvParser parser;
    private final Announcements announcements;

    CsvImports(Settings settings, Ledger ledger, Delivery delivery, CsvParser parser, Announcements announcements) {
        this.settings = settings;
        this.ledger = ledger;
        this.delivery = delivery;
        this.parser = parser;
        this.announcements = announcements;
    }

    /**
     * Reads the file whole, and looks up in the ledger what of it is done.
     *
     * @throws IOException naming file, place and remedy, where it cannot be read
     */
    public CsvImport begin(ImportRequest request) throws IOException {
        CsvFile file = CsvFile.open(request.file(), settings.csv(), new UpdateRules(settings.timeZone()), parser);
        try {
            List<String> replays = new ArrayList<>();
            CsvCheck check = file.check(row -> {
                if (row.replayOf() != null) {
                    replays.add(row.replayOf());
                }
            });
            String fingerprint = fingerprint(check, request.message());
            Ownership ownership = ledger.claim(fingerprint, request.name());
            return begin(request, file, check, fingerprint, replays, ownership);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private CsvImport begin(
            ImportRequest request,
            CsvFile file,
            CsvCheck check,
            String fingerprint,
            List<String> replays,
            Ownership ownership)
            throws IOException {
        try {
            Import known = ledger.latest(fingerprint).orElse(null);
            boolean isNew = known == null || (known.isFinished() && request.again());
            Import entry = isNew
                    ? ledger.begin(
                            fingerprint, Source.CSV, request.name(), CsvLine.encode(check.header()), check.rows())
                    : Objects.requireNonNull(known);
            boolean isUnmoved =
                    !request.inboxFile().isEmpty() && request.inboxFile().equals(entry.inboxFile());
            if (!request.inboxFile().isEmpty() && !entry.isFinished() && !isUnmoved) {
                ledger.readFrom(entry.id(), request.inboxFile());
            }
            BitSet done = isNew ? new BitSet() : ledger.positions(entry.id());
            int brake = request.brake() ? settings.delivery().brake() : 0;
            Map<Outcome, Long> before = isNew ? Map.of() : ledger.counts(entry.id());
            Batch batch = new Batch(delivery, entry.id(), brake, before, ownership);
            CsvImport csvImport = new CsvImport(
                    request,
                    file,
                    check,
                    entry,
                    done,
                    entry.isFinished() && !isUnmoved,
                    batch,
                    NamedLetters.find(
                            ledger.deadLetters(),
                            replays,
                            request.sender(),
                            entry.id(),
                            (row, letter) ->
                                    RejectedFile.isUnmended(check.header(), row.original(), letter.original())));
            request.begun().accept(csvImport);
            return csvImport;
        } catch (IOException | RuntimeException e) {
            ledger.release(fingerprint);
            throw e;
        }
    }

    /** An import is known by its bytes, the endpoint, the settings that change its meaning, and the mail it came with. */
    private String fingerprint(CsvCheck check, String message) {
        String meaning = String.join(
                "\n",
                check.sha256(),
                String.valueOf(settings.endpoint().url()),
                String.valueOf(settings.endpoint().application()),
                settings.csv().columns().toString(),
                settings.csv().ignore().toString(),
                check.charset().name(),
                String.valueOf(check.delimiter()),
                settings.timeZone().getId() + (message.isEmpty() ? "" : "\n" + message));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(meaning.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Hands one row over; blocks while the window is full.
     *
     * @throws DeliveryStopped if no more rows should follow
     */
    public void deliver(@Body TicketUpdate update, @ExchangeProperty(PROPERTY) CsvImport csvImport)
            throws InterruptedException {
        if (!csvImport.batch().deliver(update)) {
            throw new DeliveryStopped("held");
        }
    }

    /** Notes why no more rows are handed over. */
    public void interrupted(
            @ExchangeProperty(org.apache.camel.Exchange.EXCEPTION_CAUGHT) Exception cause,
            @ExchangeProperty(PROPERTY) CsvImport csvImport) {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root && !(root instanceof IOException)) {
            root = root.getCause();
        }
        csvImport
                .batch()
                .interrupt(
                        root instanceof java.io.UncheckedIOException && root.getCause() != null
                                ? root.getCause()
                                : root);
    }

    /** Waits until every row handed over is settled or left, and writes the receipts from the ledger. */
    public ImportSummary finish(@ExchangeProperty(PROPERTY) CsvImport csvImport) throws InterruptedException {
        try {
            return summary(csvImport);
        } finally {
            ledger.release(csvImport.entry().fingerprint());
        }
    }

    private ImportSummary summary(CsvImport csvImport) throws InterruptedException {
        csvImport.batch().awaitOutcomes();
        csvImport.close();
        Import entry = csvImport.entry();
        Map<Outcome, Long> counts = ledger.counts(entry.id());
        long settled = counts.values().stream().mapToLong(Long::longValue).sum();
        Map<Outcome, Map<String, Long>> reasons = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            if (outcome.isDeadLetter() && counts.getOrDefault(outcome, 0L) > 0) {
                reasons.put(outcome, ledger.reasons(entry.id(), outcome, REASONS_SHOWN));
            }
        }
        List<Path> receipts = new ArrayList<>();
        // Whoever sent it by mail gets them again, for the answer before may never have been written.
        if (!csvImport.isRepeated() || !csvImport.request().message().isEmpty()) {
            try {
                writeReceipts(csvImport, counts, receipts);
            } catch (IOException e) {
                csvImport.batch().interrupt(e);
            }
        }
        String stopped = csvImport.batch().stopped();
        ImportSummary summary = new ImportSummary(
                entry,
                counts,
                csvImport.settled() - csvImport.settledBefore(),
                csvImport.batch().unrecorded(),
                reasons,
                receipts,
                stopped,
                csvImport.batch().isBraked(),
                csvImport.isRepeated() ? entry : null);
        if (!csvImport.isRepeated()
                && stopped == null
                && settled == csvImport.check().rows()) {
            ledger.finish(entry.id(), summary.exitCode());
        }
        announcements.tell(line(summary));
        return summary;
    }

    private static String line(ImportSummary summary) {
        StringBuilder line = new StringBuilder(summary.ledgerEntry().name() + ":");
        summary.counts()
                .forEach((outcome, number) ->
                        line.append(' ').append(number).append(' ').append(outcome.word()));
        if (summary.before() != null) {
            line.append(", imported before and not sent again");
        } else if (summary.stopped() != null) {
            line.append(" of ")
                    .append(summary.ledgerEntry().total())
                    .append(" rows, then stopped. ")
                    .append(summary.stopped());
        }
        return line.toString();
    }

    private void writeReceipts(CsvImport csvImport, Map<Outcome, Long> counts, List<Path> written) throws IOException {
        Path receipts = csvImport.request().receipts().of(csvImport.entry());
        String name = String.valueOf(receipts.getFileName());
        long importId = csvImport.entry().id();
        Path results = receipts.resolveSibling(ReceiptNames.results(name));
        ledger.outcomes(importId, lines -> ResultsFile.write(results, map(lines, CsvImports::resultRow)));
        written.add(results);
        Path rejected = receipts.resolveSibling(ReceiptNames.rejected(name));
        long deadLetters = counts.entrySet().stream()
                .filter(count -> count.getKey().isDeadLetter())
                .mapToLong(Map.Entry::getValue)
                .sum();
        if (deadLetters > 0) {
            List<String> header = csvImport.check().header();
            ledger.deadLetters()
                    .list(
                            DeadLetterFilter.ofImport(importId),
                            letters -> RejectedFile.write(rejected, header, map(letters, CsvImports::rejectedRow)));
            written.add(rejected);
        }
    }

    private static ResultRow resultRow(OutcomeLine line) {
        return new ResultRow(
                line.position(),
                line.ticket(),
                line.outcome().word(),
                line.status(),
                line.attempts(),
                line.reason(),
                line.finishedAt());
    }

    private static RejectedRow rejectedRow(DeadLetter letter) {
        return new RejectedRow(letter.original(), letter.outcome(), letter.status(), letter.reason(), letter.id());
    }

    private static <T, R> Iterator<R> map(Iterator<T> rows, Function<T, R> mapping) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public R next() {
                return mapping.apply(rows.next());
            }
        };
    }
}
