package io.github.ticketcaravan.mail;

import static io.github.ticketcaravan.update.Problem.quote;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a mail's own words end and somebody else's begin: at marks of quotation, lines that separate, an
 * {@link Attribution}, a {@link HeaderBlock}. When in doubt, they end: words that are somebody else's must never be
 * executed.
 */
final class Quotation {

    static final String QUOTED = "quoted text";
    static final String FORWARDED = "a forwarded message";
    static final String SIGNATURE = "a signature";

    private static final int SEPARATOR = 5;
    private static final int FRAME = 2;
    private static final String FRAMES = "#=~+|<-_";

    private Quotation() {}

    /**
     * What begins at a line above the first command, if it is somebody else's; null where it is not.
     *
     * @param paragraph the lines without a blank one between them that end with it, clean
     * @param lines those from it on, clean and without blank ones
     * @param answers whether the mail answers another
     */
    static @Nullable String beginsAboveCommands(List<String> paragraph, List<String> lines, boolean answers) {
        String line = lines.get(0);
        String known = beginsAt(lines, CommandLine.parse(line) == null);
        if (known != null) {
            return known;
        }
        return Attribution.isAtEndOf(paragraph, answers) || HeaderBlock.beginsAboveCommands(lines)
                ? "the line " + quote(line) + ", which looks like the beginning of a quoted mail"
                : null;
    }

    /**
     * The same of a line among commands.
     *
     * @param lines those from it on, clean and without blank ones
     * @param prose whether it is no command
     */
    static @Nullable String beginsAt(List<String> lines, boolean prose) {
        String line = lines.get(0);
        String marked = markedAt(lines);
        if (marked != null) {
            return marked;
        }
        if (prose && containsAny(line, QuotationWords.ABOVE_THIS_LINE)) {
            return "the line " + quote(line);
        }
        if (prose ? Attribution.isWhole(line) : Attribution.isInDisguise(line)) {
            return QUOTED;
        }
        return prose && isForward(line) ? FORWARDED : null;
    }

    /**
     * The same of an indented line, with which a value goes on; so what values may contain does not count.
     *
     * @param lines those from it on, clean and without blank ones
     */
    static @Nullable String withinValue(List<String> lines) {
        String marked = markedAt(lines);
        return marked == null && Attribution.isWhole(lines.get(0)) ? QUOTED : marked;
    }

    private static @Nullable String markedAt(List<String> lines) {
        String line = lines.get(0);
        if (isPrefixed(line)) {
            return QUOTED;
        }
        if (line.equals("--") || line.equals("-----BEGIN PGP SIGNATURE-----")) {
            return SIGNATURE;
        }
        if (isSeparator(line)) {
            return "the line " + quote(line);
        }
        if (isFramed(line)) {
            return FORWARDED;
        }
        return HeaderBlock.beginsAt(lines) ? QUOTED : null;
    }

    /** Whether it has the mark of a quoted line. */
    static boolean isPrefixed(String line) {
        return line.startsWith(">") || line.startsWith("＞");
    }

    /** "Begin forwarded message:" */
    static boolean isForward(String line) {
        return Attribution.endsInColon(line) && containsAny(line, QuotationWords.FORWARD);
    }

    /** Whether it is {@code -----Original Message-----} or the like. */
    static boolean isFramed(String line) {
        String inner = line.startsWith("*") && !line.startsWith("**") ? line.substring(1) : line;
        int begin = run(inner, 0, 1);
        return inner.startsWith("--")
                || begin >= SEPARATOR
                || (begin >= FRAME
                        && FRAMES.indexOf(inner.charAt(0)) >= 0
                        && run(line, line.length() - 1, -1) >= FRAME
                        && FRAMES.indexOf(line.charAt(line.length() - 1)) >= 0);
    }

    /** How often the sign there is repeated; 0 where it is a letter or a digit. */
    private static int run(String line, int from, int step) {
        int i = from;
        while (i >= 0 && i < line.length() && line.charAt(i) == line.charAt(from) && isSign(line.charAt(i))) {
            i += step;
        }
        return Math.abs(i - from);
    }

    /** Outlook's line of underscores, others' of dashes, stars or anything that is not read. */
    static boolean isSeparator(String line) {
        String dense = line.replace(" ", "");
        return dense.codePointCount(0, dense.length()) >= SEPARATOR
                && dense.codePoints().allMatch(Quotation::isSign);
    }

    private static boolean isSign(int c) {
        return !Character.isLetterOrDigit(c) && !Lines.isSpace(c);
    }

    static boolean containsAny(String line, List<String> words) {
        String lower = line.toLowerCase(Locale.ROOT);
        return words.stream().anyMatch(lower::contains);
    }
}
