package io.github.ticketcaravan.mail;

import io.github.ticketcaravan.update.Parameter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A line that is a command: {@code name: value}, {@code name = value} or {@code #name value}.
 *
 * @param name the API's name; where it is misspelt, as written
 * @param value without white space around it, and perhaps empty
 * @param misspelt whether it is one word that is within two letters of a parameter's name
 */
record CommandLine(String name, String value, boolean misspelt) {

    private static final int LONGEST_NAME = 200;
    private static final int MOST_WORDS = 3;
    private static final String SEPARATORS = ":=：＝";

    /**
     * Null where the line is prose.
     *
     * @param line clean
     */
    static @Nullable CommandLine parse(String line) {
        if (line.startsWith("#") || line.startsWith("＃")) {
            return parseHash(line.substring(1));
        }
        // Bold, as HTML mail is written in plain text: *Status:* High
        boolean bold = line.startsWith("*");
        String plain = bold ? line.substring(1) : line;
        int separator = separator(plain);
        if (separator < 1) {
            return null;
        }
        String value = plain.substring(separator + 1).strip();
        if (bold) {
            value = withoutAsterisk(value);
        }
        return of(name(plain.substring(0, separator).replace("*", "")), Lines.clean(value));
    }

    /** Whether a line that is no command looks like one: {@code Note: value}, {@code note = value}, {@code #note value}. */
    static boolean resembles(String line) {
        if (line.startsWith("#") || line.startsWith("＃")) {
            return line.length() > 1 && Character.isLetter(line.charAt(1));
        }
        String plain = line.replace("*", "");
        int separator = separator(plain);
        String name = separator < 1 ? "" : Lines.clean(plain.substring(0, separator));
        return !name.isEmpty()
                && separator + 1 < plain.length()
                && !plain.startsWith("//", separator + 1)
                && name.split(" ", MOST_WORDS + 1).length <= MOST_WORDS
                && name.chars().allMatch(c -> isPartOfName((char) c) || c == ' ');
    }

    private static @Nullable CommandLine parseHash(String line) {
        int end = nameEndsInBracket(line);
        while (end < line.length() && !Lines.isSpace(line.charAt(end)) && SEPARATORS.indexOf(line.charAt(end)) < 0) {
            end++;
        }
        if (end == 0 || end > LONGEST_NAME) {
            return null;
        }
        String value = line.substring(end).strip();
        if (!value.isEmpty() && SEPARATORS.indexOf(value.charAt(0)) >= 0) {
            value = value.substring(1);
        }
        return of(name(line.substring(0, end)), Lines.clean(value));
    }

    private static @Nullable CommandLine of(String name, String value) {
        if (name.isEmpty()) {
            return null;
        }
        boolean oneWord = name.chars().noneMatch(Lines::isSpace);
        boolean bracketed = name.endsWith("]") && name.indexOf('[') > 0;
        Optional<String> known = Parameter.canonicalName(name);
        if (known.isPresent()) {
            boolean customWithDot = known.get().endsWith("]") && !bracketed;
            return customWithDot && !oneWord ? null : new CommandLine(known.get(), value, false);
        }
        String word = bracketed ? name.substring(0, name.indexOf('[')) : name;
        boolean misspelt = (oneWord || bracketed) && isWord(word) && Parameter.isMisspelt(word);
        return misspelt ? new CommandLine(name, value, true) : null;
    }

    /** The first of {@code :} and {@code =} that is not within a custom field's brackets; -1: there is none. */
    private static int separator(String line) {
        for (int i = nameEndsInBracket(line); i < line.length() && i <= LONGEST_NAME; i++) {
            if (SEPARATORS.indexOf(line.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** The place after {@code custom[...]}, if the line begins with a word and a bracket; else 0. */
    private static int nameEndsInBracket(String line) {
        int i = 0;
        while (i < line.length() && i <= LONGEST_NAME && isPartOfName(line.charAt(i))) {
            i++;
        }
        if (i == 0 || i >= line.length() || line.charAt(i) != '[') {
            return 0;
        }
        int close = line.indexOf(']', i);
        return close < 0 || close > LONGEST_NAME ? 0 : close + 1;
    }

    private static boolean isPartOfName(char c) {
        return Character.isLetter(c) || c == '_' || c == '-' || Lines.isInvisible(c);
    }

    private static boolean isWord(String word) {
        return word.chars().allMatch(c -> Character.isLetter(c) || c == '_' || c == '-');
    }

    private static String name(String written) {
        return Lines.clean(Lines.withoutInvisible(written));
    }

    private static String withoutAsterisk(String value) {
        String inner = value.startsWith("*") ? value.substring(1) : value;
        return inner.equals(value) && inner.endsWith("*") ? inner.substring(0, inner.length() - 1) : inner;
    }
}
