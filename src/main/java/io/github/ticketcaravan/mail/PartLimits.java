package io.github.ticketcaravan.mail;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a multipart before the library takes it apart, for that puts every part and each of its header lines into
 * memory. Counts for one mail.
 */
final class PartLimits {

    static final int MOST_PARTS = 1_000;
    static final int MOST_HEADER_LINES = 5_000;
    static final int MOST_HEADER_BYTES = 500_000;

    private int parts;
    private int headerLines;
    private int headerBytes;

    /**
     * Reads it to its end, in memory that does not depend on it.
     *
     * @param boundary null: each line that begins with two hyphens is taken for one
     */
    void check(InputStream multipart, @Nullable String boundary) throws IOException, UnreadableMailException {
        byte[] delimiter = ("--" + (boundary == null ? "" : boundary)).getBytes(StandardCharsets.ISO_8859_1);
        InputStream bytes = new BufferedInputStream(multipart, 1 << 16);
        int matched = 0;
        int length = 0;
        boolean inHeader = false;
        for (int b = bytes.read(); b >= 0; b = bytes.read()) {
            if (b != '\n' && b != '\r') {
                if (matched == length && length < delimiter.length && (byte) b == delimiter[length]) {
                    matched++;
                }
                length++;
                continue;
            }
            if (matched == delimiter.length) {
                inHeader = true;
                count(++parts, MOST_PARTS, "parts");
            } else if (length == 0) {
                inHeader = false;
            } else if (inHeader) {
                count(++headerLines, MOST_HEADER_LINES, "header lines within its parts");
                count(headerBytes += length, MOST_HEADER_BYTES, "bytes of header within its parts");
            }
            matched = 0;
            length = 0;
            if (b == '\r') {
                bytes.mark(1);
                if (bytes.read() != '\n') {
                    bytes.reset();
                }
            }
        }
    }

    private static void count(int number, int most, String what) throws UnreadableMailException {
        if (number > most) {
            throw new UnreadableMailException(String.format(Locale.ROOT, "it has more than %,d %s", most, what));
        }
    }
}
