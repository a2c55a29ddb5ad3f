package io.github.ticketcaravan.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.mail.Transcript.AttachedFile;
import io.github.ticketcaravan.mail.Transcript.Command;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes back to who sent commands. */
class AnswerMailTest {

    private static final String ID = "<a-1@caravan.example.com>";

    private static final List<String> OUR_HEADERS = List.of(
            "Date",
            "From",
            "To",
            "Message-ID",
            "In-Reply-To",
            "References",
            "Subject",
            "MIME-Version",
            "Content-Type",
            "Auto-Submitted",
            "X-Auto-Response-Suppress",
            "X-Caravan");

    private static final Command APPLIED = new Command(
            update("LF-616004", Map.of("status", "Waiting for Staff"), List.of()),
            "applied",
            200,
            "",
            Map.of(),
            Map.of());

    @TempDir
    private Path folder;

    @Test
    void itTellsEachCommandAsItWasReadAndWhatBecameOfIt() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("priority", "Hihg");
        parameters.put("custom[a]", "");
        Map<String, List<String>> errors = new LinkedHashMap<>();
        errors.put("priority_id", List.of("can't be blank", "is unknown"));
        errors.put("base", List.of("no"));
        Transcript transcript = new Transcript(
                List.of(
                        APPLIED,
                        new Command(
                                update("LF-2", parameters, List.of()),
                                "rejected",
                                422,
                                "all at once",
                                errors,
                                Map.of("priority", List.of("High", "Low"))),
                        new Command(
                                update(
                                        "LF-3",
                                        Map.of(),
                                        List.of(new Problem("statsu", "is no parameter; the nearest is status"))),
                                "invalid",
                                null,
                                "statsu: is no parameter; the nearest is status",
                                Map.of(),
                                Map.of()),
                        new Command(
                                update("LF-4", Map.of("status", "New"), List.of()),
                                "failed",
                                503,
                                "after 6 attempts: HTTP 503",
                                Map.of(),
                                Map.of())),
                List.of(new AttachedFile("a.csv", 3, 1, null), new AttachedFile("b.csv", 0, 0, "b.csv is empty")),
                List.of("Something is odd."),
                "the signature",
                false);

        assertThat(transcript.counts()).isEqualTo("4 applied, 4 refused");
        assertThat(transcript.hasErrors()).isTrue();
        assertThat(transcript.text()).isEqualTo("""
                        4 applied, 4 refused.

                        Something is odd.

                            ticket: LF-616004
                            status: Waiting for Staff
                          -> applied

                            ticket: LF-2
                            priority: Hihg
                            custom[a]: \\empty
                          -> refused by the help desk (HTTP 422):
                          ->   priority_id: can't be blank
                          ->   priority_id: is unknown
                          ->   no
                          ->   valid for priority, the nearest first: High, Low

                            As it came to LF-3
                          -> not sent, since it is invalid: statsu: is no parameter; the nearest is status

                            ticket: LF-4
                            status: New
                          -> failed after 6 attempts: HTTP 503

                        a.csv: 3 applied, 1 refused

                        b.csv: b.csv is empty

                        Commands were read up to the signature.

                        To mend what was refused, reply to this mail with the corrected lines at the top, the ticket first.
                        """);
    }

    @Test
    void aMailWithoutACommandGetsHelp() {
        Transcript transcript = new Transcript(List.of(), List.of(), List.of("No command was found."), "", true);

        assertThat(transcript.counts()).isEqualTo("nothing done");
        assertThat(transcript.hasErrors()).isTrue();
        assertThat(transcript.text()).startsWith("Nothing done.\n\nNo command was found.\n\nHow to change a ticket");
        assertThat(transcript.html()).contains("Ticket: LF-616004\n");
    }

    @Test
    void whatOthersWroteIsEscapedInHtml() {
        Command command = new Command(
                update("<b>", Map.of("subject", "<script>alert('x')</script> & \"q\""), List.of()),
                "rejected",
                422,
                "",
                Map.of("<i>", List.of("<img src=x>")),
                Map.of());
        String html = new Transcript(
                        List.of(command),
                        List.of(new AttachedFile("<a>.csv", 0, 0, "<u>")),
                        List.of("<s>"),
                        "<b>",
                        false)
                .html();

        assertThat(html)
                .contains("subject: &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;")
                .contains(
                        "&lt;i&gt;: &lt;img src=x&gt;",
                        "&lt;a&gt;.csv: &lt;u&gt;",
                        "<p>&lt;s&gt;</p>",
                        "ticket: &lt;b&gt;")
                .doesNotContain("<script", "<img", "<i>", "<a>", "<u>", "<s>");
    }

    @Test
    void itIsMadeOfNothingButWhatWeSet() throws Exception {
        MimeMessage answer = answer("<1@example.com>", "Change LF-616004", "<-1@example.com>", "<0@example.com>");
        assertThat(answer.getAllRecipients()).extracting(Object::toString).containsExactly("adam@example.com");
        assertThat(answer.getFrom()).extracting(Object::toString).containsExactly("caravan@example.com");
        assertThat(answer.getMessageID()).isEqualTo(ID);
        assertThat(answer.getSubject()).isEqualTo("Re: Change LF-616004 (1 applied)");
        assertThat(answer.getSentDate()).isEqualTo(Instant.parse("2026-11-23T12:00:00Z"));
        assertThat(Collections.list(answer.getAllHeaders()).stream().map(header -> header.getName()))
                .containsExactlyInAnyOrderElementsOf(OUR_HEADERS);
        assertThat(answer.getHeader("Auto-Submitted", null)).isEqualTo("auto-replied");
        assertThat(answer.getHeader("In-Reply-To", null)).isEqualTo("<1@example.com>");
        assertThat(answer.getHeader("References", null).replaceAll("\\s+", " "))
                .isEqualTo("<-1@example.com> <0@example.com> <1@example.com>");
        MimeMultipart content = (MimeMultipart) answer.getContent();
        assertThat(content.getContentType()).startsWith("multipart/alternative");
        assertThat(content.getBodyPart(0).getContentType()).startsWith("text/plain; charset=UTF-8");
        assertThat(content.getBodyPart(1).getContentType()).startsWith("text/html; charset=UTF-8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Change                                    | Re: Change (1 applied)
            Re: Change (2 applied, 1 refused)         | Re: Change (1 applied)
            RE: Change                                | RE: Change (1 applied)
            Änderung 🎫                                | Re: Änderung 🎫 (1 applied)
            a%Bcc: victim@x.example                   | Re: aBcc: victim@x.example (1 applied)
            a\u202Eb                                  | Re: ab (1 applied)
            ''                                        | Re: (1 applied)
            """)
    void theSubjectIsOneLineOfPlainText(String subject, String answered) throws Exception {
        MimeMessage answer = answer("<1@example.com>", subject.replace("%", "\r\n"));

        assertThat(answer.getSubject()).isEqualTo(answered);
        assertThat(answer.getHeader("Bcc")).isNull();
    }

    @Test
    void aHugeHeadIsNotCarriedOn() throws Exception {
        MimeMessage answer = answer(
                "<1@example.com>",
                "x".repeat(1_000_000),
                IntStream.range(0, 20_000)
                        .mapToObj(i -> "<r" + i + "@example.com>")
                        .toArray(String[]::new));

        assertThat(answer.getSubject()).hasSizeLessThan(230);
        assertThat(answer.getHeader("References", null)).hasSizeLessThan(2_000).endsWith("<1@example.com>");
    }

    @Test
    void whatIsNoMessageIdIsNotCarriedOn() throws Exception {
        for (String id :
                new String[] {null, "nonsense", "<a b@example.com>", "<a@example.com>\r\nBcc: <v@example.net>"}) {
            MimeMessage answer = answer(id, "x", "<0@example.com>");

            assertThat(answer.getHeader("In-Reply-To")).isNull();
            assertThat(answer.getHeader("References")).isNull();
            assertThat(answer.getHeader("Bcc")).isNull();
        }
        assertThat(answer("<1@example.com>", "x", "y", "<" + "z".repeat(1_000) + ">", "<2@example.com>")
                        .getHeader("References", null)
                        .replaceAll("\\s+", " "))
                .isEqualTo("<2@example.com> <1@example.com>");
    }

    /** Whatever the mail that is answered says: of the corpus, which has many that try to steer the answer. */
    @Test
    void everyAnswerGoesToTheProvenSenderAloneUnderOurOwnHeaders() throws Exception {
        Senders anybody = new Senders(Map.of(
                "*@example.com", new Senders.Rights(null, Map.of(), null, Answering.ALWAYS),
                "*@partner.example", new Senders.Rights(null, Map.of(), null, Answering.ALWAYS)));
        MailCommands commands = MailFixture.commands(Map.of(), anybody);
        int answered = 0;
        try (Stream<Path> mails =
                Files.list(Path.of(System.getProperty("caravan.project", "."), "src", "test", "resources", "mail"))) {
            for (Path file :
                    mails.filter(path -> path.toString().endsWith(".eml")).toList()) {
                MailDecision decision;
                try (MailFile mail = MailFile.open(file)) {
                    decision = commands.decide(mail);
                }
                if (decision.answering() == Answering.NEVER || decision.sender() == null) {
                    continue;
                }
                answered++;
                Transcript transcript = new Transcript(List.of(), List.of(), List.of(decision.reason()), "", true);
                MimeMessage answer = parse(new AnswerMail(
                                "caravan@example.com",
                                decision.sender(),
                                ID,
                                Instant.parse("2026-11-23T12:00:00Z"),
                                transcript,
                                List.of())
                        .to(decision));
                assertThat(answer.getAllRecipients())
                        .as(file.toString())
                        .extracting(Object::toString)
                        .containsExactly(decision.sender());
                assertThat(decision.sender()).matches("[a-z]+@(partner\\.)?example(\\.com)?");
                assertThat(Collections.list(answer.getAllHeaders()).stream().map(header -> header.getName()))
                        .as(file.toString())
                        .isSubsetOf(OUR_HEADERS)
                        .doesNotHaveDuplicates();
            }
        }
        assertThat(answered).isGreaterThan(80);
    }

    @Test
    void filesAreAttached() throws Exception {
        Path receipt = Files.writeString(folder.resolve("größe.results.csv"), "row,ticket\n2,LF-616004\n");
        MimeMessage answer = parse(answer(List.of(receipt)).to(decision("<1@example.com>", "x")));

        MimeMultipart content = (MimeMultipart) answer.getContent();
        assertThat(content.getContentType()).startsWith("multipart/mixed");
        assertThat(content.getCount()).isEqualTo(2);
        assertThat(((MimeMultipart) content.getBodyPart(0).getContent()).getCount())
                .isEqualTo(2);
        assertThat(content.getBodyPart(1).getDisposition()).isEqualTo("attachment");
        assertThat(new String(content.getBodyPart(1).getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("row,ticket\n2,LF-616004\n");
    }

    @Test
    void newMessageIdsAreOursAndNeverTheSame() {
        assertThat(AnswerMail.newMessageId("caravan@example.com"))
                .matches("<caravan-answer\\.[0-9a-f-]{36}@example\\.com>")
                .isNotEqualTo(AnswerMail.newMessageId("caravan@example.com"));
    }

    private static MimeMessage answer(String messageId, String subject, String... references) throws Exception {
        return parse(answer(List.of()).to(decision(messageId, subject, references)));
    }

    private static MailDecision decision(String messageId, String subject, String... references) {
        return new MailDecision(
                Decision.EXECUTE,
                "",
                "adam@example.com",
                messageId,
                subject,
                null,
                List.of(references),
                List.of(),
                List.of(),
                Answering.ALWAYS,
                "");
    }

    private static AnswerMail answer(List<Path> attachments) {
        return new AnswerMail(
                "caravan@example.com",
                "adam@example.com",
                ID,
                Instant.parse("2026-11-23T12:00:00Z"),
                new Transcript(List.of(APPLIED), List.of(), List.of(), "", false),
                attachments);
    }

    private static MimeMessage parse(byte[] mail) throws Exception {
        return new MimeMessage(LenientMail.session(), new ByteArrayInputStream(mail));
    }

    private static TicketUpdate update(String ticket, Map<String, String> parameters, List<Problem> problems) {
        return new TicketUpdate(
                new Origin(Source.MAIL, "<1@example.com>", 1),
                ticket,
                parameters,
                "As it came to " + ticket + "\r\n",
                problems,
                List.of(),
                null);
    }
}
