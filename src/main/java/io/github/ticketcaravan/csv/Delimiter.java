package io.github.ticketcaravan.csv;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out what separates a file's cells by looking at its header. */
final class Delimiter {

    private static final char[] CANDIDATES = {',', ';', '\t', '|'};

    private Delimiter() {}

    /**
     * The one that was set, else the one by which most of the header's names are known; where none is, the one that
     * gives most names. A file that we wrote has commas, whatever is set: it can be dropped again as it is.
     *
     * @param head the beginning of the text
     */
    static char find(String head, @Nullable Character set, CsvParser parser, Columns.Names names) {
        if (set != null) {
            boolean ours = !hasOwn(header(head, set, parser)) && hasOwn(header(head, ',', parser));
            return ours ? ',' : set;
        }
        char best = ',';
        long mostKnown = -1;
        int mostCells = 0;
        for (char candidate : CANDIDATES) {
            List<String> header = header(head, candidate, parser);
            if (header == null) {
                continue;
            }
            if (header.isEmpty()) {
                return candidate;
            }
            long known =
                    header.stream().filter(name -> names.isKnown(name.strip())).count();
            if (known > mostKnown || (known == mostKnown && header.size() > mostCells)) {
                best = candidate;
                mostKnown = known;
                mostCells = header.size();
            }
        }
        return best;
    }

    private static boolean hasOwn(@Nullable List<String> header) {
        return header != null && Columns.hasOwn(header);
    }

    /** The first row that is not empty, no cells where all are; null where the quoting makes no sense so delimited. */
    private static @Nullable List<String> header(String head, char delimiter, CsvParser parser) {
        try {
            Iterator<CsvParser.Row> rows = parser.parse(new StringReader(head), delimiter);
            while (rows.hasNext()) {
                List<String> cells = rows.next().cells();
                if (!CsvFile.isEmpty(cells)) {
                    return cells;
                }
            }
            return List.of();
        } catch (UncheckedIOException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory can be read", e);
        }
    }
}
