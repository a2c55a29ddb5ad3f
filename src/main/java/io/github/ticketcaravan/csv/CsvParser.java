package io.github.ticketcaravan.csv;

import java.io.IOException;
import java.io.Reader;
import java.util.Iterator;
import java.util.List;

/**
 * Splits text into rows and cells (RFC 4180, any delimiter).
 *
 * <p>The rows come one at a time. The header is a row as any other, and so is an empty line (one empty cell);
 * cells are not trimmed. Reading on throws {@link java.io.UncheckedIOException}, with the reader's own exception as its
 * cause where reading failed, and another where the quoting is broken.
 */
public interface CsvParser {

    Iterator<Row> parse(Reader text, char delimiter) throws IOException;

    /**
     * One row.
     *
     * @param line the number of its first line, from 1
     * @param lastLine the number of its last, which is another where a quoted cell holds line breaks
     */
    record Row(long line, long lastLine, List<String> cells) {}
}
