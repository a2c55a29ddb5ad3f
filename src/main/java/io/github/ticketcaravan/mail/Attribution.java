package io.github.ticketcaravan.mail;

import java.util.List;
import java.util.Locale;

/**
 * The line that a mail program puts above what it quotes, told by its shape: it names a sender or a time, and ends in a
 * colon. So it needs no knowledge of the language; {@link QuotationWords} only add to it.
 */
final class Attribution {

    private static final String COLONS = ":：﹕︓∶꞉׃։;；፥፦—–-";

    private Attribution() {}

    /**
     * Whether one ends with a line above all commands. It may be broken into several, and it may have lost its colon.
     *
     * @param paragraph the lines without a blank one between them that end with it, clean
     * @param answers whether the mail answers another, so that a date alone is enough
     */
    static boolean isAtEndOf(List<String> paragraph, boolean answers) {
        String joined = "";
        for (int i = paragraph.size() - 1; i >= 0; i--) {
            joined = joined.isEmpty() ? paragraph.get(i) : paragraph.get(i) + " " + joined;
            String plain = Traces.plain(joined);
            boolean dated = Traces.hasDate(plain);
            if (isWhole(plain)
                    || Traces.hasAddressInBrackets(plain)
                    || Traces.hasDateAndTime(plain)
                    || (dated && (answers || isWord(plain) || Traces.hasAddress(plain)))) {
                return true;
            }
        }
        return endsInWord(joined);
    }

    /** Whether the line is one from its beginning to its colon. */
    static boolean isWhole(String line) {
        String plain = Traces.plain(line);
        return endsInColon(plain)
                && (isWord(plain) || Traces.hasAddress(plain) || Traces.hasDate(plain) || Traces.hasTime(plain));
    }

    /** The same of a line that is a command: what a sender calls himself may make it look so. */
    static boolean isInDisguise(String line) {
        String plain = Traces.plain(line);
        return endsInColon(plain) && Traces.hasAddressInBrackets(plain);
    }

    private static boolean isWord(String line) {
        return Quotation.containsAny(line, QuotationWords.WROTE);
    }

    private static boolean endsInWord(String line) {
        int end = line.length();
        while (end > 0 && !Character.isLetter(line.charAt(end - 1))) {
            end--;
        }
        String lower = line.substring(0, end).toLowerCase(Locale.ROOT);
        return QuotationWords.WROTE.stream().anyMatch(lower::endsWith);
    }

    /** A colon of any script, perhaps with what stands for bold, or a bracket, behind it. */
    static boolean endsInColon(String line) {
        for (int i = line.length() - 1; i >= 0; i--) {
            char c = line.charAt(i);
            if (COLONS.indexOf(c) >= 0) {
                return true;
            }
            if (Character.isLetterOrDigit(c) || c == '>' || c == '.' || c == '!' || c == '?') {
                return false;
            }
        }
        return false;
    }
}
