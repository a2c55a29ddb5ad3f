package io.github.ticketcaravan.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuotationTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "On Wed, Nov 25, 2026 at 1:05 PM Caravan <caravan@example.com> wrote:",
                "caravan@example.com> wrote:",
                "Am 25.11.26 um 13:05 schrieb Caravan:",
                "Le mer. 25 nov. 2026 à 13:05, Caravan <caravan@example.com> a écrit :",
                "El mié, 25 nov 2026 a las 13:05, Caravan (<caravan@example.com>) escribió:",
                "Il giorno mer 25 nov 2026 alle ore 13:05 Caravan ha scritto:",
                "Em qua., 25 de nov. de 2026 às 13:05, Caravan escreveu:",
                "Op wo 25 nov 2026 om 13:05 schreef Caravan:",
                "Den ons 25 nov. 2026 kl 13:05 skrev Caravan:",
                "śr., 25 lis 2026 o 13:05 Caravan napisał(a):",
                "ср, 25 нояб. 2026 г. в 13:05, Caravan написал:",
                "2026年11月25日(水) 13:05 Caravan のメール:",
                "Caravan <caravan@example.com> 于2026年11月25日周三 13:05写道：",
                "2026년 11월 25일 (수) 오후 1:05, Caravan님이 작성:",
                "בתאריך יום ד׳, 25 בנוב׳ 2026 ב-13:05 מאת Caravan כתב:",
                "Begin forwarded message:",
                "Anfang der weitergeleiteten Nachricht:",
                "Début du message transféré :",
                "Inizio messaggio inoltrato:",
                "---------- Forwarded message ---------",
                "-----Ursprüngliche Nachricht-----",
                "-------- Message original --------",
                "________________________________",
                "————————————",
                "> x",
                "--",
                "From: Eve",
                "*From:* Eve",
                "Von: Eve",
                "De : Eve",
                "Da: Eve",
                "Van: Eve",
                "Från: Eve",
                "От: Eve",
                "差出人: Eve",
                "发件人：Eve",
                "寄件者: Eve",
                "보낸 사람: Eve",
                "מאת: Eve",
                "من: Eve",
            })
    void beginsSomebodyElsesWords(String line) {
        assertThat(Quotation.beginsAt(List.of(Lines.clean(line)), CommandLine.parse(line) == null))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Sent: Monday        | To: Bob
            Date: Monday        | From: Eve
            Subject: x          | Date: Monday
            Betreff: x          | Datum: Montag
            Objet : x           | Date : lundi
            件名: x              | 日付: 月曜日
            """)
    void twoFieldsOfAHeaderDoToo(String line, String next) {
        assertThat(Quotation.beginsAt(following(line, next), CommandLine.parse(line) == null))
                .isEqualTo("quoted text");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Subject: x               | Status: New
            Subject: he wrote:       | Status: New
            Date: Monday is fine     | I think
            To: whom it may concern  | Ticket: LF-616004
            - Status: New            | ''
            I wrote to him: done     | ''
            From here on it is easy  | ''
            """)
    void isTheSendersOwn(String line, String next) {
        assertThat(Quotation.beginsAt(following(line, next), CommandLine.parse(line) == null))
                .isNull();
    }

    /** Below each, {@code ~} being a line break, stand commands. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "On Wed, Nov 25, 2026 at 1:05 PM Caravan <caravan@example.com> wrote",
                "On Wed, Nov 25, 2026 at 1:05 PM The Ticket Caravan of Example Company Limited <~caravan@example.com> wrote",
                "On Wed, Nov 25, 2026 at 1:05 PM~Caravan wrote",
                "Caravan wrote",
                "Среда, 25 ноября 2026, 13:05 +03:00 от Caravan <caravan@example.com>:",
                "25.11.2026, 13:05, \"Caravan\" <caravan@example.com>:",
                "25.11.2026, 13:05, \"Caravan\"~<caravan@example.com>:",
                "Bob Smith/ACME wrote on 11/25/2026 01:05:00 PM:",
                "\"Bob\"~<bob@example.com>         To: \"Alice\" <alice@example.com>~11/25/2026 01:05 PM~   Subject: Re: Update",
                "From:\tBob Smith/ACME~To:\tAlice/ACME@ACME~Date:\t11/25/2026 01:05 PM~Subject:\tRe: Update",
                "*-------- Original Message --------*",
                "===== Original Message =====",
                "***** Bob *****",
                "─────────────────────",
                "- - - - - -",
                "~*~*~*~*~*~*~",
                "## Bitte antworten Sie oberhalb dieser Zeile ##",
                "##- Please type your reply above this line -##",
                "Please reply above this line",
                "2026年11月25日(水) 13:05 Caravan <caravan@example.com>:",
                "二〇二六年十一月二十五日，Caravan 写：",
                "\u202bבתאריך יום ד׳, 25 בנוב׳ 2026 ב-13:05 מאת \u202aCaravan\u202c\u200f <\u202acaravan@example.com\u202c\u200f>:\u202c",
                "في الأربعاء، ٢٥ نوفمبر ٢٠٢٦ في ١:٠٥ م تمت كتابة ما يلي بواسطة Caravan:",
                "На ср, 25.11.2026 г. в 13:05 Caravan <~caravan@example.com> написа:",
                "El dc., 25 de nov. 2026, Caravan va escriure:",
                "Nuo: Caravan~Išsiųsta: 2026 m. lapkričio 25 d. 13:05~Kam: Alice~Tema: Update",
                "Nuo: Caravan <caravan@example.com>~Kam: Alice",
                "De la: Caravan~~Trimis: miercuri, 25 noiembrie 2026 13:05~~Către: Alice",
                "Од: Caravan~Послато: среда",
                "X: Caravan~Y: Alice~Z: soon",
                "Subject: Update~Zz: 25 Nov 2026~Yy: Caravan",
                "Subject: Update~Zz: <caravan@example.com>",
                "Tema: Update~Zz: Caravan~Yy: 25 Nov 2026",
                "Sent date: 25 Nov 2026 13:05~Subject: Update",
                "| Nuo: | Caravan <caravan@example.com>",
                "Nuo:~Caravan~Išsiųsta:~2026-11-25 13:05",
                "Caravan (caravan@example.com) 25.11.2026",
                "Caravan<mailto:caravan@example.com> 25 Nov 2026",
                "Ticket: LF-1 <caravan@example.com> zzz 25 Nov 2026:",
            })
    void nothingBelowOneIsExecuted(String head) {
        String text =
                head.replace("~*", "\0").replace('~', '\n').replace('\0', '~') + "\n\nTicket: LF-2\nStatus: Closed\n";

        assertThat(Commands.read(text, List.of("LF-616004"), false, Commands.Answers.NOTHING)
                        .blocks())
                .allSatisfy(block -> assertThat(block.problems()).isNotEmpty());
        assertThat(Commands.read("Hello,\n\n" + text, List.of(), false, Commands.Answers.SOMEBODY)
                        .blocks())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hi Bob,",
                "Hello team: good morning",
                "Please do the following:",
                "Please do these 2 things for LF-616004:",
                "As discussed with bob@example.com on Monday,",
                "As discussed on 25.11.2026",
                "@Bob<mailto:bob@example.com> please have a look",
                "Client: Example Ltd",
                "Client: Example Ltd~Note: urgent",
                "The call at 13:05 went well.",
                "Version 1.2.3 is out",
                "## Changes",
                "**Please do this**",
                "!!!",
                "Thanks :-)",
                "Who wrote that?! No matter",
                "https://example.com/2026/11/25",
            })
    void aGreetingIsNoQuotation(String greeting) {
        String text = greeting.replace('~', '\n') + "\n\nTicket: LF-2\nStatus: Closed\n";

        assertThat(Commands.read(text, List.of(), false, Commands.Answers.NOTHING)
                        .blocks())
                .singleElement()
                .satisfies(block -> assertThat(block.tickets()).containsExactly("LF-2"));
    }

    @Test
    void aDateAloneIsEnoughInAnAnswer() {
        String text = "As discussed on 25.11.2026\nTicket: LF-2\nStatus: Closed\n";

        assertThat(Commands.read(text, List.of(), false, Commands.Answers.SOMEBODY))
                .isEqualTo(new Commands(
                        List.of(),
                        "the line 'As discussed on 25.11.2026', which looks like the beginning of a quoted mail"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"    On Wed, 25 Nov 2026, Bob wrote:", "  Nuo: Bob <bob@example.com>:", "  ====="})
    void aQuotationIndentedBelowAValueMakesTheValueDoubtful(String line) {
        Commands commands = Commands.read(
                "Ticket: LF-1\nStatus: A\n" + line + "\nTicket: LF-2\n", List.of(), false, Commands.Answers.NOTHING);

        assertThat(commands.blocks()).singleElement().satisfies(block -> {
            assertThat(block.tickets()).containsExactly("LF-1");
            assertThat(block.problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.toString()).contains("may go on in the line"));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bob <bob@example.com> zzz:~Hi~> older~~Ticket: LF-2~Status: Closed",
                "Bob <bob@example.com> zzz:~~Hi~~> older~~Ticket: LF-2~Status: Closed",
                "Nuo: Bob <bob@example.com>~~Hi~> older~~Ticket: LF-2~Status: Closed",
            })
    void anUnmarkedQuotationWithAMarkedOneInItIsNotSkipped(String text) {
        assertThat(Commands.read(text.replace('~', '\n'), List.of(), false, Commands.Answers.US)
                        .blocks())
                .isEmpty();
    }

    private static List<String> following(String line, String next) {
        return next.isEmpty() ? List.of(line) : List.of(line, next);
    }
}
