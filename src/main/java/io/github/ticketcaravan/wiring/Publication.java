package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.csv.CsvCheck;
import io.github.ticketcaravan.csv.CsvFile;
import io.github.ticketcaravan.csv.CsvParser;
import io.github.ticketcaravan.queue.MessageLines;
import io.github.ticketcaravan.queue.OutgoingMessage;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;

/**
 * A file to be published: of a CSV each row is a message, of anything else each line that is not blank.
 *
 * <p>Opening it reads all of it. A message's ID comes from the file's bytes, the settings that change its meaning and
 * the row, so that the same file published again gives the same IDs, and consumers carry out each message once.
 */
public final class Publication implements Closeable {

    /** Enough of a hash that no two files have it in common. */
    private static final int FINGERPRINT_LENGTH = 32;

    private final Iterator<OutgoingMessage> messages;
    private final Closeable file;
    private final long total;
    private final String warning;

    private Publication(Iterator<OutgoingMessage> messages, Closeable file, long total, String warning) {
        this.messages = messages;
        this.file = file;
        this.total = total;
        this.warning = warning;
    }

    /**
     * Reads all of the file.
     *
     * @param edition another for the same file gives its messages other IDs; usually empty
     * @throws IOException naming file, place and remedy, if it cannot be read
     */
    static Publication open(Path file, Settings settings, CsvParser parser, String edition) throws IOException {
        UpdateRules rules = new UpdateRules(settings.timeZone());
        CsvFile csv = CsvFile.open(CsvFile.named(file), settings.csv(), rules, parser);
        MessageLines lines = new MessageLines(file);
        try {
            boolean json = lines.beginWithJson();
            if (!json && isCsv(file, csv)) {
                return ofRows(csv, settings, edition);
            }
            csv.close();
            return ofLines(lines, json, edition);
        } catch (IOException | RuntimeException e) {
            csv.close();
            throw e;
        }
    }

    /** Whoever names a file so wants to be told what is wrong with it. */
    private static boolean isCsv(Path file, CsvFile csv) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".csv") || name.endsWith(".csv.gz") || csv.hasHeader();
    }

    private static Publication ofRows(CsvFile csv, Settings settings, String edition) throws IOException {
        StringBuilder first = new StringBuilder();
        CsvCheck check = csv.check(row -> noteFirst(first, row));
        String fingerprint = fingerprint(
                edition,
                check.sha256(),
                settings.csv().columns().toString(),
                settings.csv().ignore().toString(),
                check.charset().name(),
                String.valueOf(check.delimiter()),
                settings.timeZone().getId());
        Iterator<TicketUpdate> rows = csv.updates();
        Iterator<OutgoingMessage> messages = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public OutgoingMessage next() {
                return OutgoingMessage.of(rows.next(), fingerprint);
            }
        };
        String warning = check.invalid() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%,d of them are invalid, and will be dead letters where they are consumed; the first is %s",
                        check.invalid(),
                        first);
        return new Publication(messages, csv, check.rows(), warning);
    }

    private static void noteFirst(StringBuilder first, TicketUpdate row) {
        if (!row.isValid() && first.isEmpty()) {
            first.append("row ").append(row.origin().position()).append(": ").append(Problem.sentence(row.problems()));
        }
    }

    private static Publication ofLines(MessageLines lines, boolean json, String edition) throws IOException {
        MessageLines.Check check = lines.check(json);
        MessageLines.Messages messages = lines.messages(fingerprint(edition, check.sha256()));
        StringBuilder warning = new StringBuilder();
        if (check.withoutTicket() > 0) {
            warning.append(String.format(
                    Locale.ROOT,
                    "%,d of them name no ticket, and will be dead letters where they are consumed",
                    check.withoutTicket()));
        }
        if (check.ofSeveralTickets() > 0) {
            warning.append(warning.isEmpty() ? "" : "; ")
                    .append(String.format(
                            Locale.ROOT,
                            "%,d hold updates of several tickets and are keyed by the first, so that with several"
                                    + " consumers the order of the others is not kept: give each ticket its own line",
                            check.ofSeveralTickets()));
        }
        return new Publication(messages, messages, check.messages(), warning.toString());
    }

    private static String fingerprint(String... meaning) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", meaning).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, FINGERPRINT_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** In the file's order; read on as they are asked for. */
    Iterator<OutgoingMessage> messages() {
        return messages;
    }

    public long total() {
        return total;
    }

    /** What is odd about the messages, in a sentence; empty where nothing is. */
    public String warning() {
        return warning;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
