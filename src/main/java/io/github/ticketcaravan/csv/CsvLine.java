package io.github.ticketcaravan.csv;

import java.util.ArrayList;
import java.util.List;

/**
 * One row as one line of CSV (RFC 4180, commas, no line break after it), and the guard against formulas.
 *
 * <p>A spreadsheet runs a cell that begins with {@code = + - @}, a tab or a carriage return; a leading {@code '}
 * keeps it from that. A cell that begins with {@code '} gets one too, so that taking one off gives back every cell.
 */
public final class CsvLine {

    private static final String GUARDED = "=+-@\t\r'";

    private CsvLine() {}

    /** The cells as one line, quoted only where they must be. */
    public static String encode(List<String> cells) {
        int length = cells.size();
        for (String cell : cells) {
            length += cell.length();
        }
        var line = new StringBuilder(length + 8);
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                line.append(',');
            }
            append(line, cells.get(i));
        }
        return line.toString();
    }

    /** The cells of which {@link #encode} made the line; of lines that it did not make, nothing is promised. */
    public static List<String> decode(String line) {
        List<String> cells = new ArrayList<>();
        int begin = 0;
        while (begin <= line.length()) {
            int end;
            if (begin < line.length() && line.charAt(begin) == '"') {
                end = closingQuote(line, begin + 1);
                cells.add(line.substring(begin + 1, end).replace("\"\"", "\""));
                end++;
            } else {
                int comma = line.indexOf(',', begin);
                end = comma < 0 ? line.length() : comma;
                cells.add(line.substring(begin, end));
            }
            begin = end + 1;
        }
        return cells;
    }

    static String guard(String cell) {
        return !cell.isEmpty() && GUARDED.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
    }

    static String unguard(String cell) {
        return cell.startsWith("'") ? cell.substring(1) : cell;
    }

    private static void append(StringBuilder line, String cell) {
        if (!mustBeQuoted(cell)) {
            line.append(cell);
            return;
        }
        line.append('"');
        int begin = 0;
        for (int quote = cell.indexOf('"'); quote >= 0; quote = cell.indexOf('"', begin)) {
            line.append(cell, begin, quote + 1).append('"');
            begin = quote + 1;
        }
        line.append(cell, begin, cell.length()).append('"');
    }

    private static boolean mustBeQuoted(String cell) {
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (c == ',' || c == '"' || c == '\n' || c == '\r') {
                return true;
            }
        }
        return false;
    }

    private static int closingQuote(String line, int begin) {
        int quote = line.indexOf('"', begin);
        while (quote >= 0 && quote + 1 < line.length() && line.charAt(quote + 1) == '"') {
            quote = line.indexOf('"', quote + 2);
        }
        return quote < 0 ? line.length() : quote;
    }
}
