package io.github.ticketcaravan.csv;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/** The receipt {@code NAME.results.csv}: what became of each row, one line a row. */
public final class ResultsFile {

    private static final List<String> HEADER =
            List.of("row", "ticket", "outcome", "status", "attempts", "reason", "finished_at");

    private ResultsFile() {}

    /**
     * Writes it, replacing an older one, one row at a time.
     *
     * @return how many rows were written
     * @throws IOException naming file and remedy; then an older one is as it was
     */
    public static long write(Path file, Iterator<ResultRow> rows) throws IOException {
        return ReceiptFile.write(file, "", HEADER, rows, ResultsFile::cells);
    }

    private static List<String> cells(ResultRow row) {
        return List.of(
                Long.toString(row.row()),
                row.ticket(),
                row.outcome(),
                row.status() == null ? "" : row.status().toString(),
                Integer.toString(row.attempts()),
                row.reason(),
                row.finishedAt().toString());
    }
}
