package io.github.ticketcaravan.mail;

import static io.github.ticketcaravan.mail.MailFixture.COMMANDS;
import static io.github.ticketcaravan.mail.MailFixture.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the corpus cannot show: what a decision tells beside what {@code mail check} prints. */
class MailCommandsTest {

    @TempDir
    private Path folder;

    @Test
    void aDecisionTellsWhatTheAnswerNeeds() {
        MailDecision decision =
                MailFixture.decide(HEADER.replace("Subject: Update", "Subject: =?utf-8?Q?Gr=C3=B6=C3=9Fe?=\r\n x")
                        + "In-Reply-To: <b@x>\r\nReferences: <a@x>\r\n <b@x>\r\n\r\n" + COMMANDS
                        + "Ticket: OC-820409\r\nSLA:\r\n");

        assertThat(decision.decision()).isEqualTo(Decision.EXECUTE);
        assertThat(decision.sender()).isEqualTo("alice@example.com");
        assertThat(decision.messageId()).isEqualTo("<1@example.com>");
        assertThat(decision.subject()).isEqualTo("Größe x");
        assertThat(decision.sentAt()).isEqualTo(Instant.parse("2026-11-25T14:00:00Z"));
        assertThat(decision.references()).containsExactly("<a@x>", "<b@x>");
        assertThat(decision.answering()).isEqualTo(Answering.ALWAYS);
        assertThat(decision.updates().stream().map(TicketUpdate::origin))
                .containsExactly(
                        new Origin(Source.MAIL, "<1@example.com>", 1), new Origin(Source.MAIL, "<1@example.com>", 2));
        assertThat(decision.updates().stream().map(TicketUpdate::original))
                .containsExactly("Ticket: LF-616004\nStatus: New", "Ticket: OC-820409\nSLA:");
        assertThat(decision.updates().stream().map(TicketUpdate::isValid)).containsExactly(true, false);
    }

    @Test
    void invalidUpdatesAreHandedOnWhereNothingCanBeSent() {
        MailDecision decision = MailFixture.decide(HEADER + "\r\nTicket: LF-616004\r\nStatus:\r\n");

        assertThat(decision.decision()).isEqualTo(Decision.REFUSE);
        assertThat(decision.updates()).hasSize(1);
        assertThat(decision.answering()).isEqualTo(Answering.ALWAYS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: auto-replied",
                "From: mallory@evil.example",
                "Authentication-Results: mx.example.com; dmarc=fail",
                "Date: Tue, 24 Nov 2026 14:00:00 +0000",
            })
    void nobodyIsAnsweredWhoIsNotProvenOrNoPerson(String more) {
        MailDecision decision = MailFixture.decide(more + "\r\n" + HEADER + "\r\n" + COMMANDS);

        assertThat(decision.decision()).isIn(Decision.IGNORE, Decision.QUARANTINE);
        assertThat(decision.answering()).isEqualTo(Answering.NEVER);
        assertThat(decision.updates()).isEmpty();
    }

    @Test
    void aStrangerIsNotAnswered() {
        MailDecision decision = MailFixture.decide((HEADER + "\r\n" + COMMANDS)
                .replace("=example.com", "=evil.example")
                .replace("alice@example.com", "eve@evil.example"));

        assertThat(decision.decision()).isEqualTo(Decision.REFUSE);
        assertThat(decision.sender()).isEqualTo("eve@evil.example");
        assertThat(decision.answering()).isEqualTo(Answering.NEVER);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-25T14:59:00Z, EXECUTE",
        "2026-11-18T15:00:00Z, EXECUTE",
        "2026-11-18T14:59:59Z, QUARANTINE",
    })
    void aMailThatHasLainLongIsTooOldToo(Instant received, Decision decision) throws Exception {
        MimeMessage lain =
                new MimeMessage(MailFixture.message((HEADER + "\r\n" + COMMANDS).getBytes(StandardCharsets.UTF_8))) {
                    @Override
                    public Date getReceivedDate() {
                        return Date.from(received);
                    }
                };

        assertThat(MailFixture.commands(Map.of()).decide(lain).decision()).isEqualTo(decision);
    }

    @ParameterizedTest
    @CsvSource({"3, EXECUTE", "2, REFUSE"})
    void oneMailChangesSoManyTicketsAtMost(String most, Decision decision) {
        MailDecision decided = MailFixture.commands(Map.of("caravan.mail.max-commands", most))
                .decide(MailFixture.message(
                        (HEADER + "\r\nTicket: LF-1, LF-2\r\nStatus: A\r\nTicket: LF-3\r\nStatus: B\r\n")
                                .getBytes(StandardCharsets.UTF_8)));

        assertThat(decided.decision()).isEqualTo(decision);
        assertThat(decided.updates()).hasSize(decision == Decision.EXECUTE ? 3 : 0);
    }

    @Test
    void anAttachmentIsReadWhenItIsAskedFor() throws IOException {
        Path file = folder.resolve("mail.eml");
        Files.writeString(
                file,
                HEADER + "Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nHello\r\n--B\r\n"
                        + "Content-Type: text/csv; name=\"../x.csv\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                        + "dGlja2V0LHN0YXR1cwpMRi0xLE5ldwo=\r\n--B--\r\n");
        try (MailFile mail = MailFile.open(file)) {
            MailDecision decision = MailFixture.commands(Map.of()).decide(mail);

            assertThat(decision.attachments()).singleElement().satisfies(attachment -> {
                assertThat(attachment.fileName()).isEqualTo("x.csv");
                try (InputStream content = attachment.open()) {
                    assertThat(content).hasContent("ticket,status\nLF-1,New\n");
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Auto-Submitted: auto-generated
            auto-SUBMITTED: auto-replied; x=y
            Auto-Submitted: no-really
            X-Auto-Response-Suppress: OOF
            PRECEDENCE: bulk
            Precedence: List
            Precedence: junk
            Precedence: auto_reply
            List-Id: <x>
            List-Anything:
            Return-Path: <>
            Return-Path:
            Return-Path: <MAILER-DAEMON@mx.example.com>
            Content-Type: multipart/report
            Content-Type: Multipart / Report; report-type=x
            Feedback-ID: 1
            X-Caravan:
            Sender: Caravan <CARAVAN@example.com>
            Return-Path: <caravan@example.com>
            X-Autoreply: yes
            """)
    void aProgramsMailIsIgnored(String header) {
        assertThat(MailFixture.decide(HEADER + header + "\r\n\r\n" + COMMANDS).decision())
                .isEqualTo(Decision.IGNORE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Auto-Submitted: no
            Auto-Submitted: (by hand) No; x=y
            Precedence: first-class
            Listen: to me
            Return-Path: <alice@example.com>
            X-Caravan-Route: 1
            Reply-To: caravan@example.com
            """)
    void aPersonsMailIsNot(String header) {
        assertThat(MailFixture.decide(HEADER + header + "\r\n\r\n" + COMMANDS).decision())
                .isEqualTo(Decision.EXECUTE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alice@example.com                                   | EXECUTE
            <Alice@EXAMPLE.com>                                 | EXECUTE
            "Adams, Alice" <alice@example.com>                  | EXECUTE
            Alice Q. Adams (Support) <alice@example.com>        | EXECUTE
            alice@example.com <alice@example.com>               | EXECUTE
            =?utf-8?Q?alice=40example.com?= <eve@evil.example>  | QUARANTINE
            Alice @ Work <alice@example.com>                    | QUARANTINE
            Alice <alice@example.com> <eve@evil.example>        | QUARANTINE
            <@evil.example:alice@example.com>                   | QUARANTINE
            alice@[192.0.2.1]                                   | QUARANTINE
            undisclosed-recipients:;                            | QUARANTINE
            alice                                               | QUARANTINE
            """)
    void theFromHasToNameOneAddress(String from, Decision decision) {
        assertThat(MailFixture.decide(HEADER.replace("Alice <alice@example.com>", from) + "\r\n" + COMMANDS)
                        .decision())
                .isEqualTo(decision);
    }
}
