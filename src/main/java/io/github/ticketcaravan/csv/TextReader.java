package io.github.ticketcaravan.csv;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A file's text, strictly: a byte-order mark decides the charset and is taken off, and bytes that are not of the
 * charset, NUL characters, and a row that is too long for memory end the reading with a message that names the place.
 */
final class TextReader extends Reader {

    private final String file;
    private final InputStream source;
    private final Charset charset;
    private final int longestRow;
    private final boolean marked;
    private final CharsetDecoder decoder;

    private final ByteBuffer bytes = ByteBuffer.allocate(32 * 1024).flip();
    private final CharBuffer chars = CharBuffer.allocate(32 * 1024).flip();
    private boolean sourceEnded;
    private boolean flushed;
    private boolean ended;
    private @Nullable IOException failure;

    private long bytesDecoded;
    private long lineBreaks;
    private char lastChar;

    private long rowBegin;
    private long rowLine = 1;

    /**
     * @param unmarked the charset where there is no byte-order mark
     * @param longestRow in bytes; past it, a quote was most likely opened and never closed
     */
    TextReader(String file, InputStream source, Charset unmarked, int longestRow) throws IOException {
        this.file = file;
        this.source = source;
        this.longestRow = longestRow;
        while (bytes.remaining() < 4 && !sourceEnded) {
            fill();
        }
        Charset byMark = markedCharset();
        this.marked = byMark != null;
        this.charset = byMark != null ? byMark : unmarked.equals(UTF_16) ? UTF_16BE : unmarked;
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    Charset charset() {
        return charset;
    }

    /** Whether the end of the text was reached, and told to who reads. */
    boolean ended() {
        return ended;
    }

    /** Why reading failed, if it did; a parser that reads from here wraps it in an exception of its own. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** Tells where the row begins that is read from now on, which is counted against the longest row. */
    void rowBegins(long line) {
        rowLine = line;
        rowBegin = bytesDecoded;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!chars.hasRemaining()) {
            if (ended || !decodeSome()) {
                ended = true;
                return -1;
            }
        }
        int read = Math.min(length, chars.remaining());
        chars.get(target, offset, read);
        return read;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    private boolean decodeSome() throws IOException {
        try {
            return decode();
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    private boolean decode() throws IOException {
        if (flushed) {
            return false;
        }
        chars.clear();
        CoderResult result;
        do {
            int begin = bytes.position();
            result = decoder.decode(bytes, chars, sourceEnded);
            bytesDecoded += bytes.position() - begin;
            if (result.isError() && chars.position() == 0) {
                throw wronglyEncoded(result.length());
            }
            if (result.isUnderflow() && !sourceEnded) {
                fill();
            } else if (result.isUnderflow()) {
                decoder.flush(chars);
                flushed = true;
                break;
            }
        } while (chars.position() == 0);
        chars.flip();
        look();
        return chars.hasRemaining();
    }

    /** Counts line breaks (CR LF is one) and looks for what no text has. */
    private void look() throws UnreadableFileException {
        for (int i = 0; i < chars.limit(); i++) {
            char c = chars.get(i);
            if (c > '\r') {
                lastChar = c;
                continue;
            }
            if (c == '\r' || (c == '\n' && lastChar != '\r')) {
                lineBreaks++;
            } else if (c == 0) {
                throw notText(i);
            }
            lastChar = c;
        }
        if (bytesDecoded - rowBegin > longestRow) {
            throw new UnreadableFileException(String.format(
                    Locale.ROOT,
                    "%s, line %,d: the row that begins here is longer than %,d bytes, as if a quote were opened and never "
                            + "closed: look for a cell that begins with a quote, and double the quotes within cells; a row "
                            + "that is that long needs a larger caravan.csv.max-row",
                    file,
                    rowLine,
                    longestRow));
        }
    }

    private void fill() throws IOException {
        bytes.compact();
        int read = source.read(bytes.array(), bytes.position(), bytes.remaining());
        if (read < 0) {
            sourceEnded = true;
        } else {
            bytes.position(bytes.position() + read);
        }
        bytes.flip();
    }

    private @Nullable Charset markedCharset() throws UnreadableFileException {
        if (begins(0xEF, 0xBB, 0xBF)) {
            skip(3);
            return UTF_8;
        }
        if (begins(0xFF, 0xFE, 0, 0) || begins(0, 0, 0xFE, 0xFF)) {
            throw new UnreadableFileException(
                    file + " has the byte-order mark of UTF-32, which is not supported: save it as UTF-8");
        }
        if (begins(0xFF, 0xFE)) {
            skip(2);
            return UTF_16LE;
        }
        if (begins(0xFE, 0xFF)) {
            skip(2);
            return UTF_16BE;
        }
        return null;
    }

    private boolean begins(int... mark) {
        if (bytes.remaining() < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((bytes.get(bytes.position() + i) & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private void skip(int count) {
        bytes.position(bytes.position() + count);
        bytesDecoded += count;
    }

    private UnreadableFileException wronglyEncoded(int length) {
        var wrong = new StringBuilder();
        for (int i = 0; i < Math.min(length, bytes.remaining()); i++) {
            wrong.append(String.format(Locale.ROOT, " %02X", bytes.get(bytes.position() + i)));
        }
        return new UnreadableFileException(
                String.format(
                        Locale.ROOT,
                        "%s, byte %,d (line %,d):%s is not %s%s",
                        file,
                        bytesDecoded + 1,
                        lineBreaks + 1,
                        wrong,
                        charset,
                        marked
                                ? ", which its byte-order mark promises: save the file as UTF-8"
                                : ": save the file as UTF-8, or name its charset with caravan.csv.charset (windows-1252, say)"));
    }

    private UnreadableFileException notText(int index) {
        // Only the chunk decoded last is at hand: what lies between the NUL and its end is counted back from there.
        String rest = CharBuffer.wrap(chars).position(index).toString();
        long nul = bytesDecoded - rest.getBytes(charset).length + 1;
        return new UnreadableFileException(String.format(
                Locale.ROOT,
                "%s, byte %,d (line %,d): a NUL is here, so this is no text in %s: save the file as CSV in UTF-8, or, where "
                        + "it is UTF-16 without a byte-order mark, set caravan.csv.charset to UTF-16LE or UTF-16BE",
                file,
                nul,
                lineBreaks + 1,
                charset));
    }
}
