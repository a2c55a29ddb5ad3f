package io.github.ticketcaravan.csv;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import io.github.ticketcaravan.settings.CsvSettings;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file, plain or gzip, of ticket updates. It is opened once and then read from what was opened, so that
 * renaming or removing it meanwhile changes nothing.
 *
 * <p>First {@link #check} reads all of it; then {@link #updates} reads it again, and fails where the bytes are no longer
 * those that were checked. Memory does not grow with the file, only with its longest row (at most {@code caravan.csv.max-row}).
 * For one thread, one pass at a time; {@link #bytesRead} may be asked from others. An interrupt while it reads closes it.
 */
public final class CsvFile implements Closeable {

    private static final int HEAD = 64 * 1024;

    private final String shown;
    private final String name;
    private final FileChannel channel;
    private final CsvSettings settings;
    private final Columns.Names names;
    private final UpdateRules rules;
    private final CsvParser parser;

    private volatile @Nullable Pass pass;
    private @Nullable Checked checked;

    private record Checked(CsvCheck check, Columns columns) {}

    private CsvFile(Path file, FileChannel channel, CsvSettings settings, UpdateRules rules, CsvParser parser) {
        this.shown = file.toString();
        this.name = String.valueOf(file.getFileName());
        this.channel = channel;
        this.settings = settings;
        this.names = new Columns.Names(settings);
        this.rules = rules;
        this.parser = parser;
    }

    /** The file that a path means which its user has named: who can read a file may name it by a link. */
    public static Path named(Path path) {
        try {
            return Files.isSymbolicLink(path) ? path.toRealPath() : path;
        } catch (IOException leadsNowhere) {
            return path;
        }
    }

    /**
     * Opens it; nothing is read yet. A symbolic link is not followed: whoever may put one into a folder need not be
     * allowed to read what it leads to.
     *
     * @throws UnreadableFileException if it is missing, not permitted or no file
     * @throws io.github.ticketcaravan.settings.SettingsException if {@code caravan.csv.columns} names no parameter
     */
    public static CsvFile open(Path file, CsvSettings settings, UpdateRules rules, CsvParser parser)
            throws UnreadableFileException {
        if (Files.isSymbolicLink(file)) {
            throw new UnreadableFileException(
                    file + " is a symbolic link, which is not followed: put the file itself there");
        }
        if (Files.isDirectory(file, NOFOLLOW_LINKS)) {
            throw new UnreadableFileException(file + " is a folder: name a CSV file");
        }
        if (Files.exists(file, NOFOLLOW_LINKS) && !Files.isRegularFile(file, NOFOLLOW_LINKS)) {
            throw new UnreadableFileException(
                    file + " is no regular file, and cannot be read twice: pass what it gives to standard input (-)");
        }
        try {
            return new CsvFile(file, FileChannel.open(file, READ, NOFOLLOW_LINKS), settings, rules, parser);
        } catch (IOException e) {
            throw notOpened(file, e);
        }
    }

    /**
     * Reads all of the file, sending nothing.
     *
     * @param each is given every row's update, valid or not, in the file's order
     */
    public CsvCheck check(Consumer<TicketUpdate> each) throws UnreadableFileException {
        char delimiter = delimiter();
        Pass first = begin();
        CsvParser.Row header = first.start(delimiter);
        if (header == null) {
            throw new UnreadableFileException(
                    shown + " is empty: expected a header with a column ticket, and one row for each update");
        }
        Columns columns = Columns.of(shown, header, names);
        long rows = 0;
        long invalid = 0;
        for (CsvParser.Row row = first.next(); row != null; row = first.next()) {
            TicketUpdate update = columns.update(row, name, delimiter, rules);
            rows++;
            invalid += update.isValid() ? 0 : 1;
            each.accept(update);
        }
        if (rows == 0) {
            throw new UnreadableFileException(shown + " has a header and no rows: expected one for each update");
        }
        String sha256 = first.sha256();
        var check =
                new CsvCheck(sha256, rows, invalid, first.raw.count(), header.cells(), delimiter, first.text.charset());
        checked = new Checked(check, columns);
        return check;
    }

    /** Whether its first row that is not empty names at least one column that a file of updates can have. */
    public boolean hasHeader() {
        try {
            char delimiter = delimiter();
            CsvParser.Row header = begin().start(delimiter);
            return header != null && header.cells().stream().anyMatch(names::isKnown);
        } catch (UnreadableFileException notEvenText) {
            return false;
        }
    }

    /**
     * Reads the file again, from its first row. The iterator throws {@link UncheckedIOException}, with an
     * {@link UnreadableFileException} as its cause, where the bytes have changed since they were checked: at once where
     * the size or the header has, else at the end.
     *
     * @throws IllegalStateException if it was not checked
     */
    public Iterator<TicketUpdate> updates() throws UnreadableFileException {
        Checked known = checked;
        if (known == null) {
            throw new IllegalStateException("check() comes first");
        }
        if (size() != known.check.bytes()) {
            throw changed("size");
        }
        char delimiter = known.check.delimiter();
        Pass second = begin();
        CsvParser.Row header = second.start(delimiter);
        if (header == null || !header.cells().equals(known.check.header())) {
            throw changed("header");
        }
        return new Iterator<>() {
            private CsvParser.@Nullable Row row;
            private boolean ended;

            @Override
            public boolean hasNext() {
                if (row == null && !ended) {
                    row = read();
                    ended = row == null;
                }
                return row != null;
            }

            @Override
            public TicketUpdate next() {
                CsvParser.Row next = hasNext() ? row : null;
                if (next == null) {
                    throw new NoSuchElementException();
                }
                row = null;
                return known.columns.update(next, name, delimiter, rules);
            }

            private CsvParser.@Nullable Row read() {
                try {
                    CsvParser.Row next = second.next();
                    if (next == null && !second.sha256().equals(known.check.sha256())) {
                        throw changed("content");
                    }
                    return next;
                } catch (UnreadableFileException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** How many of the {@link #size} bytes the pass under way, or the last one, has read. */
    public long bytesRead() {
        Pass current = pass;
        return current == null ? 0 : current.raw.count();
    }

    /** The size on disk, in bytes. */
    public long size() throws UnreadableFileException {
        try {
            return channel.size();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void close() throws IOException {
        closePass();
        channel.close();
    }

    private void closePass() throws IOException {
        Pass current = pass;
        if (current != null) {
            current.text.close();
        }
    }

    static boolean isEmpty(List<String> cells) {
        for (String cell : cells) {
            if (!cell.isBlank()) {
                return false;
            }
        }
        return true;
    }

    private char delimiter() throws UnreadableFileException {
        char[] head = new char[HEAD];
        int length = 0;
        Pass look = begin();
        try {
            for (int read = 0; read >= 0 && length < HEAD; read = look.text.read(head, length, HEAD - length)) {
                length += read;
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return Delimiter.find(new String(head, 0, length), settings.delimiter(), parser, names);
    }

    private Pass begin() throws UnreadableFileException {
        var raw = new RawBytes(channel);
        try {
            closePass();
            var begun = new Pass(raw, new TextReader(shown, uncompressed(raw), settings.charset(), settings.maxRow()));
            pass = begun;
            return begun;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private InputStream uncompressed(RawBytes raw) throws IOException {
        ByteBuffer magic = ByteBuffer.allocate(4);
        channel.read(magic, 0);
        if (magic.get(0) == 'P' && magic.get(1) == 'K' && magic.get(2) == 3 && magic.get(3) == 4) {
            throw new UnreadableFileException(
                    shown + " is an Excel workbook or another ZIP archive: save it as CSV in UTF-8");
        }
        boolean gzip = magic.get(0) == (byte) 0x1F && magic.get(1) == (byte) 0x8B;
        return gzip ? new GZIPInputStream(raw, 32 * 1024) : raw;
    }

    private UnreadableFileException changed(String what) {
        return new UnreadableFileException(shown + " has changed since it was checked (its " + what
                + "): what was not sent yet is not sent; import it again once nothing writes to it");
    }

    private UnreadableFileException unreadable(IOException e) {
        if (e instanceof UnreadableFileException unreadable) {
            return unreadable;
        }
        if (e instanceof EOFException || e instanceof ZipException) {
            return new UnreadableFileException(
                    shown + " is compressed with gzip and "
                            + (e instanceof EOFException ? "ends too soon" : "is damaged")
                            + ": fetch it, or compress it, again",
                    e);
        }
        if (e instanceof ClosedChannelException) {
            return new UnreadableFileException(shown + " was not read to its end: reading was interrupted", e);
        }
        return new UnreadableFileException(
                shown + " cannot be read (" + e.getMessage() + "): check the disk or the share that it is on", e);
    }

    private static UnreadableFileException notOpened(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new UnreadableFileException(file + " does not exist: check its name and folder", e);
        }
        if (e instanceof AccessDeniedException) {
            return new UnreadableFileException(
                    file + " may not be read by this user: allow it (chmod +r), or run as another user", e);
        }
        return new UnreadableFileException(file + " cannot be opened (" + e.getMessage() + "): check its name", e);
    }

    /** One reading of the file, from its first byte. */
    private final class Pass {

        private final RawBytes raw;
        private final TextReader text;
        private Iterator<CsvParser.Row> rows = Collections.emptyIterator();
        private long line = 1;

        Pass(RawBytes raw, TextReader text) {
            this.raw = raw;
            this.text = text;
        }

        /** The header, if there is one. */
        CsvParser.@Nullable Row start(char delimiter) throws UnreadableFileException {
            try {
                rows = parser.parse(text, delimiter);
            } catch (IOException e) {
                throw unreadable(e);
            }
            return next();
        }

        /** The next row that is not empty throughout; null at the end. */
        CsvParser.@Nullable Row next() throws UnreadableFileException {
            try {
                while (rows.hasNext()) {
                    CsvParser.Row row = rows.next();
                    line = row.lastLine() + 1;
                    text.rowBegins(line);
                    if (!isEmpty(row.cells())) {
                        return row;
                    }
                }
                return null;
            } catch (UncheckedIOException e) {
                throw text.failure() == null ? badlyQuoted(e) : unreadable(text.failure());
            }
        }

        private UnreadableFileException badlyQuoted(UncheckedIOException e) {
            String place = String.format(Locale.ROOT, "%s, line %,d: ", shown, line);
            return new UnreadableFileException(
                    place
                            + (text.ended()
                                    ? "a quote is opened in the row that begins here and never closed: close it, or "
                                            + "double the quotes within cells"
                                    : "in the row that begins here text follows a closing quote: double the quotes "
                                            + "within cells (\"a \"\"b\"\" c\"), and put only a delimiter after the last"),
                    e.getCause());
        }

        String sha256() throws UnreadableFileException {
            try {
                return raw.sha256();
            } catch (IOException e) {
                throw unreadable(e);
            }
        }
    }
}
