package io.github.ticketcaravan.update;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with an instruction, or odd about it.
 *
 * @param field the parameter or column it concerns; {@code base} for the instruction as a whole
 * @param message what is wrong, with the value and what was expected
 * @param stays whether the instruction itself is wrong, so that its dead letter is refused until somebody edits it
 */
public record Problem(String field, String message, boolean stays) {

    private static final int LONGEST_SHOWN = 60;

    /** One of the instruction itself. */
    public Problem(String field, String message) {
        this(field, message, true);
    }

    /** One of the time or the way in which the instruction came; it says nothing about a later replay. */
    public static Problem passing(String field, String message) {
        return new Problem(field, message, false);
    }

    /** All of them as one sentence, {@code field: message; field: message}; {@code base} is not named. */
    public static String sentence(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.field.equals("base") ? problem.message : problem.field + ": " + problem.message)
                .collect(Collectors.joining("; "));
    }

    /** A value as messages show it: in single quotes, on one line, shortened to 60 characters. */
    public static String quote(String value) {
        return "'" + shorten(value) + "'";
    }

    /** Unicode's embeddings, overrides and isolates, after which a reader sees the line in another order. */
    private static boolean turnsDirection(char c) {
        return (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    }

    static String shorten(String value) {
        var shown = new StringBuilder();
        int end = Math.min(value.length(), LONGEST_SHOWN);
        for (int i = 0; i < end; i++) {
            char c = value.charAt(i);
            if (Character.isISOControl(c) || turnsDirection(c) || Characters.isHalf(value, i)) {
                shown.append(Characters.escape(c));
            } else if (!(i == end - 1 && end < value.length() && Character.isHighSurrogate(c))) {
                shown.append(c);
            }
        }
        return end < value.length() ? shown.append("...").toString() : shown.toString();
    }
}
