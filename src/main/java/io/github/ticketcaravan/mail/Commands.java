package io.github.ticketcaravan.mail;

import static io.github.ticketcaravan.update.Problem.quote;

import io.github.ticketcaravan.update.Parameter;
import io.github.ticketcaravan.update.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a mail's text, read from the top.
 *
 * <p>{@code name: value}, {@code name = value} and {@code #name value} are commands, names as in CSV headers.
 * {@code Ticket:} begins a new update and may list several tickets. Indented lines go on with the value above; but an
 * indented command is one, unless that value is free text. Up to five lines before the first command are passed over. They
 * end at {@code thanks}, {@code stop}, {@code quit}, a signature, somebody else's words ({@link Quotation}), or the
 * first line after a command that is none.
 *
 * @param blocks what is to be changed, in order
 * @param endedBy what ended the commands
 */
record Commands(List<Block> blocks, String endedBy) {

    static final String END_OF_TEXT = "the end of the text";

    private static final int MOST_GREETINGS = 5;
    private static final String TOO_MANY_GREETINGS = "the sixth line that is no command";
    private static final String TICKET = Parameter.TICKET.apiName();
    private static final String EMPTY = "\\empty";

    /** Lines shorter than this were not broken by a mail program. */
    private static final int NARROWEST = 65;

    private static final Set<String> LAST_WORDS = Set.of("thanks", "stop", "quit");
    private static final Set<String> BETWEEN_TICKETS = Set.of("and", "&", "+", "und", "et", "y");

    /**
     * One {@code Ticket:} with what follows it, or what stands before the first.
     *
     * @param tickets the references; empty where none is named
     * @param original the lines as they came
     */
    record Block(List<String> tickets, Map<String, String> parameters, List<Problem> problems, String original) {}

    /**
     * Reads them.
     *
     * @param subjectTickets what commands before the first {@code Ticket:} are for
     * @param flowed whether no line break of the text can be a mail program's own
     * @param replyToOwn whether it answers an answer of ours: then it may stand below the quotation of that
     */
    static Commands read(String text, List<String> subjectTickets, boolean flowed, boolean replyToOwn) {
        return new Reader(Lines.split(text), subjectTickets, flowed, replyToOwn).read();
    }

    private static final class Reader {

        private final List<String> lines;
        private final List<String> subjectTickets;
        private final boolean flowed;
        private final boolean replyToOwn;
        private final List<Draft> drafts = new ArrayList<>();
        private int greetings;
        private int at;

        Reader(List<String> lines, List<String> subjectTickets, boolean flowed, boolean replyToOwn) {
            this.lines = lines;
            this.subjectTickets = subjectTickets;
            this.flowed = flowed;
            this.replyToOwn = replyToOwn;
        }

        Commands read() {
            at = 0;
            boolean clearSigned = skipPgpHeader();
            String endedBy = null;
            while (endedBy == null && at < lines.size()) {
                String raw = clearSigned && lines.get(at).startsWith("- ")
                        ? lines.get(at).substring(2)
                        : lines.get(at);
                endedBy = take(raw);
                at++;
            }
            return new Commands(drafts.stream().map(Draft::block).toList(), endedBy == null ? END_OF_TEXT : endedBy);
        }

        /** What ends the commands at this line; null: they go on. */
        private @Nullable String take(String raw) {
            String line = Lines.clean(raw);
            Draft draft = drafts.isEmpty() ? null : drafts.get(drafts.size() - 1);
            if (line.isEmpty()) {
                if (draft != null) {
                    draft.endValue();
                }
                return null;
            }
            CommandLine command = CommandLine.parse(line);
            String next = nextAfter(at);
            if (draft != null
                    && draft.goesOn(raw)
                    && (command == null || draft.isAtFreeText())
                    && Quotation.markedAt(line, next) == null) {
                draft.goOn(line, raw);
                return null;
            }
            String foreign = Quotation.beginsAt(line, next, command == null);
            if (foreign != null) {
                return draft == null && replyToOwn && skipQuotation() ? null : foreign;
            }
            if (isLastWord(line)) {
                return "the line " + quote(line);
            }
            if (command != null) {
                add(command, raw);
                return null;
            }
            if (draft == null) {
                return ++greetings > MOST_GREETINGS ? TOO_MANY_GREETINGS : null;
            }
            if (!flowed) {
                draft.mayBeBroken(line);
            }
            return "the line " + quote(line) + ", which is no command";
        }

        private void add(CommandLine command, String raw) {
            boolean ticket = command.name().equals(TICKET)
                    || (command.misspelt()
                            && Parameter.nearest(command.name()).equals(List.of(TICKET))
                            && !Tickets.of(command.value()).references.isEmpty());
            if (ticket) {
                drafts.add(new Draft());
            } else if (drafts.isEmpty()) {
                Draft first = new Draft();
                first.of(subjectTickets);
                drafts.add(first);
            }
            drafts.get(drafts.size() - 1).add(command, ticket, raw);
        }

        /**
         * Goes to the last line of a quotation with {@code >} that begins here or after an attribution. Its lines may
         * have been broken on the way, so that it lasts up to an empty line. False where it is of another kind.
         */
        private boolean skipQuotation() {
            int i = at;
            int attribution = 0;
            while (i < lines.size() && !isQuoted(i)) {
                if (++attribution > 4) {
                    return false;
                }
                i++;
            }
            if (i == lines.size() || (attribution > 0 && !Quotation.isAttribution(Lines.clean(lines.get(at))))) {
                return false;
            }
            while (i + 1 < lines.size() && !Lines.clean(lines.get(i + 1)).isEmpty()) {
                i++;
            }
            at = i;
            return true;
        }

        private boolean isQuoted(int index) {
            return Quotation.isPrefixed(Lines.clean(lines.get(index)));
        }

        /** The next line that is not blank. */
        private String nextAfter(int index) {
            for (int i = index + 1; i < lines.size() && i <= index + 3; i++) {
                String next = Lines.clean(lines.get(i));
                if (!next.isEmpty()) {
                    return next;
                }
            }
            return "";
        }

        /** A text signed in the clear (RFC 9580, section 7) begins after the empty line that ends its own header. */
        private boolean skipPgpHeader() {
            int i = 0;
            while (i < lines.size() && Lines.clean(lines.get(i)).isEmpty()) {
                i++;
            }
            if (i == lines.size() || !Lines.clean(lines.get(i)).equals("-----BEGIN PGP SIGNED MESSAGE-----")) {
                return false;
            }
            while (i < lines.size() && !Lines.clean(lines.get(i)).isEmpty()) {
                i++;
            }
            at = i;
            return true;
        }

        private static boolean isLastWord(String line) {
            int end = line.length();
            while (end > 0 && ".,!".indexOf(line.charAt(end - 1)) >= 0) {
                end--;
            }
            return LAST_WORDS.contains(line.substring(0, end).strip().toLowerCase(Locale.ROOT));
        }
    }

    /** The references of a value: separated by commas, semicolons or spaces, perhaps in brackets. */
    private static final class Tickets {

        private final Set<String> references = new LinkedHashSet<>();
        private final List<String> others = new ArrayList<>();

        static Tickets of(String value) {
            var tickets = new Tickets();
            int begin = 0;
            for (int i = 0; i <= value.length(); i++) {
                if (i == value.length()
                        || value.charAt(i) == ','
                        || value.charAt(i) == ';'
                        || Lines.isSpace(value.charAt(i))) {
                    tickets.add(value.substring(begin, i));
                    begin = i + 1;
                }
            }
            return tickets;
        }

        private void add(String written) {
            String reference = Lines.clean(Lines.withoutInvisible(written))
                    .replace('\u2010', '-')
                    .replace('\u2011', '-');
            if (reference.startsWith("[") && reference.endsWith("]")) {
                reference = reference.substring(1, reference.length() - 1);
            }
            if (reference.startsWith("#")) {
                reference = reference.substring(1);
            }
            if (reference.isEmpty() || BETWEEN_TICKETS.contains(reference.toLowerCase(Locale.ROOT))) {
                return;
            }
            boolean hasDigit = reference.chars().anyMatch(Character::isDigit);
            boolean plain = reference.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-_./#".indexOf(c) >= 0);
            if (hasDigit && plain) {
                references.add(reference);
            } else {
                others.add(reference);
            }
        }
    }

    /** A block while it is being read. */
    private static final class Draft {

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
            Tickets named = Tickets.of(whole);
            tickets.addAll(named.references);
            if (!named.others.isEmpty()) {
                problems.add(new Problem(
                        TICKET,
                        quote(named.others.get(0))
                                + " is no reference: expected references such as LF-616004, separated " + "by commas"));
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

        Block block() {
            settle();
            return new Block(List.copyOf(tickets), parameters, List.copyOf(problems), original.toString());
        }
    }
}
