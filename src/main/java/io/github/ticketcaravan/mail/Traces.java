package io.github.ticketcaravan.mail;

import java.util.regex.Pattern;

/**
 * Addresses, dates and times of day in a line, in whatever language and script it is written. Each takes no longer than
 * the line is long.
 */
final class Traces {

    private static final String NO_DIGIT_BEFORE = "(?<![0-9])";
    private static final String NO_DIGIT_AFTER = "(?![0-9])";

    /** {@code 25.11.2026}, {@code 2026-11-25}, {@code 11/25/26}, {@code 2026年11月25日}; no version, no IP address. */
    private static final Pattern NUMERIC_DATE =
            Pattern.compile("(?<![0-9.])[0-9]{1,4}\\s?[./\\-\u2010\u2011\u2013年년]\\s?[0-9]{1,2}"
                    + "\\s?[./\\-\u2010\u2011\u2013月월]\\s?[0-9]{1,4}" + NO_DIGIT_AFTER + "(?!\\.[0-9])");

    /** {@code 25 Nov 26}. */
    private static final Pattern SHORT_YEAR = Pattern.compile(
            NO_DIGIT_BEFORE + "[0-9]{1,2}[.\\s-]{1,2}\\p{L}{3,20}[.,\\s-]{1,2}['\u2019]?[0-9]{2}" + NO_DIGIT_AFTER);

    /** Of our calendar, the Buddhist, the Persian and the Islamic one. */
    private static final Pattern YEAR = Pattern.compile(NO_DIGIT_BEFORE + "(?:1[3-9]|2[0-7])[0-9]{2}" + NO_DIGIT_AFTER);

    private static final Pattern DAY = Pattern.compile(NO_DIGIT_BEFORE + "[0-9]{1,2}" + NO_DIGIT_AFTER);

    /** {@code 11月25日}, {@code 二〇二六年}, {@code 令和八年}. */
    private static final Pattern CHINESE_DATE =
            Pattern.compile("[0-9]{1,2}\\s?[月월]\\s?[0-9]{1,2}|[〇零一二三四五六七八九十元]\\s?年");

    /** {@code 13:05}, {@code 13h05}, {@code 13時05分}, {@code 1 PM}. */
    private static final Pattern TIME = Pattern.compile(
            NO_DIGIT_BEFORE + "[0-9]{1,2}\\s?(?:[:：\u2236h時时點点시]\\s?[0-9]{2}" + NO_DIGIT_AFTER + "|[AaPp]\\.?[Mm]\\b)");

    /** {@code 13.05}, which may be a number too. */
    private static final Pattern DOTTED_TIME = Pattern.compile("(?<![0-9.])[0-9]{1,2}\\.[0-9]{2}(?![0-9.])");

    private Traces() {}

    /** With simple digits, and without what nobody sees; the others want it so. */
    static String plain(String line) {
        var plain = new StringBuilder(line.length());
        line.codePoints().filter(c -> !Lines.isInvisible(c)).forEach(c -> {
            if (Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER) {
                plain.append((char) ('0' + Character.digit(c, 10)));
            } else {
                plain.appendCodePoint(c == '＠' ? '@' : c == '＜' ? '<' : c == '＞' ? '>' : c);
            }
        });
        return plain.toString();
    }

    static boolean hasDate(String plain) {
        return NUMERIC_DATE.matcher(plain).find()
                || SHORT_YEAR.matcher(plain).find()
                || CHINESE_DATE.matcher(plain).find()
                || (YEAR.matcher(plain).find() && DAY.matcher(plain).find());
    }

    static boolean hasTime(String plain) {
        return TIME.matcher(plain).find();
    }

    static boolean hasDateAndTime(String plain) {
        return hasDate(plain) && (hasTime(plain) || DOTTED_TIME.matcher(plain).find());
    }

    /** {@code adam@example.com}, in brackets or not. */
    static boolean hasAddress(String plain) {
        for (int at = plain.indexOf('@', 1); at > 0; at = plain.indexOf('@', at + 1)) {
            if (at + 1 < plain.length() && isOfAddress(plain.charAt(at - 1)) && isOfAddress(plain.charAt(at + 1))) {
                return true;
            }
        }
        return false;
    }

    /** {@code <adam@example.com>} or {@code [mailto:adam@example.com]}, as programs write it behind a name. */
    static boolean hasAddressInBrackets(String plain) {
        return hasAddressBetween(plain, '<', '>') || hasAddressBetween(plain, '[', ']');
    }

    private static boolean hasAddressBetween(String plain, char open, char close) {
        int begin = -1;
        for (int i = 0; i < plain.length(); i++) {
            if (plain.charAt(i) == open) {
                begin = i + 1;
            } else if (plain.charAt(i) == close && begin >= 0) {
                String inner = plain.substring(begin, i).strip();
                begin = -1;
                // Outlook writes a person who is mentioned as @Adam<mailto:adam@example.com>.
                boolean link = inner.startsWith("mailto:");
                if ((open == '[') == link && inner.indexOf(' ') < 0 && hasAddress(inner)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isOfAddress(char c) {
        return Character.isLetterOrDigit(c) || "._+-'\"".indexOf(c) >= 0;
    }
}
