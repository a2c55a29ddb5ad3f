package io.github.ticketcaravan.mail;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(Quotation.beginsAt(Lines.clean(line), "", CommandLine.parse(line) == null))
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
        assertThat(Quotation.beginsAt(line, next, CommandLine.parse(line) == null))
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
        assertThat(Quotation.beginsAt(line, next, CommandLine.parse(line) == null))
                .isNull();
    }
}
