package io.github.ticketcaravan.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.update.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Status: New                 | status                | New
            status=New                  | status                | New
            STATUS = New                | status                | New
            Status：New                  | status                | New
            Status ＝ New                | status                | New
            #status New                 | status                | New
            #status: New                | status                | New
            #Reply-due-at tomorrow      | reply_due_at          | tomorrow
            ＃status New                 | status                | New
            Reply due at: tomorrow      | reply_due_at          | tomorrow
            - Status: New               | status                | New
            *Status:* New               | status                | New
            *Status: *New               | status                | New
            *Status: New*               | status                | New
            Subject: a: b = c           | subject               | a: b = c
            Subject = a: b              | subject               | a: b
            custom[a:b=c]: d            | custom[a:b=c]         | d
            Custom [x]: d               | custom[x]             | d
            custom[Room No] = d         | custom[Room No]       | d
            #custom[Room No] d          | custom[Room No]       | d
            cf.room: d                  | custom[room]          | d
            custom.room: d              | custom[room]          | d
            Ticket: LF-616004           | ticket                | LF-616004
            User: \\empty               | user                  | \\empty
            """)
    void isACommand(String line, String name, String value) {
        assertThat(CommandLine.parse(line)).isEqualTo(new CommandLine(name, value, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Status",
                "Status New",
                "Hello: how are you",
                "Please note: it is urgent",
                "The status: unknown",
                "https://example.com/?status=New",
                "10:30 is fine",
                "A: yes",
                "# status New",
                "#1 is the best",
                "#",
                ": New",
                "= New",
                "custom. Note: this is prose",
                "I wrote to custom[x]: no answer",
                "Sales: they do not know",
            })
    void isProse(String line) {
        assertThat(CommandLine.parse(line)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "Statsu: New, Statsu",
        "statuss=New, statuss",
        "Prioritie: New, Prioritie",
        "#statu New, statu",
        "custm[x]: New, custm[x]",
        "Tikcet: LF-616004, Tikcet",
        "taglst: a, taglst",
    })
    void oneWordWithinTwoLettersOfAParameterIsMisspelt(String line, String name) {
        CommandLine command = CommandLine.parse(line);

        assertThat(command).isNotNull();
        assertThat(command.misspelt()).isTrue();
        assertThat(command.name()).isEqualTo(name);
    }

    @Test
    void aTicketBeginsAnUpdateAndMayListSeveral() {
        Commands commands = read("Status: A\nTicket: LF-1, LF-2;LF-3 and [LF-4] #LF-5\nStatus: B\nTicket: LF-6\n");

        assertThat(commands.blocks().stream().map(Commands.Block::tickets))
                .containsExactly(
                        List.of("LF-616004"), List.of("LF-1", "LF-2", "LF-3", "LF-4", "LF-5"), List.of("LF-6"));
        assertThat(commands.blocks().stream().map(Commands.Block::parameters))
                .containsExactly(Map.of("status", "A"), Map.of("status", "B"), Map.of());
        assertThat(commands.blocks().get(1).original())
                .isEqualTo("Ticket: LF-1, LF-2;LF-3 and [LF-4] #LF-5\nStatus: B");
        assertThat(commands.endedBy()).isEqualTo("the end of the text");
    }

    @Test
    void aTicketNamedTwiceInOneLineIsChangedOnce() {
        assertThat(read("Ticket: LF-1, LF-1\n").blocks().get(0).tickets()).containsExactly("LF-1");
    }

    @Test
    void indentedLinesGoOnWithTheValue() {
        Commands.Block block = only("""
                Status: Waiting
                  for
                \tStaff
                custom[x]: one
                  two
                   Status: three
                Tag list: a
                 b

                  Priority: High
                """);

        assertThat(block.parameters())
                .isEqualTo(Map.of(
                        "status", "Waiting for Staff",
                        "custom[x]", "one\ntwo\nStatus: three",
                        "tag_list", "a b",
                        "priority", "High"));
        assertThat(block.problems()).isEmpty();
    }

    @Test
    void anIndentedCommandIsOneUnlessItStandsBelowFreeText() {
        assertThat(only("Ticket: LF-1\n  Status: A\n   Priority: B\n\u00a0\u00a0\u00a0\u00a0SLA: C\n")
                        .parameters())
                .isEqualTo(Map.of("status", "A", "priority", "B", "sla", "C"));
    }

    @Test
    void aValueMayStandWhollyBelowItsName() {
        assertThat(only("custom[x]:\n  one\n  two\n").parameters()).isEqualTo(Map.of("custom[x]", "one\ntwo"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Thanks                        | the line 'Thanks'
            thanks!                       | the line 'thanks!'
            STOP                          | the line 'STOP'
            quit.                         | the line 'quit.'
            --                            | a signature
            > quoted                      | quoted text
            ＞ quoted                      | quoted text
            ________________________      | the line '________________________'
            -----Original Message-----    | a forwarded message
            From: Bob                     | quoted text
            On Monday Bob wrote:          | quoted text
            Begin forwarded message:      | a forwarded message
            Kind regards                  | the line 'Kind regards', which is no command
            thanks a lot                  | the line 'thanks a lot', which is no command
            """)
    void commandsEnd(String line, String endedBy) {
        Commands commands = read("Status: A\n\n" + line + "\nPriority: High\n");

        assertThat(commands.endedBy()).isEqualTo(endedBy);
        assertThat(commands.blocks())
                .singleElement()
                .satisfies(block -> assertThat(block.parameters()).isEqualTo(Map.of("status", "A")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"thanks", "stop", "quit", "--", "> quoted", "-----Original Message-----", "From: Bob"})
    void whatEndsCommandsEndsThemBeforeTheFirstToo(String line) {
        assertThat(read(line + "\nStatus: A\n").blocks()).isEmpty();
    }

    @Test
    void upToFiveLinesBeforeTheFirstCommandArePassedOver() {
        String five = "Hello,\n\nplease note: this\nis\nvery\n\nurgent\n";

        assertThat(read(five + "Status: A\n").blocks()).hasSize(1);
        assertThat(read(five + "indeed\nStatus: A\n"))
                .isEqualTo(new Commands(List.of(), "the sixth line that is no command"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Status:                    | status: has no value: expected one, or \\empty to clear it
            Status: A~status = B       | status: is given twice: expected one value
            Statsu: A                  | Statsu: is no parameter of a ticket; the nearest is status
            custm[x]: A                | custm[x]: is no parameter of a ticket; the nearest is custom[fieldname]
            Ticket: LF-1 soon          | ticket: 'soon' is no reference: expected references such as LF-616004, separated by commas
            Subject: a\ufffdb          | subject: 'a\ufffdb' has characters that cannot be read: expected a mail in UTF-8, or one that names its character set
            custom[x]: a\u0007b        | custom[x]: 'a\\u0007b' has a control character in it: expected text
            """)
    void aProblemIsNamed(String lines, String problem) {
        Commands.Block block = only(lines.replace('~', '\n'));

        assertThat(Problem.sentence(block.problems())).isEqualTo(problem);
    }

    @Test
    void aBackslashEmptyClears() {
        Commands.Block block = only("User: \\empty\n");

        assertThat(block.parameters()).isEqualTo(Map.of("user", ""));
        assertThat(block.problems()).isEmpty();
    }

    @Test
    void severalTicketsInTheSubjectAreNotGuessedFrom() {
        Commands.Block block = Commands.read("Status: A\n", List.of("LF-1", "LF-2"), false, Commands.Answers.NOTHING)
                .blocks()
                .get(0);

        assertThat(block.tickets()).isEmpty();
        assertThat(block.problems()).hasSize(1);
    }

    @Test
    void proseDirectlyBelowALongValueMayBeTheRestOfIt() {
        String value = "custom[x]: " + "word ".repeat(11) + "words";

        assertThat(only(value + "\nand more\n").problems()).hasSize(1);
        assertThat(only(value + "\n\nand more\n").problems()).isEmpty();
        assertThat(only("custom[x]: short\nand more\n").problems()).isEmpty();
        assertThat(Commands.read(value + "\nand more\n", List.of("LF-1"), true, Commands.Answers.NOTHING)
                        .blocks()
                        .get(0)
                        .problems())
                .as("where the mail says which line breaks its writer made")
                .isEmpty();
    }

    @Test
    void aReplyToOurAnswerMayStandBelowItsQuotation() {
        String below = "On 11/25/26 13:05, Caravan wrote:\n> Ticket: LF-1\n> Status: A\n>\n\nTicket: LF-2\nStatus: B\n";

        assertThat(Commands.read(below, List.of(), true, Commands.Answers.US).blocks())
                .singleElement()
                .satisfies(block -> assertThat(block.tickets()).containsExactly("LF-2"));
        assertThat(Commands.read(below, List.of(), true, Commands.Answers.NOTHING))
                .isEqualTo(new Commands(List.of(), "quoted text"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "> quoted\nTicket: LF-2\nStatus: B\n",
                "From: Caravan\nSubject: x\n\nTicket: LF-2\nStatus: B\n",
                "-----Original Message-----\nTicket: LF-2\nStatus: B\n",
                "On Monday Caravan wrote:\nTicket: LF-2\nStatus: B\n",
            })
    void butNothingOfTheQuotationIsExecuted(String text) {
        assertThat(Commands.read(text, List.of(), false, Commands.Answers.US).blocks())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u200b", "\ufeff", "\u00a0", "\u202a", "\u200f", "\u2003", "\u3000", "\u2066", "\u00ad"})
    void whatNobodySeesAroundACommandDoesNotMatter(String unseen) {
        Commands.Block block = only(unseen + "Sta" + (Character.isSpaceChar(unseen.charAt(0)) ? "" : unseen) + "tus"
                + unseen + ":" + unseen + "Waiting for Staff" + unseen + "\n");

        assertThat(block.parameters()).isEqualTo(Map.of("status", "Waiting for Staff"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r", "\u2028", "\u0085"})
    void linesEndInManyWays(String end) {
        assertThat(only("Status: A" + end + "Priority: B" + end).parameters())
                .isEqualTo(Map.of("status", "A", "priority", "B"));
    }

    @Test
    void aTextSignedInTheClearIsReadWithoutItsFrame() {
        String text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nStatus: A\n- -----\nPriority: B\n";

        assertThat(read(text).blocks())
                .singleElement()
                .satisfies(block -> assertThat(block.parameters()).isEqualTo(Map.of("status", "A")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Status: A~Note: he is angry~Priority: High",
                "Status: A~Note: he is angry",
                "Status: A~~Note: he is angry~~Priority: High",
                "Status: A~note = he is angry",
                "Status: A~#assignee bob",
                "Status: A~*Note:* he is angry",
                "Status: A~he is angry~Priority: High",
                "Status: A~Kind regards~Alice~Team: Support",
                "Status: A~Note: bob@example.com",
                "Status: A~~Contact: bob@example.com~Priority: High",
            })
    void aLineThatLooksLikeACommandOrHidesOneMakesTheUpdateInvalid(String text) {
        Commands commands = read("Ticket: LF-1\nStatus: B\n\nTicket: LF-2\n" + text.replace('~', '\n') + "\n");

        assertThat(commands.blocks()).hasSize(2);
        assertThat(commands.blocks().get(0).problems()).isEmpty();
        assertThat(commands.blocks().get(1).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.field()).isEqualTo("base"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Status: A~~Kind regards~Alice~Team: Support~Department: 3",
                "Status: A~~Alice~~Team: Support",
                "Status: A~~Phone: 1234",
                "Status: A~~Note: he is angry",
                "Status: A~kind regards",
                "Status: A~thanks~Priority: High",
                "Status: A~~Nuo: Bob~Subject: x~Kam: Alice~Kada: 25.11.2026",
                "Status: A~https://example.com",
                "Status: A~as I said yesterday in the meeting: he is angry",
            })
    void aSignatureOrAQuotationDoesNot(String text) {
        assertThat(read(text.replace('~', '\n') + "\n").blocks())
                .singleElement()
                .satisfies(block -> {
                    assertThat(block.parameters()).isEqualTo(Map.of("status", "A"));
                    assertThat(block.problems()).isEmpty();
                });
    }

    private static Commands read(String text) {
        return Commands.read(text, List.of("LF-616004"), false, Commands.Answers.NOTHING);
    }

    private static Commands.Block only(String text) {
        return read(text).blocks().get(0);
    }
}
