package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailFixture.eventually;
import static io.github.ticketcaravan.cli.MailServer.mail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.ledger.MailPlace;
import io.github.ticketcaravan.ledger.Mails;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mails from arrival to answer, over real IMAP and SMTP. */
class MailRunTest {

    private static final String ADAM = "adam@example.com";

    @TempDir
    private Path folder;

    private MailFixture fixture;

    @BeforeEach
    void prepare() {
        fixture = new MailFixture(folder);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void commandsAreCarriedOutAnsweredAndTheMailIsMoved() throws Exception {
        fixture.server.deliver(mail("1", ADAM, "Please", """
                Ticket: LF-616004
                Status: Waiting for Staff
                Priority: High

                Ticket: LF-999999
                Status: New

                Ticket: OC-820409
                Statsu: New

                Ticket: OC-820409
                Status: Waiting for Stuff
                """));
        fixture.start();

        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
        eventually(() -> assertThat(fixture.server.in("Done")).containsExactly("<1@example.com>"));
        eventually(() -> assertThat(fixture.server.count("INBOX")).isZero());
        assertThat(fixture.helpDesk.requests())
                .as("one for each that could be sent, one for the names")
                .isEqualTo(4);
        MimeMessage answer = fixture.server.received(ADAM).get(0);
        assertThat(answer.getSubject()).isEqualTo("Re: Please (1 applied, 3 refused)");
        assertThat(answer.getHeader("In-Reply-To", null)).isEqualTo("<1@example.com>");
        assertThat(answer.getHeader("Auto-Submitted", null)).isEqualTo("auto-replied");
        assertThat(answer.getHeader("X-Caravan")).hasSize(1);
        assertThat(answer.getAllRecipients()).extracting(Object::toString).containsExactly(ADAM);
        assertThat(answer.getFrom()).extracting(Object::toString).containsExactly(MailServer.ADDRESS);
        assertThat(text(answer))
                .contains("ticket: LF-616004\n    status: Waiting for Staff\n    priority: High\n  -> applied\n")
                .contains("ticket: LF-999999\n    status: New\n  -> refused by the help desk (HTTP 404):")
                .contains("  ->   valid for status, the nearest first: Waiting for Staff, ")
                .contains("Statsu: New\n  -> not sent, since it is invalid: ");
        assertThat(html(answer)).contains("status: Waiting for Staff");
    }

    @Test
    void deadLettersTellSenderMessageIdAndCommand() throws Exception {
        fixture.server.deliver(mail("1", ADAM, "x", "Ticket: LF-999999\nStatus: New\n"));
        fixture.start();
        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(1));

        JsonNode letters = new ObjectMapper()
                .readTree(fixture.run("dead", "list", "--source", "mail", "--json")
                        .out());
        assertThat(letters).hasSize(1);
        assertThat(letters.get(0).get("sender").asText()).isEqualTo(ADAM);
        assertThat(letters.get(0).get("name").asText()).isEqualTo("<1@example.com>");
        assertThat(letters.get(0).get("original").asText()).contains("Ticket: LF-999999", "Status: New");
        assertThat(fixture.run("dead", "list", "--source", "mail").out())
                .contains("<1@example.com>:1", ADAM, "Status: New", "1 dead letter");
        assertThat(fixture.run("dead", "show", letters.get(0).get("id").asText())
                        .out())
                .contains("mail <1@example.com>", "sender      " + ADAM, "Status: New");
    }

    @Test
    void whoIsNotProvenIsNeitherObeyedNorAnswered() throws Exception {
        fixture.server.deliver(
                mail("1", ADAM, "x", "Ticket: LF-616004\nStatus: New\n").replace("dmarc=pass", "dmarc=fail"));
        fixture.server.deliver(mail("2", "eve@elsewhere.example", "x", "Ticket: LF-616004\nStatus: New\n"));
        fixture.start();

        eventually(() -> assertThat(fixture.server.count("INBOX")).isZero());
        assertThat(fixture.server.in("Quarantine")).contains("<1@example.com>");
        assertThat(fixture.server.in("Done")).isEmpty();
        fixture.server.deliver(mail("3", ADAM, "x", "Ticket: LF-616004\nStatus: New\n"));
        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
        assertThat(fixture.server.received(ADAM).get(0).getHeader("In-Reply-To", null))
                .isEqualTo("<3@example.com>");
        assertThat(fixture.helpDesk.requests()).isEqualTo(1);
    }

    @Test
    void whatAProgramWroteIsNeitherObeyedNorAnswered() {
        List<String> heads = List.of(
                "Auto-Submitted: auto-replied\n",
                "Precedence: bulk\n",
                "List-Id: <x.example.com>\n",
                "Return-Path: <>\n",
                "X-Caravan: answer\n",
                "X-Auto-Response-Suppress: All\n");
        for (String head : heads) {
            fixture.server.deliver(
                    mail(Integer.toString(heads.indexOf(head)), ADAM, "x", "Ticket: LF-616004\nStatus: New\n", head));
        }
        fixture.start();

        eventually(() -> assertThat(fixture.server.in("Ignored")).hasSize(heads.size()));
        fixture.server.deliver(mail("last", ADAM, "x", "Ticket: LF-616004\nStatus: New\n"));
        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
        assertThat(fixture.helpDesk.requests()).isEqualTo(1);
    }

    @Test
    void aMailWithoutACommandIsAnsweredWithHelp() throws Exception {
        fixture.server.deliver(mail("1", ADAM, "Hello", "How are you?\n"));
        fixture.start();

        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
        eventually(() -> assertThat(fixture.server.in("Refused")).containsExactly("<1@example.com>"));
        assertThat(fixture.server.received(ADAM).get(0).getSubject()).isEqualTo("Re: Hello (nothing done)");
        assertThat(text(fixture.server.received(ADAM).get(0))).contains("How to change a ticket by mail");
        assertThat(fixture.helpDesk.requests()).isZero();
    }

    @Test
    void mailsThatSomebodyHasSeenAreReadToo() throws Exception {
        fixture.server.markSeen(fixture.server.deliver(mail("1", ADAM, "x", "Ticket: LF-616004\nStatus: New\n")));
        fixture.start();

        eventually(() -> assertThat(fixture.server.in("Done")).containsExactly("<1@example.com>"));
    }

    @Test
    void aSecondDeliveryIsNotCarriedOutAgainButMovedAndAnsweredByTheSameAnswer() {
        String mail = mail("1", ADAM, "x", "Ticket: LF-616004\nStatus: New\n\nTicket: LF-999999\nStatus: New\n");
        fixture.server.deliver(mail);
        fixture.start();
        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));

        fixture.server.deliver("Received: again by mx.example.com; Mon, 23 Nov 2026 19:50:00 +0000\r\n" + mail);

        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(2));
        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(2));
        assertThat(fixture.helpDesk.requests()).as("two, and one for the names").isEqualTo(3);
        assertThat(fixture.server.received(ADAM).stream()
                        .map(MailServer::messageId)
                        .distinct())
                .hasSize(1);
        assertThat(fixture.server.received(ADAM))
                .allSatisfy(answer ->
                        assertThat(text(answer)).contains("-> applied", "-> refused by the help desk (HTTP 404):"));
    }

    /** As after a kill between the answer and the move. */
    @Test
    void aMailThatIsFinishedButNotMovedIsOnlyMoved() {
        long uid = fixture.server.deliver(mail("1", ADAM, "x", "Ticket: LF-616004\nStatus: New\n"));
        MailPlace place = new MailPlace("caravan@127.0.0.1", "INBOX", fixture.server.uidValidity(), uid);
        try (Ledger ledger =
                Ledger.open("jdbc:sqlite:" + fixture.data().resolve("sandbox/ledger.db"), Clock.systemUTC())) {
            Mails mails = ledger.mails();
            mails.finish(mails.enter(place, "<1@example.com>", "hash", ADAM, "execute", "", List.of()), 0);
        }
        fixture.server.deliver(mail("2", ADAM, "x", "Ticket: LF-616004\nStatus: Resolved\n"));
        fixture.start();

        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
        eventually(() -> assertThat(fixture.server.in("Done")).containsExactly("<1@example.com>", "<2@example.com>"));
        assertThat(fixture.helpDesk.requests()).isEqualTo(1);
    }

    @Test
    void theSameMessageIdWithOtherContentIsAnotherMail() {
        fixture.server.deliver(mail("1", ADAM, "x", "Ticket: LF-616004\nStatus: New\n"));
        fixture.server.deliver(mail("1", ADAM, "x", "Ticket: LF-616004\nStatus: Resolved\n"));
        fixture.start();

        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(2));
        assertThat(fixture.helpDesk.requests()).isEqualTo(2);
    }

    /** 503 is an outage, 403 a halt: the mail stays where it is until the help desk takes it. */
    @ParameterizedTest
    @CsvSource({"503", "403"})
    void aMailStaysUntilTheHelpDeskTakesIt(String status) {
        fixture.helpDesk.fail(status + ":100%");
        fixture.server.deliver(mail("1", ADAM, "x", "Ticket: LF-616004\nStatus: New\n"));
        fixture.start();
        eventually(() -> assertThat(fixture.helpDesk.requests()).isPositive());
        assertThat(fixture.server.in("INBOX")).containsExactly("<1@example.com>");

        // Stopped meanwhile, it stays too.
        fixture.stop();
        assertThat(fixture.server.in("INBOX")).containsExactly("<1@example.com>");
        assertThat(fixture.server.received(ADAM)).isEmpty();

        fixture.helpDesk.recover();
        fixture.start();
        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
        eventually(() -> assertThat(fixture.server.in("Done")).containsExactly("<1@example.com>"));
    }

    @Test
    void aMailThatWasInterruptedGoesOnWhereItWas() throws Exception {
        fixture.with("caravan.delivery.concurrency", "1");
        StringBuilder commands = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            commands.append("Ticket: LF-616004\nSubject: change ").append(i).append('\n');
        }
        fixture.with("caravan.delivery.rate", "40");
        fixture.server.deliver(mail("1", ADAM, "x", commands.toString()));
        fixture.start();
        eventually(() -> assertThat(fixture.helpDesk.requests()).isGreaterThan(4));
        fixture.stop();
        long before = fixture.helpDesk.requests();
        assertThat(before).isLessThan(40);
        assertThat(fixture.server.in("INBOX")).hasSize(1);

        fixture.with("caravan.delivery.rate", "0").start();

        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
        assertThat(fixture.helpDesk.requests()).isEqualTo(40);
        assertThat(fixture.server.received(ADAM).get(0).getSubject()).endsWith("(40 applied)");
    }

    /** It was young enough when it came; that the help desk was away is not its sender's fault. */
    @Test
    void aMailThatWasInterruptedGoesOnThoughItIsTooOldMeanwhile() throws Exception {
        String twoHoursAgo = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).minusHours(2));
        fixture.helpDesk.fail("503:100%");
        fixture.server.deliver(mail("1", ADAM, "x", "Ticket: LF-616004\nStatus: New\n")
                .replaceFirst("\r\nDate: [^\r]*", "\r\nDate: " + twoHoursAgo));
        // Its attempts would be used up before it is interrupted.
        fixture.with("caravan.delivery.retry.max-delay", "1m")
                .with("caravan.delivery.retry.delay", "1m")
                .start();
        eventually(() -> assertThat(fixture.helpDesk.requests()).isPositive());
        fixture.stop();
        assertThat(fixture.server.in("INBOX")).hasSize(1);
        fixture.helpDesk.recover();
        fixture.helpDesk.forget();

        // Another, which nobody has begun, is too old.
        fixture.server.deliver(mail("2", ADAM, "x", "Ticket: LF-616004\nStatus: Resolved\n")
                .replaceFirst("\r\nDate: [^\r]*", "\r\nDate: " + twoHoursAgo));
        fixture.with("caravan.mail.max-age", "1h").start();

        eventually(() -> assertThat(fixture.server.count("INBOX")).isZero());
        assertThat(fixture.server.in("Done")).containsExactly("<1@example.com>");
        assertThat(fixture.server.in("Quarantine")).containsExactly("<2@example.com>");
        assertThat(fixture.helpDesk.requests()).isEqualTo(1);
        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
    }

    @Test
    void theFirstRequestOfANewMailLeavesWithinThePollIntervalAndASecond() {
        fixture.with("caravan.mail.poll", "1s").start();
        fixture.server.deliver(mail("1", ADAM, "x", "Ticket: LF-616004\nStatus: New\n"));
        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(1));

        fixture.server.deliver(mail("2", ADAM, "x", "Ticket: LF-616004\nStatus: Resolved\n"));
        await().dontCatchUncaughtExceptions()
                .atMost(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> fixture.helpDesk.requests() == 2);
    }

    @Test
    void aReplyWithCorrectedLinesSupersedesTheDeadLettersOfThoseTickets() throws Exception {
        fixture.server.deliver(
                mail("1", ADAM, "x", "Ticket: LF-616004\nStatus: Nonsense\n\nTicket: OC-820409\nStatus: Nonsense\n"));
        fixture.start();
        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
        String answer = MailServer.messageId(fixture.server.received(ADAM).get(0));
        String reply = "In-Reply-To: " + answer + "\nReferences: <1@example.com> " + answer + "\n";

        // Somebody else's reply changes the ticket, but is no business of Adam's dead letters.
        fixture.server.deliver(mail("2", "eve@example.com", "Re: x", "Ticket: OC-820409\nStatus: New\n", reply));
        fixture.server.deliver(
                mail("3", ADAM, "Re: x", "Ticket: LF-616004\nStatus: New\n> Ticket: OC-820409\n", reply));
        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(3));

        assertThat(fixture.run("dead", "list", "--source", "mail").out())
                .contains("OC-820409", "1 dead letter")
                .doesNotContain("LF-616004");
        assertThat(fixture.run("dead", "show", "1").out()
                        + fixture.run("dead", "show", "2").out())
                .contains("superseded", "changed     by " + ADAM);

        // A reply to the answer to the reply belongs to the thread too.
        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(2));
        String second = MailServer.messageId(fixture.server.received(ADAM).get(1));
        fixture.server.deliver(
                mail("4", ADAM, "Re: x", "Ticket: OC-820409\nStatus: Resolved\n", "In-Reply-To: " + second + "\n"));
        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(4));
        assertThat(fixture.run("dead", "list", "--source", "mail").out()).contains("0 dead letters");
    }

    @Test
    void attachedCsvFilesAreImportedUnderTheSendersRightsAndAnsweredWithTheirReceipts() throws Exception {
        fixture.server.deliver(mail("1", "few@example.com", "Files", """
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain

                See the files.

                --b
                Content-Type: text/csv; name="updates.csv"
                Content-Disposition: attachment; filename="updates.csv"

                ticket,status,priority
                LF-616004,New,
                LF-616004,,High
                LF-999999,New,

                --b
                Content-Type: text/csv
                Content-Disposition: attachment; filename="bad.csv"

                ticket,nonsense
                LF-616004,x
                --b--
                """));
        fixture.start();

        eventually(() -> assertThat(fixture.server.received("few@example.com")).hasSize(1));
        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(1));
        assertThat(fixture.helpDesk.requests()).isEqualTo(2);
        MimeMessage answer = fixture.server.received("few@example.com").get(0);
        assertThat(answer.getSubject()).isEqualTo("Re: Files (1 applied, 2 refused)");
        MimeMultipart mixed = (MimeMultipart) answer.getContent();
        List<String> names = new ArrayList<>();
        for (int i = 1; i < mixed.getCount(); i++) {
            names.add(mixed.getBodyPart(i).getFileName());
        }
        assertThat(names).containsExactly("updates.results.csv", "updates.rejected.csv");
        assertThat(new String(mixed.getBodyPart(1).getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("2,LF-616004,applied", "3,LF-616004,invalid", "4,LF-999999,rejected");
        assertThat(text(answer))
                .contains("updates.csv: 1 applied, 2 refused")
                .contains("bad.csv, line 1: column 'nonsense'")
                .doesNotContain(folder.toString());
        assertThat(fixture.data().resolve("mail")).isEmptyDirectory();
    }

    @Test
    void headersOfAStrangerSteerNothing() throws Exception {
        String head = String.join(
                "",
                List.of(
                        "CamelMailMoveTo: Stolen\n",
                        "CamelMailCopyTo: Stolen\n",
                        "CamelMailDelete: true\n",
                        "CamelHttpUri: http://127.0.0.1:9/\n",
                        "CamelHttpPath: /elsewhere\n",
                        "CamelHttpMethod: GET\n",
                        "CamelHttpQuery: a=b\n",
                        "CamelBeanMethodName: failed\n",
                        "X-Auth-Token: stolen\n",
                        "mail.smtp.host: 127.0.0.2\n",
                        "Bcc: eve@example.com\n",
                        "Cc: eve@example.com\n",
                        "Reply-To: eve@example.com\n",
                        "Sender: eve@example.com\n",
                        "${header.x}: y\n"));
        fixture.helpDesk.forget();
        fixture.server.deliver(mail("1", ADAM, "${bean:ledger}", "Ticket: LF-616004\nSubject: ${body}\n", head));
        fixture.start();

        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
        eventually(() -> assertThat(fixture.server.in("Done")).containsExactly("<1@example.com>"));
        assertThat(fixture.server.in("Stolen")).isEmpty();
        assertThat(fixture.server.received("eve@example.com")).isEmpty();
        JsonNode request = fixture.helpDesk.log().get(0);
        assertThat(request.toString())
                .contains("POST", "/api/v2/tickets/update", "${body}")
                .doesNotContain("stolen", "elsewhere", "CamelHttp", "Reply-To", "eve@example.com");
        assertThat(MailServer.source(fixture.server.received(ADAM).get(0)))
                .doesNotContain("eve@example.com", "Camel", "stolen", "Stolen");
    }

    /** Each ends in Refused or Quarantine, and the mail after them is carried out. */
    @Test
    void hostileMailsHoldUpNothing() {
        String command = "Ticket: LF-616004\nSubject: hostile\n";
        List<String> hostile = List.of(
                mail("nested", ADAM, "x", nested(1_000) + "\n" + command),
                mail("date", ADAM, "x", command).replaceAll("\r\nDate: [^\r]*", ""),
                mail("", ADAM, "x", command),
                mail("headers", ADAM, "x", command, "X-Header: 1\n".repeat(100_000)),
                mail("long", ADAM, "x", command, "X-Header: " + "x".repeat(1_000_000) + "\n"),
                mail("two", ADAM, "x", command, "From: eve@example.com\n"),
                mail(
                        "entities",
                        ADAM,
                        "x",
                        "MIME-Version: 1.0\nContent-Type: text/html\n\n<!DOCTYPE x [<!ENTITY a"
                                + " \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><html>&b;</html>"),
                mail("transfer", ADAM, "x", """
                        MIME-Version: 1.0
                        Content-Type: text/plain; charset=nonsense
                        Content-Transfer-Encoding: nonsense

                        \0\1
                        """),
                "nonsense",
                "\r\n");
        hostile.forEach(fixture.server::deliver);
        fixture.server.deliver(mail("good", "dave@example.com", "x", "Ticket: LF-616004\nSubject: good\n"));
        fixture.start();

        eventually(() -> assertThat(fixture.server.received("dave@example.com")).hasSize(1));
        eventually(() -> assertThat(fixture.server.count("INBOX")).isZero());
        assertThat(fixture.server.count("Done") + fixture.server.count("Refused") + fixture.server.count("Quarantine"))
                .isEqualTo(hostile.size() + 1);
        // Many or long headers are odd, but the commands below them are whole.
        assertThat(fixture.server.in("Done"))
                .contains("<good@example.com>")
                .isSubsetOf("<good@example.com>", "<headers@example.com>", "<long@example.com>");
        assertThat(fixture.helpDesk.requests()).isEqualTo(fixture.server.count("Done"));
    }

    private static String nested(int levels) {
        StringBuilder nested = new StringBuilder("MIME-Version: 1.0\n");
        for (int i = 0; i < levels; i++) {
            nested.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        return nested.append("Content-Type: text/plain\n").toString();
    }

    @Test
    void answersComeAlwaysOnErrorsOrNever() {
        for (String who : List.of("errors", "never")) {
            fixture.server.deliver(mail(who + "1", who + "@example.com", "good", "Ticket: LF-616004\nStatus: New\n"));
            fixture.server.deliver(mail(who + "2", who + "@example.com", "bad", "Ticket: LF-999999\nStatus: New\n"));
        }
        fixture.server.deliver(mail("last", ADAM, "x", "Ticket: LF-616004\nStatus: New\n"));
        fixture.start();

        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(5));
        assertThat(fixture.server.received("never@example.com")).isEmpty();
        assertThat(fixture.server.received("errors@example.com"))
                .extracting(MimeMessage::getSubject)
                .containsExactly("Re: bad (1 refused)");
    }

    @Test
    void anAddressGetsSoManyAnswersADayAndNoMore() {
        fixture.with("caravan.mail.answers-per-day", "2");
        for (int i = 1; i <= 4; i++) {
            fixture.server.deliver(mail("" + i, ADAM, "" + i, "Ticket: LF-616004\nSubject: " + i + "\n"));
        }
        fixture.server.deliver(mail("last", "dave@example.com", "x", "Ticket: LF-616004\nStatus: New\n"));
        fixture.start();

        eventually(() -> assertThat(fixture.server.received("dave@example.com")).hasSize(1));
        assertThat(fixture.server.received(ADAM))
                .extracting(MimeMessage::getSubject)
                .containsExactly("Re: 1 (1 applied)", "Re: 2 (1 applied)");
        assertThat(fixture.helpDesk.requests())
                .as("all of them are carried out")
                .isEqualTo(5);
    }

    @Test
    void anAnswerThatCannotBeSentIsSentLaterUnderTheSameMessageId() {
        int smtp = fixture.server.smtpPort();
        fixture.with("caravan.mail.smtp.port", 9);
        fixture.server.deliver(mail("1", ADAM, "x", "Ticket: LF-616004\nStatus: New\n"));
        fixture.start();
        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(1));
        assertThat(fixture.server.received(ADAM)).isEmpty();
        List<String> waiting = new ArrayList<>();
        eventually(() -> {
            waiting.clear();
            waiting.add(fixture.caravan().ledger().mails().answerId(1).orElseThrow());
        });
        fixture.stop();

        fixture.with("caravan.mail.smtp.port", smtp).start();

        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
        assertThat(fixture.server.received(ADAM).stream()
                        .map(MailServer::messageId)
                        .toList())
                .isEqualTo(waiting);
        assertThat(fixture.helpDesk.requests()).isEqualTo(1);
    }

    static String text(MimeMessage answer) throws MessagingException, IOException {
        return part(answer, 0).replace("\r\n", "\n");
    }

    private static String html(MimeMessage answer) throws MessagingException, IOException {
        return part(answer, 1);
    }

    private static String part(MimeMessage answer, int number) throws MessagingException, IOException {
        MimeMultipart parts = (MimeMultipart) answer.getContent();
        if (parts.getContentType().startsWith("multipart/mixed")) {
            parts = (MimeMultipart) parts.getBodyPart(0).getContent();
        }
        BodyPart part = parts.getBodyPart(number);
        return part.getContent().toString();
    }
}
