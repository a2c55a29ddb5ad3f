package io.github.ticketcaravan.cli;

import java.util.stream.Collectors;

/** What a stranger wrote, so that it does not steer the terminal: control and formatting characters as {@code \\u001b}. */
final class Printable {

    private Printable() {}

    /** On one line. */
    static String line(String text) {
        var shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    /** With its lines as they are. */
    static String lines(String text) {
        return text.lines().map(Printable::line).collect(Collectors.joining("\n"));
    }
}
