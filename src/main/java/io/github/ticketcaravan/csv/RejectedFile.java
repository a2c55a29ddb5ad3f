package io.github.ticketcaravan.csv;

import io.github.ticketcaravan.update.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The receipt {@code NAME.rejected.csv}: the rows that became dead letters, as they came, with why; mended, it can be
 * dropped as it is.
 *
 * <p>It has commas and begins with a byte-order mark, so that {@code caravan.csv.charset} and
 * {@code caravan.csv.delimiter}, which are other files', do not keep it from being read, and so that a spreadsheet
 * in which it is mended does not take its UTF-8 for something else.
 */
public final class RejectedFile {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final List<String> OWN_COLUMNS =
            List.of("caravan.outcome", "caravan.status", "caravan.reason", Columns.DEAD_LETTER);

    private final List<String> header;
    private final boolean guarded;
    /** The columns that are the sender's; ours from an earlier time are replaced. */
    private final int[] kept;

    private RejectedFile(List<String> header) {
        this.header = header;
        this.guarded = Columns.hasOwn(header);
        this.kept = IntStream.range(0, header.size())
                .filter(column -> !Columns.isOwn(header.get(column)))
                .toArray();
    }

    /**
     * Writes it, replacing an older one, one row at a time. Cells that a row is short of are empty; cells that it has
     * too many are left out and told in its reason.
     *
     * @param header {@link CsvCheck#header} of the file that the rows are from
     * @return how many rows were written
     * @throws IOException naming file and remedy; then an older one is as it was
     */
    public static long write(Path file, List<String> header, Iterator<RejectedRow> rows) throws IOException {
        var rejected = new RejectedFile(header);
        List<String> names = rejected.own(header, OWN_COLUMNS);
        return ReceiptFile.write(file, BYTE_ORDER_MARK, names, rows, rejected::cells);
    }

    /**
     * Whether a row is still as it was written for a rejected one: cells that this was short of are empty, and those that
     * it had too many are gone.
     *
     * @param header of the file with the row
     * @param row {@link io.github.ticketcaravan.update.TicketUpdate#original()} of its update
     * @param rejected the same of the rejected row
     */
    public static boolean isUnmended(List<String> header, String row, String rejected) {
        var file = new RejectedFile(header);
        List<String> cells = CsvLine.decode(row);
        List<String> before = CsvLine.decode(rejected);
        for (int i = 0; i < file.kept.length; i++) {
            String cell = file.kept[i] < cells.size() ? CsvLine.unguard(cells.get(file.kept[i])) : "";
            String came = i < before.size() ? before.get(i) : "";
            // What was rejected may have been a row that we wrote, too.
            if (!cell.equals(came) && !cell.equals(CsvLine.unguard(came))) {
                return false;
            }
        }
        return true;
    }

    private List<String> cells(RejectedRow row) {
        List<String> cells = CsvLine.decode(row.original());
        String status = row.status() == null ? "" : row.status().toString();
        return own(cells, List.of(row.outcome(), status, reason(row.reason(), cells), row.deadLetter()));
    }

    private List<String> own(List<String> cells, List<String> ours) {
        List<String> all = new ArrayList<>(kept.length + ours.size());
        for (int column : kept) {
            String cell = column < cells.size() ? cells.get(column) : "";
            all.add(guarded ? CsvLine.unguard(cell) : cell);
        }
        all.addAll(ours);
        return all;
    }

    private String reason(String reason, List<String> cells) {
        if (cells.size() <= header.size()) {
            return reason;
        }
        return reason + "; left out here: "
                + cells.subList(header.size(), cells.size()).stream()
                        .map(Problem::quote)
                        .collect(Collectors.joining(", "));
    }
}
