package io.github.ticketcaravan.mail;

import static io.github.ticketcaravan.update.Problem.quote;

import io.github.ticketcaravan.update.Parameter;
import io.github.ticketcaravan.update.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A block while it is being read. */
final class CommandDraft {

    private static final String TICKET = Parameter.TICKET.apiName();
    private static final String EMPTY = "\\empty";

    /** Lines shorter than this were not broken by a mail program. */
    private static final int NARROWEST = 65;

    private final List<String> tickets = new ArrayList<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final StringBuilder original = new StringBuilder();
    /** The command that a following indented line goes on with; null where none can. */
    private @Nullable CommandLine current;

    private StringBuilder value = new StringBuilder();
    private int indentation;
    private String lastLine = "";

    void of(List<String> subjectTickets) {
        if (subjectTickets.size() > 1) {
            problems.add(new Problem(
                    TICKET,
                    "the subject names several (" + String.join(", ", subjectTickets)
                            + "): expected one there, or a line Ticket: with those that are meant"));
        } else {
            tickets.addAll(subjectTickets);
        }
    }

    void add(CommandLine command, boolean ticket, String raw) {
        settle();
        current = ticket ? new CommandLine(TICKET, "", command.misspelt()) : command;
        value = new StringBuilder(command.value());
        indentation = Lines.indentation(raw);
        if (command.misspelt()) {
            problems.add(new Problem(
                    unquoted(quote(command.name())),
                    "is no parameter of a ticket; the nearest is "
                            + String.join(", ", Parameter.nearest(nameOf(command)))));
        }
        remember(raw);
    }

    private static String unquoted(String quoted) {
        return quoted.substring(1, quoted.length() - 1);
    }

    private static String nameOf(CommandLine command) {
        int bracket = command.name().indexOf('[');
        return bracket > 0 ? command.name().substring(0, bracket) : command.name();
    }

    boolean goesOn(String raw) {
        return current != null && Lines.indentation(raw) > indentation;
    }

    /** Whether the value being read may have a line in it that looks like a command. */
    boolean isAtFreeText() {
        return current != null
                && (isFreeText(current.name())
                        || current.name().equals(Parameter.SUBJECT.apiName())
                        || current.name().equals(Parameter.CONTACT_NAME.apiName()));
    }

    void goOn(String line, String raw) {
        boolean text = current != null
                && (current.name().startsWith("custom[")
                        || current.name().equals(Parameter.CONTACT_METHOD_DATA.apiName()));
        if (!value.isEmpty()) {
            value.append(text ? '\n' : ' ');
        }
        value.append(line);
        remember(raw);
    }

    /** A line of prose directly below a long command is perhaps the end of its value. */
    void mayBeBroken(String prose) {
        int space = prose.indexOf(' ');
        int firstWord = space < 0 ? prose.length() : space;
        if (current != null && lastLine.length() + 1 + firstWord > NARROWEST) {
            problems.add(new Problem(
                    current.name(),
                    "may go on in the line " + quote(prose)
                            + " below it, which a mail program may have broken off: "
                            + "indent that line if it belongs to the value, or leave an empty line before it"));
        }
    }

    /** What looks like a quotation stands where the value could go on. */
    void mayGoOnIn(String line) {
        if (current != null) {
            problems.add(new Problem(
                    current.name(),
                    "may go on in the line " + quote(line)
                            + " below it, which looks like the beginning of a quoted mail: "
                            + "leave an empty line before that line if it does not belong to the value"));
        }
    }

    void isNoCommand(String line) {
        problems.add(new Problem(
                "base",
                "the line " + quote(line)
                        + " looks like a command and is none: expected the name of a property first, or an empty line"
                        + " above it if it is no part of the commands"));
    }

    void hasUnread(String command, String prose) {
        problems.add(new Problem(
                "base",
                "the line " + quote(command) + " is not read, since it stands below " + quote(prose)
                        + ", which is no command: put commands together, above all else"));
    }

    void endValue() {
        settle();
    }

    private void remember(String raw) {
        lastLine = raw;
        original.append(original.isEmpty() ? "" : "\n").append(raw.strip());
    }

    /** Takes up the command that has been read whole. */
    private void settle() {
        CommandLine command = current;
        current = null;
        if (command == null) {
            return;
        }
        String whole = value.toString();
        if (command.name().equals(TICKET)) {
            settleTickets(whole);
        } else if (!command.misspelt()) {
            settleParameter(command.name(), whole);
        }
    }

    private void settleTickets(String whole) {
        TicketList named = TicketList.of(whole);
        tickets.addAll(named.references());
        if (!named.others().isEmpty()) {
            problems.add(new Problem(
                    TICKET,
                    quote(named.others().get(0)) + " is no reference: expected references such as LF-616004, separated "
                            + "by commas"));
        }
    }

    private void settleParameter(String name, String whole) {
        if (parameters.containsKey(name)) {
            problems.add(new Problem(name, "is given twice: expected one value"));
            return;
        }
        parameters.put(name, whole.equals(EMPTY) ? "" : whole);
        if (whole.isEmpty()) {
            problems.add(new Problem(name, "has no value: expected one, or \\empty to clear it"));
        } else if (whole.indexOf(CharacterSet.UNREADABLE) >= 0) {
            problems.add(new Problem(
                    name,
                    quote(whole)
                            + " has characters that cannot be read: expected a mail in UTF-8, or one that names "
                            + "its character set"));
        } else if (isFreeText(name)
                && whole.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
            problems.add(new Problem(name, quote(whole) + " has a control character in it: expected text"));
        }
    }

    /** Where {@link io.github.ticketcaravan.update.UpdateRules} take any character. */
    private static boolean isFreeText(String name) {
        return name.startsWith("custom[")
                || name.equals(Parameter.CONTACT_METHOD_DATA.apiName())
                || name.equals(Parameter.TAG_LIST.apiName())
                || name.equals(Parameter.ADDITIONAL_CONTACT_METHODS.apiName());
    }

    Commands.Block block() {
        settle();
        return new Commands.Block(List.copyOf(tickets), parameters, List.copyOf(problems), original.toString());
    }
}
