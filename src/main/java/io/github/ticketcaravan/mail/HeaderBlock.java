package io.github.ticketcaravan.mail;

import io.github.ticketcaravan.update.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The header of a quoted mail as its reader sees it: a short block of {@code label: value} lines, told in any language by
 * the address and the date in it. Names of parameters are no such labels, but for {@code Subject}.
 */
final class HeaderBlock {

    static final int MOST_LINES = 12;
    private static final int LONGEST_LABEL = 40;
    private static final int MOST_WORDS = 5;
    private static final String SUBJECT = Parameter.SUBJECT.apiName();

    /** Above the first command, so many lines of this kind are no greeting, whatever they say. */
    private static final int HEADER_ANYWAY = 3;

    /** @param value with simple digits */
    private record Line(String label, String value, boolean misspelt) {

        boolean isSubject() {
            return label.equals(SUBJECT);
        }
    }

    private HeaderBlock() {}

    /**
     * Whether one begins at a line above all commands.
     *
     * @param lines from there, clean and without blank ones
     */
    static boolean beginsAboveCommands(List<String> lines) {
        List<Line> block = block(lines);
        if (block.isEmpty()) {
            return false;
        }
        Line first = block.get(0);
        if (isKnown(block) || block.size() >= HEADER_ANYWAY) {
            return true;
        }
        if (first.isSubject() || first.misspelt) {
            return isSubjectOfOne(block);
        }
        return Traces.hasAddress(first.value)
                || (block.size() > 1 && block.stream().anyMatch(HeaderBlock::isDated));
    }

    /** Whether one begins at a line that would be the command {@code Subject}, or has a name known from headers. */
    static boolean beginsAt(List<String> lines) {
        List<Line> block = block(lines);
        return !block.isEmpty() && (isKnown(block) || (block.get(0).isSubject() && isSubjectOfOne(block)));
    }

    /** Whether one begins here that has all that a mail's header has, so that no signature is taken for one. */
    static boolean isWholeAt(List<String> lines) {
        List<Line> block = block(lines);
        boolean timed = block.stream().anyMatch(line -> Traces.hasTime(line.value));
        boolean dated = block.stream().anyMatch(line -> Traces.hasDate(line.value));
        boolean addressed = block.stream().anyMatch(line -> Traces.hasAddress(line.value));
        boolean three = block.size() >= HEADER_ANYWAY;
        return block.size() >= 2 && (isKnown(block) || (dated && timed) || (three && dated && addressed));
    }

    /** The same below an empty line that ends commands, where a part of it is enough. */
    static boolean isLikelyAt(List<String> lines) {
        List<Line> block = block(lines);
        return isWholeAt(lines)
                || (block.size() >= HEADER_ANYWAY
                        && block.stream().anyMatch(line -> isDated(line) || Traces.hasAddress(line.value)));
    }

    private static boolean isSubjectOfOne(List<Line> block) {
        return block.size() > 1
                && !block.get(1).isSubject()
                && (isDated(block.get(1)) || Traces.hasAddress(block.get(1).value));
    }

    /** A line with the sender, or two lines of other fields, by the names that mail programs use. */
    private static boolean isKnown(List<Line> block) {
        Line first = block.get(0);
        return QuotationWords.FROM.contains(first.label)
                || (isField(first) && block.size() > 1 && isField(block.get(1)));
    }

    private static boolean isField(Line line) {
        return QuotationWords.HEADER.contains(line.label) || QuotationWords.FROM.contains(line.label);
    }

    private static boolean isDated(Line line) {
        return Traces.hasDate(line.value) || Traces.hasTime(line.value);
    }

    private static List<Line> block(List<String> lines) {
        List<Line> block = new ArrayList<>();
        for (String line : lines.subList(0, Math.min(lines.size(), MOST_LINES))) {
            Line read = read(line);
            if (read == null) {
                break;
            }
            block.add(read);
        }
        return block;
    }

    /** Null where it is no label with a value, or a command. */
    private static @Nullable Line read(String line) {
        int colon = colon(line);
        String label = colon < 1
                ? ""
                : Lines.clean(line.substring(0, colon).replace("*", "").replace("|", ""));
        if (!isLabel(label) || line.startsWith("//", colon + 1)) {
            return null;
        }
        CommandLine command = CommandLine.parse(line);
        boolean misspelt = command != null && command.misspelt();
        boolean subject = command != null && command.name().equals(SUBJECT);
        return command == null || misspelt || subject
                ? new Line(label.toLowerCase(Locale.ROOT), Traces.plain(line.substring(colon + 1)), misspelt)
                : null;
    }

    private static int colon(String line) {
        for (int i = 0; i < line.length() && i <= LONGEST_LABEL; i++) {
            if (line.charAt(i) == ':' || line.charAt(i) == '：') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isLabel(String label) {
        return label.codePoints().anyMatch(Character::isLetter)
                && label.codePoints().noneMatch(c -> Character.isDigit(c) || c == '@' || c == '<' || c == '>')
                && label.split(" ", MOST_WORDS + 1).length <= MOST_WORDS;
    }
}
