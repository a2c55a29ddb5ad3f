package io.github.ticketcaravan.csv;

import java.util.ArrayList;
import java.util.List;

/**
 * One row as one line of CSV (RFC 4180, commas, no line break after it), and the guard against formulas.
 *
 * <p>A spreadsheet runs a cell that begins with {@code = + - @}, a tab or a carriage return; a leading {@code '}
 * keeps it from that. A cell that begins with {@code '} gets one too, so that taking one off gives back every cell.
 * A spreadsheet that separates cells by something else than commas also takes what follows a semicolon, tab, bar, comma
 * or line break within a cell for a cell, whatever quotes it: a formula there gets a {@code '} too, and so does one that
 * has some, so that taking one off gives back the formula.
 */
public final class CsvLine {

    private static final String FORMULAS = "=+-@\uFF1D\uFF0B\uFF0D\uFF20";
    private static final String GUARDED = FORMULAS + "\t\r'";
    private static final String SEPARATORS = ",;\t|\r\n";
    /** What a spreadsheet may pass over before a formula. */
    private static final String PASSED_OVER = " \u00A0\"";

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
        if (!cell.isEmpty() && GUARDED.indexOf(cell.charAt(0)) >= 0) {
            return "'" + cell.charAt(0) + guard(cell, 1, mayFollow(cell.charAt(0), false));
        }
        return guard(cell, 0, true);
    }

    static String unguard(String cell) {
        if (cell.length() > 1 && cell.charAt(0) == '\'') {
            return cell.charAt(1) + unguard(cell, 2, mayFollow(cell.charAt(1), false));
        }
        return cell.equals("'") ? "" : unguard(cell, 0, true);
    }

    private static String guard(String cell, int from, boolean atBeginning) {
        StringBuilder guarded = new StringBuilder(cell.length() + 2);
        boolean begins = atBeginning;
        for (int i = from; i < cell.length(); i++) {
            if (begins && isFormula(cell, i)) {
                guarded.append('\'');
            }
            guarded.append(cell.charAt(i));
            begins = mayFollow(cell.charAt(i), begins);
        }
        return guarded.toString();
    }

    private static String unguard(String cell, int from, boolean atBeginning) {
        StringBuilder plain = new StringBuilder(cell.length());
        boolean begins = atBeginning;
        for (int i = from; i < cell.length(); i++) {
            boolean isGuard = begins && cell.charAt(i) == '\'' && isFormula(cell, i);
            if (!isGuard) {
                plain.append(cell.charAt(i));
            }
            begins = mayFollow(cell.charAt(i), begins);
        }
        return plain.toString();
    }

    /** Whether a cell could begin behind this, were it not by our commas that they are separated. */
    private static boolean mayFollow(char c, boolean couldBegin) {
        return SEPARATORS.indexOf(c) >= 0 || (couldBegin && PASSED_OVER.indexOf(c) >= 0);
    }

    /** After any number of guards. */
    private static boolean isFormula(String cell, int index) {
        int i = index;
        while (i < cell.length() && cell.charAt(i) == '\'') {
            i++;
        }
        return i < cell.length() && FORMULAS.indexOf(cell.charAt(i)) >= 0;
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
