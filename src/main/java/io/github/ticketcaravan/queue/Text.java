package io.github.ticketcaravan.queue;

import io.github.ticketcaravan.update.Problem;

/** Text of JSON that is not Unicode text: half of a surrogate pair, which no UTF-8 can hold, or a NUL. */
final class Text {

    static final String BROKEN =
            "has half of a surrogate pair or a NUL in it (such as \\ud83d or \\u0000): expected" + " Unicode text";

    private Text() {}

    /** The same with U+FFFD in place of what cannot be kept or sent. */
    static String clean(String text) {
        StringBuilder clean = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c) || c == 0) {
                clean = clean == null ? new StringBuilder(text) : clean;
                clean.setCharAt(i, '\uFFFD');
            }
        }
        return clean == null ? text : clean.toString();
    }

    /** A name of any length, as the field of a problem. */
    static String shown(String name) {
        String quoted = Problem.quote(clean(name));
        return quoted.substring(1, quoted.length() - 1);
    }
}
