package io.github.ticketcaravan.update;

/** What neither the help desk nor every database takes: a NUL, and half of a surrogate pair, which is no Unicode. */
public final class Characters {

    private static final String ESCAPE = "\\u%04x";

    private Characters() {}

    /** As it is shown where it cannot stand itself, as in JSON. */
    static String escape(char c) {
        return ESCAPE.formatted((int) c);
    }

    /** The text with each of them escaped, and nothing else. */
    public static String escaped(String text) {
        int first = firstThatIsNot(text);
        if (first < 0) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 10).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            if (isNot(text, i)) {
                escaped.append(escape(text.charAt(i)));
            } else {
                escaped.append(text.charAt(i));
            }
        }
        return escaped.toString();
    }

    static boolean areText(String text) {
        return firstThatIsNot(text) < 0;
    }

    /** Where the first of them stands; -1 where there is none. */
    public static int firstThatIsNot(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isNot(text, i)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether one of them stands there. */
    private static boolean isNot(String text, int index) {
        return text.charAt(index) == 0 || isHalf(text, index);
    }

    /** Whether the character there is a surrogate without its other half. */
    static boolean isHalf(String text, int index) {
        char c = text.charAt(index);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        return Character.isHighSurrogate(c)
                ? index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1))
                : index == 0 || !Character.isHighSurrogate(text.charAt(index - 1));
    }
}
