package io.github.ticketcaravan.mail;

import static io.github.ticketcaravan.update.Problem.quote;

import io.github.ticketcaravan.update.Parameter;
import io.github.ticketcaravan.update.Problem;
import java.util.ArrayList;
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
    private static final int LONGEST_ATTRIBUTION = 4;
    private static final int WIDEST_GAP = 2;
    private static final String TICKET = Parameter.TICKET.apiName();

    private static final Set<String> LAST_WORDS = Set.of("thanks", "stop", "quit");

    /**
     * One {@code Ticket:} with what follows it, or what stands before the first.
     *
     * @param tickets the references; empty where none is named
     * @param original the lines as they came
     */
    record Block(List<String> tickets, Map<String, String> parameters, List<Problem> problems, String original) {}

    /** What a mail is an answer to. An answer to us may stand below the quotation of ours. */
    enum Answers {
        NOTHING,
        SOMEBODY,
        US;

        /** @param references the Message-IDs that it refers to */
        static Answers of(List<String> references, String subject) {
            if (references.stream().anyMatch(OwnMail::isMessageId)) {
                return US;
            }
            return references.isEmpty() && !Forwarded.isAnswer(subject) ? NOTHING : SOMEBODY;
        }
    }

    /**
     * Reads them.
     *
     * @param subjectTickets what commands before the first {@code Ticket:} are for
     * @param flowed whether no line break of the text can be a mail program's own
     * @param answers what the mail answers
     */
    static Commands read(String text, List<String> subjectTickets, boolean flowed, Answers answers) {
        return new Reader(Lines.split(text), subjectTickets, flowed, answers).read();
    }

    private static final class Reader {

        private final List<String> lines;
        private final List<String> subjectTickets;
        private final boolean flowed;
        private final Answers answers;
        private final List<CommandDraft> drafts = new ArrayList<>();
        private int greetings;
        private int at;

        Reader(List<String> lines, List<String> subjectTickets, boolean flowed, Answers answers) {
            this.lines = lines;
            this.subjectTickets = subjectTickets;
            this.flowed = flowed;
            this.answers = answers;
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
            return new Commands(
                    drafts.stream().map(CommandDraft::block).toList(), endedBy == null ? END_OF_TEXT : endedBy);
        }

        /** What ends the commands at this line; null: they go on. */
        private @Nullable String take(String raw) {
            String line = Lines.clean(raw);
            CommandDraft draft = drafts.isEmpty() ? null : drafts.get(drafts.size() - 1);
            if (line.isEmpty()) {
                if (draft != null) {
                    draft.endValue();
                }
                return null;
            }
            CommandLine command = CommandLine.parse(line);
            List<String> following = following();
            if (draft != null && draft.goesOn(raw) && (command == null || draft.isAtFreeText())) {
                String foreign = Quotation.withinValue(following);
                if (foreign == null) {
                    draft.goOn(line, raw);
                } else if (!Quotation.isPrefixed(line) && !foreign.equals(Quotation.SIGNATURE)) {
                    draft.mayGoOnIn(line);
                }
                return foreign;
            }
            String foreign = draft == null
                    ? Quotation.beginsAboveCommands(paragraph(), following, answers != Answers.NOTHING)
                    : Quotation.beginsAt(following, command == null);
            if (foreign != null) {
                return draft == null && answers == Answers.US && skipQuotation() ? null : foreign;
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
            boolean adjacent = at > 0 && !isBlank(at - 1);
            if (adjacent ? HeaderBlock.isWholeAt(following) : HeaderBlock.isLikelyAt(following)) {
                return Quotation.QUOTED;
            }
            boolean doubtful = doubt(draft, line, following, adjacent);
            if (!flowed && !doubtful) {
                draft.mayBeBroken(line);
            }
            return "the line " + quote(line) + ", which is no command";
        }

        /**
         * No half of what somebody wrote is carried out in silence: a line that looks like a command and is none, and
         * one that stands before further commands in the same paragraph, make the update invalid.
         */
        private boolean doubt(CommandDraft draft, String line, List<String> following, boolean adjacent) {
            boolean commandNext = following.size() > 1 && isCommand(following.get(1));
            if (CommandLine.resembles(line) && (adjacent || commandNext)) {
                draft.isNoCommand(line);
                return true;
            }
            for (int i = at + 1; adjacent && i < lines.size() && !isBlank(i); i++) {
                if (isCommand(Lines.clean(lines.get(i)))) {
                    draft.hasUnread(Lines.clean(lines.get(i)), line);
                    return true;
                }
            }
            return false;
        }

        private static boolean isCommand(String line) {
            CommandLine command = CommandLine.parse(line);
            return command != null && !command.misspelt();
        }

        private void add(CommandLine command, String raw) {
            boolean ticket = command.name().equals(TICKET)
                    || (command.misspelt()
                            && Parameter.nearest(command.name()).equals(List.of(TICKET))
                            && !TicketList.of(command.value()).references().isEmpty());
            if (ticket) {
                drafts.add(new CommandDraft());
            } else if (drafts.isEmpty()) {
                CommandDraft first = new CommandDraft();
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
            String attribution = ":";
            for (; i < lines.size() && !isQuoted(i); i++) {
                String line = Lines.clean(lines.get(i));
                boolean ended = i > at && (Attribution.endsInColon(attribution) || isBlank(i - 1));
                if (!line.isEmpty() && (ended || i - at > LONGEST_ATTRIBUTION)) {
                    return false;
                }
                attribution = line.isEmpty() ? attribution : line;
            }
            if (i == lines.size() || !Attribution.endsInColon(attribution)) {
                return false;
            }
            while (i + 1 < lines.size() && !isBlank(i + 1)) {
                i++;
            }
            at = i;
            return true;
        }

        private boolean isBlank(int index) {
            return Lines.clean(lines.get(index)).isEmpty();
        }

        private boolean isQuoted(int index) {
            return Quotation.isPrefixed(Lines.clean(lines.get(index)));
        }

        /** The lines from here on that are not blank, up to a gap or the longest header. */
        private List<String> following() {
            List<String> following = new ArrayList<>();
            int blank = 0;
            for (int i = at;
                    i < lines.size() && blank <= WIDEST_GAP && following.size() < HeaderBlock.MOST_LINES;
                    i++) {
                String line = Lines.clean(lines.get(i));
                if (!line.isEmpty()) {
                    following.add(line);
                }
                blank = line.isEmpty() ? blank + 1 : 0;
            }
            return following;
        }

        /** The lines without a blank one between them that end here. */
        private List<String> paragraph() {
            List<String> paragraph = new ArrayList<>();
            for (int i = at; i >= 0 && !isBlank(i); i--) {
                paragraph.add(0, Lines.clean(lines.get(i)));
            }
            return paragraph;
        }

        /** A text signed in the clear (RFC 9580, section 7) begins after the empty line that ends its own header. */
        private boolean skipPgpHeader() {
            int i = 0;
            while (i < lines.size() && isBlank(i)) {
                i++;
            }
            if (i == lines.size() || !Lines.clean(lines.get(i)).equals("-----BEGIN PGP SIGNED MESSAGE-----")) {
                return false;
            }
            while (i < lines.size() && !isBlank(i)) {
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
}
