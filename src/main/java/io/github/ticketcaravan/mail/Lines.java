package io.github.ticketcaravan.mail;

import java.util.ArrayList;
import java.util.List;

/** Lines of a text, and what people cannot see in them. */
final class Lines {

    private Lines() {}

    /** At CR, LF, CRLF and Unicode's own line ends, without them. */
    static List<String> split(String text) {
        List<String> lines = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029') {
                lines.add(text.substring(begin, i));
                if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    i++;
                }
                begin = i + 1;
            }
        }
        if (begin < text.length()) {
            lines.add(text.substring(begin));
        }
        return lines;
    }

    /** A space, of whatever width, or a tab. */
    static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\f' || c == 0x0B || Character.getType(c) == Character.SPACE_SEPARATOR;
    }

    /** What has no look of its own: zero-width characters, marks of direction, the byte-order mark, soft hyphens. */
    static boolean isInvisible(int c) {
        return Character.getType(c) == Character.FORMAT;
    }

    /** How many spaces the line begins with. */
    static int indentation(String line) {
        int spaces = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (isSpace(c)) {
                spaces++;
            } else if (!isInvisible(c)) {
                break;
            }
        }
        return spaces;
    }

    /**
     * Without what surrounds it unseen; spaces of any width within are simple ones, and what only says where a line may
     * be broken is gone.
     */
    static String clean(String line) {
        int begin = 0;
        int end = line.length();
        while (begin < end && isNothing(line.charAt(begin))) {
            begin++;
        }
        while (end > begin && isNothing(line.charAt(end - 1))) {
            end--;
        }
        var clean = new StringBuilder(end - begin);
        for (int i = begin; i < end; i++) {
            char c = line.charAt(i);
            if (c != '\t' && isSpace(c)) {
                clean.append(' ');
            } else if (c != '\u200b' && c != '\ufeff' && c != '\u2060' && c != '\u00ad') {
                clean.append(c);
            }
        }
        return clean.toString();
    }

    /** Without anything invisible at all, as names have to be. */
    static String withoutInvisible(String text) {
        var visible = new StringBuilder(text.length());
        text.codePoints().filter(c -> !isInvisible(c)).forEach(visible::appendCodePoint);
        return visible.toString();
    }

    private static boolean isNothing(char c) {
        return isSpace(c) || isInvisible(c);
    }
}
