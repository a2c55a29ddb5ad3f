package io.github.ticketcaravan.mail;

import static io.github.ticketcaravan.mail.MailFixture.COMMANDS;
import static io.github.ticketcaravan.mail.MailFixture.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mails that are made to do harm: each ends in a decision with a sentence, and nothing of it is executed. */
class HostileMailTest {

    private static final String MIXED = "Content-Type: multipart/mixed; boundary=B\r\n\r\n";

    @TempDir
    private Path folder;

    @Test
    void aHundredThousandHeaders() throws IOException {
        refused(
                Decision.QUARANTINE,
                "header has more than 1,000 fields",
                "X-A: 1\r\n".repeat(100_000) + HEADER + "\r\n");
    }

    @Test
    void aHeaderLineOfAMegabyte() throws IOException {
        refused(Decision.QUARANTINE, "500,000 characters", "X-A: " + "a".repeat(1_000_000) + "\r\n" + HEADER + "\r\n");
        refused(Decision.QUARANTINE, "500,000 characters", HEADER.replace("Update", "x ".repeat(500_000)) + "\r\n");
    }

    @Test
    void aFromAndResultsAndASubjectAsLongAsAHeaderMayBe() throws IOException {
        String long400 = "=?utf-8?Q?=40?= ".repeat(25_000);
        refused(Decision.QUARANTINE, "From is longer", HEADER.replace("Alice", long400) + "\r\n" + COMMANDS);
        refused(
                Decision.QUARANTINE,
                "no Authentication-Results",
                HEADER.replace("dmarc=pass", "(".repeat(400_000)) + "\r\n" + COMMANDS);
        assertThat(decide(HEADER.replace("Update", long400) + "\r\n" + COMMANDS).subject())
                .hasSizeLessThanOrEqualTo(500);
    }

    @Test
    void aThousandLevels() throws IOException {
        var mail = new StringBuilder(HEADER);
        for (int i = 0; i < 1_000; i++) {
            mail.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append('x')
                    .append("\r\n\r\n--b")
                    .append(i)
                    .append('x')
                    .append("\r\n");
        }
        refused(Decision.REFUSE, "nested more than 20 deep", mail + "\r\n" + COMMANDS);
    }

    @Test
    void aThousandMailsWithinMails() throws IOException {
        refused(
                Decision.REFUSE,
                "No command could be read",
                HEADER + "Content-Type: message/rfc822\r\n\r\n".repeat(1_000) + COMMANDS);
    }

    @Test
    void aHundredThousandParts() throws IOException {
        refused(
                Decision.REFUSE,
                "more than 1,000 parts",
                HEADER + MIXED + "--B\r\n\r\n\r\n".repeat(100_000) + COMMANDS);
    }

    @Test
    void aHundredThousandHeadersWithinAPart() throws IOException {
        refused(
                Decision.REFUSE,
                "header lines within its parts",
                HEADER + MIXED + "--B\r\n" + "X-A: 1\r\n".repeat(100_000) + "\r\n" + COMMANDS + "--B--\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "a*0=b;", "\"", "=?utf-8?Q?a?= ", ";"})
    void aHeaderLineOfAMegabyteWithinAPart(String piece) throws IOException {
        refused(
                Decision.REFUSE,
                "bytes of header within its parts",
                HEADER + MIXED + "--B\r\nContent-Disposition: attachment; " + piece.repeat(1_000_000 / piece.length())
                        + "\r\n\r\n" + COMMANDS + "--B--\r\n");
        assertThat(decide(HEADER + MIXED + "--B\r\nContent-Type: text/plain; " + piece.repeat(400_000 / piece.length())
                                + "\r\n\r\n" + COMMANDS + "--B--\r\n")
                        .reason())
                .endsWith(".");
    }

    @Test
    void anAttachmentOfAHundredMegabytesIsNotRead() throws IOException {
        Path file = folder.resolve("large.eml");
        try (BufferedWriter mail = Files.newBufferedWriter(file, StandardCharsets.ISO_8859_1)) {
            mail.write(HEADER + MIXED + "--B\r\n\r\n" + COMMANDS + "--B\r\nContent-Type: text/csv; name=a.csv\r\n\r\n");
            String block = "LF-616004,New\r\n".repeat(10_000);
            for (int i = 0; i < 700; i++) {
                mail.write(block);
            }
            mail.write("--B--\r\n");
        }
        assertThat(Files.size(file)).isGreaterThan(100_000_000);
        try (MailFile mail = MailFile.open(file)) {
            MailDecision decision = MailFixture.commands(Map.of()).decide(mail);

            assertThat(decision.decision()).isEqualTo(Decision.REFUSE);
            assertThat(decision.reason()).contains("caravan.mail.max-size is 10,000,000");
            assertThat(decision.answering()).isEqualTo(Answering.ALWAYS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"&lt;", "<b>", "<div>", "<table>", "&nbsp;", "<!--", "<a b=\"", "<p style='display:none'>"})
    void htmlWithoutEnd(String piece) throws IOException {
        MailDecision decision = decide(
                HEADER + "Content-Type: text/html\r\n\r\n" + piece.repeat(2_000_000 / piece.length()) + COMMANDS);

        assertThat(decision.decision()).isEqualTo(Decision.REFUSE);
    }

    @Test
    void entitiesOfEntities() throws IOException {
        MailDecision decision = decide(HEADER
                + "Content-Type: text/html\r\n\r\n<!DOCTYPE html [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">"
                + "<!ENTITY c \"&b;&b;&b;&b;\">]><p>&c;&c;&c;</p>");

        assertThat(decision.decision()).isEqualTo(Decision.REFUSE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "> ",
                ">",
                "a: ",
                "#",
                "[",
                "custom[",
                "LF-616004 ",
                "\u200b",
                "=?utf-8?Q?a?= ",
                "Ticket:\r\n",
                "-",
                "wrote:",
                " "
            })
    void aTextThatRepeatsItself(String piece) throws IOException {
        MailDecision decision = decide(HEADER + "Content-Type: text/plain; charset=utf-8; format=flowed\r\n\r\n"
                + piece.repeat(900_000 / piece.length()));

        assertThat(decision.decision()).isEqualTo(Decision.REFUSE);
        assertThat(decision.updates()).isEmpty();
    }

    @Test
    void aTextWhoseEndIsNotReadIsNotExecuted() throws IOException {
        refused(
                Decision.REFUSE,
                "Its text is longer than is read",
                HEADER + "\r\n" + COMMANDS + "custom[x]: " + "a".repeat(1_100_000) + "\r\n");
    }

    @Test
    void randomBytesNeverThrowAndNeverDoAnything() {
        Random random = new Random(20261125);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(600)];
            random.nextBytes(bytes);

            MailDecision decision = MailFixture.decide(bytes);

            assertThat(decision.decision()).isIn(Decision.QUARANTINE, Decision.IGNORE);
            assertThat(decision.reason()).endsWith(".");
        }
    }

    /** Pieces of mails in any order, behind a From that is proven, so that everything is reached. */
    @Test
    void scrambledMailNeverThrows() {
        String[] pieces = {
            "\r\n",
            "\r\n\r\n",
            "\n",
            "\r",
            "--B",
            "--B--",
            "--",
            ">",
            "> ",
            "Content-Type: ",
            "multipart/mixed; boundary=B",
            "multipart/alternative; boundary=\"B",
            "text/html",
            "text/plain; charset=",
            "utf-16",
            "iso-2022-jp",
            "gb18030",
            "Content-Transfer-Encoding: base64",
            "quoted-printable",
            "=3D",
            "=",
            "VGlja2V0",
            "\u0000",
            "\u00ff",
            "\u001b$B",
            "Content-Disposition: attachment; filename=\"a.csv\"",
            "; name*0*=utf-8''%",
            "=?utf-8?B?",
            "?=",
            "<",
            "<b>",
            "&#x1F600;",
            "message/rfc822",
            "format=flowed; delsp=yes",
            "\t",
            " ",
            "a",
            ":",
            "(",
            ")",
            "\"",
            "\\",
        };
        Random random = new Random(42);
        for (int i = 0; i < 1_000; i++) {
            var mail = new StringBuilder(HEADER);
            for (int j = random.nextInt(40); j > 0; j--) {
                mail.append(pieces[random.nextInt(pieces.length)]);
            }
            MailDecision decision = MailFixture.decide(mail.toString().getBytes(StandardCharsets.ISO_8859_1));

            assertThat(decision.updates().stream().filter(update -> update.isValid()))
                    .as("nothing in it is a command")
                    .isEmpty();
            assertThat(decision.reason()).endsWith(".").doesNotContain("\n");
        }
    }

    private void refused(Decision expected, String reason, String mail) throws IOException {
        MailDecision decision = decide(mail);

        assertThat(decision.decision()).isEqualTo(expected);
        assertThat(decision.reason()).contains(reason);
        assertThat(decision.updates()).isEmpty();
    }

    private MailDecision decide(String mail) throws IOException {
        Path file = Files.write(folder.resolve("mail.eml"), mail.getBytes(StandardCharsets.UTF_8));
        try (MailFile open = MailFile.open(file)) {
            return MailFixture.commands(Map.of()).decide(open);
        }
    }
}
