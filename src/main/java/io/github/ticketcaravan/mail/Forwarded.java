package io.github.ticketcaravan.mail;

import static io.github.ticketcaravan.update.Problem.quote;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What tells that a mail passes another on, whose files it then has: the subject's prefix, the header of the other mail
 * in the text, or its own header. A file counts only where nothing does.
 */
final class Forwarded {

    /** {@code [EXTERN]}, {@code (EXT)}, {@code 【外部】}, {@code ***SPAM***}: what servers put before a subject. */
    private static final Pattern TAG = Pattern.compile(
            "\\s*(?:\\[[^\\[\\]]{0,80}]|\\([^()]{0,80}\\)|\\{[^{}]{0,80}}|【[^】]{0,80}】|<[^<>]{0,80}>|\\*{2,5}[^*]{0,80}\\*{2,5})");

    /** {@code FW:}, {@code Re[2]:}, {@code FW (3):}. */
    private static final Pattern PREFIX =
            Pattern.compile("\\s*([\\p{L}\\p{M}][\\p{L}\\p{M}'.-]{0,19})\\s?(?:[\\[(][0-9]{1,3}[)\\]])?\\s?[:：]");

    private static final int LONGEST_ABBREVIATION = 6;
    private static final int LONGEST_IN_LOWER_CASE = 3;

    private Forwarded() {}

    /** Whether a subject begins as that of an answer. */
    static boolean isAnswer(String subject) {
        Matcher prefix = PREFIX.matcher(withoutTag(subject));
        return prefix.lookingAt() && QuotationWords.REPLY_PREFIXES.contains(lower(prefix.group(1)));
    }

    /**
     * Null where nothing tells it.
     *
     * @param text all that the mail shows
     */
    static @Nullable String mark(Headers headers, String subject, String text) {
        for (Headers.Field field : headers.fields()) {
            if (field.name().startsWith("resent-")) {
                return "it has the header " + field.name();
            }
        }
        String rest = withoutTag(Normalizer.normalize(subject, Normalizer.Form.NFKC));
        boolean answers = false;
        for (Matcher prefix = PREFIX.matcher(rest); prefix.lookingAt(); prefix = PREFIX.matcher(rest)) {
            String word = prefix.group(1);
            boolean answer = QuotationWords.REPLY_PREFIXES.contains(lower(word));
            if (!answer && isForward(word)) {
                return "its subject begins with " + quote(word + ":");
            }
            answers |= answer;
            rest = withoutTag(rest.substring(prefix.end()));
        }
        if (Quotation.isForward(beforeColon(rest))) {
            return "its subject begins with " + quote(beforeColon(rest));
        }
        return inText(text, answers);
    }

    private static @Nullable String inText(String text, boolean answers) {
        List<String> lines = new ArrayList<>();
        for (String line : Lines.split(text)) {
            String clean = Lines.clean(line);
            while (Quotation.isPrefixed(clean)) {
                clean = Lines.clean(clean.substring(1));
            }
            if (!clean.isEmpty()) {
                lines.add(clean);
            }
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (Quotation.isForward(line) || isFrame(line)) {
                return "its text has the line " + quote(line);
            }
            if (!answers && HeaderBlock.isWholeAt(lines.subList(i, lines.size()))) {
                return "its text has the header of another mail, which begins with " + quote(line);
            }
        }
        return null;
    }

    /** {@code ----- Forwarded message -----}. */
    private static boolean isFrame(String line) {
        return line.startsWith("--") && line.endsWith("--") && line.codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** Known, or so short, or of another script, that it most likely abbreviates it in another language. */
    private static boolean isForward(String word) {
        String lower = lower(word);
        boolean latin = word.codePoints().allMatch(Forwarded::isLatin);
        int longest =
                !latin || word.equals(word.toUpperCase(Locale.ROOT)) ? LONGEST_ABBREVIATION : LONGEST_IN_LOWER_CASE;
        return QuotationWords.FORWARD_PREFIXES.contains(lower)
                || word.endsWith(".")
                || word.codePointCount(0, word.length()) <= longest
                || Quotation.containsAny(lower, QuotationWords.FORWARD);
    }

    private static boolean isLatin(int c) {
        Character.UnicodeScript script = Character.UnicodeScript.of(c);
        return script == Character.UnicodeScript.LATIN || script == Character.UnicodeScript.COMMON;
    }

    private static String withoutTag(String subject) {
        String rest = subject;
        for (Matcher tag = TAG.matcher(rest); tag.lookingAt(); tag = TAG.matcher(rest)) {
            rest = rest.substring(tag.end());
        }
        return rest;
    }

    private static String beforeColon(String subject) {
        int colon = Math.max(subject.indexOf(':'), subject.indexOf('：'));
        return subject.substring(0, colon + 1);
    }

    /** Turkish {@code İLT} too. */
    private static String lower(String word) {
        return word.replace('İ', 'I').toLowerCase(Locale.ROOT);
    }
}
