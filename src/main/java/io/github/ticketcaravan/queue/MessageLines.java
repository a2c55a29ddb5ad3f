package io.github.ticketcaravan.queue;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file, plain or gzip, of which each line that is not blank is a message, whatever is in it.
 *
 * <p>It is read twice, as a CSV file is: {@link #check} reads all of it, {@link #messages} reads it again. Memory does
 * not grow with the file, only with its longest line (at most 10 MB, the most that a consumer takes). Immutable.
 */
public final class MessageLines {

    private static final int LONGEST = 10_000_000;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Path file;

    public MessageLines(Path file) {
        this.file = file;
    }

    /**
     * What the first pass found out.
     *
     * @param sha256 of what the lines hold, in hexadecimal
     * @param messages lines that are not blank
     * @param withoutTicket how many of them have no ticket to be keyed by
     * @param ofSeveralTickets how many hold updates of several, and so cannot be kept in order with all of them
     */
    public record Check(String sha256, long messages, long withoutTicket, long ofSeveralTickets) {}

    /** Whether its first character that is not blank begins a JSON object or array. */
    public boolean beginWithJson() throws IOException {
        try (InputStream in = open()) {
            int first = in.read();
            while (first >= 0 && first <= ' ') {
                first = in.read();
            }
            return first == '{' || first == '[';
        }
    }

    /**
     * Reads all of the file.
     *
     * @param json whether each line has to be JSON
     * @throws IOException naming file, line and remedy
     */
    public Check check(boolean json) throws IOException {
        MessageDigest digest = sha256();
        long messages = 0;
        long withoutTicket = 0;
        long ofSeveral = 0;
        try (Lines lines = new Lines(new DigestInputStream(open(), digest))) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                int tickets = tickets(line, json, lines.number).size();
                messages++;
                withoutTicket += tickets == 0 ? 1 : 0;
                ofSeveral += tickets > 1 ? 1 : 0;
            }
        }
        if (messages == 0) {
            throw new IOException(file + " is empty: expected a message a line, or a CSV file");
        }
        return new Check(HexFormat.of().formatHex(digest.digest()), messages, withoutTicket, ofSeveral);
    }

    private Set<String> tickets(byte[] line, boolean json, long number) throws IOException {
        try {
            return TicketKeys.of(line);
        } catch (IOException e) {
            if (json) {
                String because =
                        String.valueOf(e.getMessage()).lines().findFirst().orElse("");
                throw new IOException(
                        String.format(
                                Locale.ROOT,
                                "%s, line %,d is not JSON (%s): expected one whole object or array a line"
                                        + " (jq -c . FILE writes them so)",
                                file,
                                number,
                                because),
                        e);
            }
            return Set.of();
        }
    }

    /**
     * Reads the file again; a failure comes as an {@link UncheckedIOException}.
     *
     * @param fingerprint begins each message's ID; the line's number ends it
     */
    public Messages messages(String fingerprint) throws IOException {
        return new Messages(new Lines(open()), fingerprint);
    }

    /** The messages of a file, in its order. For one thread. */
    public static final class Messages implements Iterator<OutgoingMessage>, Closeable {

        private final Lines lines;
        private final String fingerprint;
        private byte @Nullable [] next;

        private Messages(Lines lines, String fingerprint) throws IOException {
            this.lines = lines;
            this.fingerprint = fingerprint;
            this.next = lines.next();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public OutgoingMessage next() {
            byte[] line = next;
            if (line == null) {
                throw new NoSuchElementException();
            }
            OutgoingMessage message =
                    new OutgoingMessage(fingerprint + "-" + lines.number, firstTicket(line), null, line);
            try {
                next = lines.next();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return message;
        }

        private static @Nullable String firstTicket(byte[] line) {
            try {
                return TicketKeys.of(line).stream().findFirst().orElse(null);
            } catch (IOException notJson) {
                return null;
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private InputStream open() throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 64 * 1024);
        raw.mark(2);
        boolean gzip = raw.read() == 0x1F && raw.read() == 0x8B;
        raw.reset();
        InputStream in = gzip ? new BufferedInputStream(new GZIPInputStream(raw), 64 * 1024) : raw;
        in.mark(BYTE_ORDER_MARK.length);
        if (!Arrays.equals(in.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
            in.reset();
        }
        return in;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Cuts bytes into lines; a line's end (LF or CR LF) is no part of it. */
    private final class Lines implements Closeable {

        private final InputStream in;
        private boolean ended;
        private long number;

        Lines(InputStream in) {
            this.in = in instanceof BufferedInputStream ? in : new BufferedInputStream(in, 64 * 1024);
        }

        /** The next line that is not blank; null at the end. */
        byte @Nullable [] next() throws IOException {
            while (!ended) {
                byte[] line = line();
                if (!isBlank(line)) {
                    return line;
                }
            }
            return null;
        }

        private byte[] line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream(256);
            number++;
            int next = in.read();
            while (next >= 0 && next != '\n') {
                line.write(next);
                if (line.size() > LONGEST) {
                    throw new IOException(String.format(
                            Locale.ROOT,
                            "%s, line %,d has more than 10 MB, and no consumer would take it:"
                                    + " put fewer updates on a line",
                            file,
                            number));
                }
                next = in.read();
            }
            ended = next < 0;
            byte[] bytes = line.toByteArray();
            boolean carriageReturn = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
            return carriageReturn ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
        }

        private static boolean isBlank(byte[] line) {
            for (byte b : line) {
                if (b < 0 || b > ' ') {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
