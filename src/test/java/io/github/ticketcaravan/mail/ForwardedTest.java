package io.github.ticketcaravan.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FW: x",
                "fwd: x",
                "Fwd : x",
                "ＦＷ：x",
                "[EXTERN] FW: x",
                "[EXT][LF-616004]FW: x",
                "(External) WG: x",
                "【外部】 转发：x",
                "***SPAM*** TR: x",
                "EXTERNAL: FW: x",
                "Re: FW: x",
                "FW[2]: x",
                "FW (3): x",
                "ΠΡΘ: x",
                "[EXTERN] ΠΡΘ: x",
                "İLT: x",
                "Pārs.: x",
                "Persiųsta: x",
                "Chuyển tiếp: x",
                "ส่งต่อ: x",
                "הועבר: x",
                "XYZ: x",
                "Zz: x",
            })
    void theSubjectTellsThatAMailIsPassedOn(String subject) throws Exception {
        assertThat(mark(subject, "See attached.")).startsWith("its subject begins with '");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Update: prices",
                "November",
                "Re: x",
                "[EXTERN] AW: x",
                "Re[2]: SV: x",
                "[LF-616004] 13:05",
                "RE: Обновление: x",
            })
    void othersDoNot(String subject) throws Exception {
        assertThat(mark(subject, "See attached.\n\n--\nAlice\nTel: +49 30 1234\nE-Mail: alice@example.com\n"))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Begin forwarded message:                                                       | the line
            ----- Forwarded by Bob/ACME on 11/25/2026 -----                                | the line
            See below.~~Nuo: Bob~Išsiųsta: 2026 m. lapkričio 25 d. 13:05~Kam: Alice        | the header
            See below.~~> Од: Bob <b@example.com>~> Послато: 25.11.2026~> Коме: Alice      | the header
            From: Bob~Sent: yesterday                                                      | the header
            """)
    void theTextTellsItToo(String text, String told) throws Exception {
        assertThat(mark("x", text.replace('~', '\n'))).startsWith("its text has " + told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/html"})
    void soDoesATextBelowTheFile(String type) {
        String mail = MailFixture.HEADER
                + "Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nHello\r\n--B\r\n"
                + "Content-Type: text/csv; name=x.csv\r\n\r\nticket,status\r\nLF-1,New\r\n--B\r\nContent-Type: " + type
                + "\r\n\r\nBegin forwarded message:\r\n--B--\r\n";

        assertThat(MailFixture.decide(mail).decision()).isEqualTo(Decision.REFUSE);
        assertThat(MailFixture.decide(mail.replace("Begin forwarded message:", "Bye"))
                        .decision())
                .isEqualTo(Decision.EXECUTE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Resent-From: bob@example.com", "Resent-Date: Wed, 25 Nov 2026 14:00:00 +0000"})
    void soDoesTheHeader(String field) throws Exception {
        Headers headers = Headers.of(MailFixture.message((field + "\r\n\r\n").getBytes(StandardCharsets.UTF_8)));

        assertThat(Forwarded.mark(headers, "x", "y")).startsWith("it has the header resent-");
    }

    private static String mark(String subject, String text) throws Exception {
        Headers none = Headers.of(MailFixture.message("From: x\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
        return Forwarded.mark(none, subject, text);
    }
}
