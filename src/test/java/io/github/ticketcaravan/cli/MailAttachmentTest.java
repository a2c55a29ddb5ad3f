package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailFixture.eventually;
import static io.github.ticketcaravan.cli.MailServer.mail;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.wiring.LogLines;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CSV files that are attached to a mail: when they are imported again, and what a hostile one leaves in the answer. */
class MailAttachmentTest {

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
    void aFileIsImportedOnceForEachMailThatHasIt() {
        String mail = mail("1", ADAM, "Files", attached("ticket,status\nLF-616004,New\n"));
        fixture.server.deliver(mail);
        fixture.start();
        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(1));
        assertThat(fixture.helpDesk.requests()).isEqualTo(1);

        // The same mail, delivered again.
        fixture.server.deliver("Received: again by mx.example.com; Mon, 23 Nov 2026 19:50:00 +0000\r\n" + mail);
        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(2));
        assertThat(fixture.helpDesk.requests()).isEqualTo(1);

        // The same file in another mail, that is: meant again.
        fixture.server.deliver(mail("2", ADAM, "Files", attached("ticket,status\nLF-616004,New\n")));
        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(3));
        assertThat(fixture.helpDesk.requests()).isEqualTo(2);
    }

    @Test
    void noCellOfTheReceiptsRunsAsAFormula() throws Exception {
        fixture.server.deliver(mail("1", ADAM, "Files", attached("""
                ticket,subject,team
                =cmd|'/c calc'!A1,x,
                LF-616004,"=HYPERLINK(""http://evil.example"")",+1
                LF-999999,@SUM(A1),
                """)));
        fixture.start();
        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));

        MimeMessage answer = fixture.server.received(ADAM).get(0);
        MimeMultipart mixed = (MimeMultipart) answer.getContent();
        assertThat(mixed.getCount()).isEqualTo(3);
        for (int i = 1; i < mixed.getCount(); i++) {
            BodyPart receipt = mixed.getBodyPart(i);
            String text = new String(receipt.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).as(receipt.getFileName()).contains("'=cmd").doesNotContainPattern("(?m)(^|[,\"])[=@]");
        }
    }

    @Test
    void aFileWithALongNameIsImportedAndNoAnswerNamesAFolder() throws Exception {
        String name = "\u6f22".repeat(80) + ".csv";
        String mail = mail("1", ADAM, "Files", attached("ticket,status\nLF-616004,New\nLF-1,New\n"));
        String second =
                "--b\nContent-Type: text/csv; name=\"" + name + "2.csv\"\n\nticket,statsu\nLF-616004,New\n\n--b--";
        fixture.server.deliver(mail.replace("updates.csv", name).replace("--b--", second));
        fixture.start();
        eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));

        assertThat(fixture.helpDesk.requests()).isEqualTo(2);
        MimeMultipart mixed =
                (MimeMultipart) fixture.server.received(ADAM).get(0).getContent();
        assertThat(mixed.getCount()).isEqualTo(3);
        MimeMultipart alternatives = (MimeMultipart) mixed.getBodyPart(0).getContent();
        assertThat(alternatives.getBodyPart(0).getContent().toString())
                .contains("column 'statsu'")
                .doesNotContain(folder.toString(), "Exception");
    }

    @Test
    void thatEveryFromIsBelievedIsWarnedOfAtEveryStart() {
        fixture.with("caravan.mail.authentication", "none");
        for (int i = 0; i < 2; i++) {
            try (var log = new LogLines()) {
                fixture.start();
                assertThat(log.linesWith("caravan.mail.authentication=none: every From is believed"))
                        .hasSize(1);
            }
            fixture.stop();
        }
    }

    private static String attached(String csv) {
        return """
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain

                See the file.

                --b
                Content-Type: text/csv
                Content-Disposition: attachment; filename="updates.csv"

                """ + csv + "\n--b--\n";
    }
}
