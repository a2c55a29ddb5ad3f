package io.github.ticketcaravan.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of attached files, by RFC 2231 or 2047 or neither, with which a sender tries to reach another file. */
class AttachmentNameTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            filename="a.csv"                                             | a.csv
            filename="../../etc/a.csv"                                   | a.csv
            filename="C:\\\\Windows\\\\a.csv"                            | a.csv
            filename="..."                                               | unnamed
            filename=".hidden.csv"                                       | hidden.csv
            filename*=utf-8''%2E%2E%2Fa%00b.csv                          | ab.csv
            filename*0*=utf-8''..%2Fx; filename*1*=%2Fa.c; filename*2=sv | a.csv
            filename*0="a."; filename*1="csv"                            | a.csv
            filename="=?utf-8?Q?..=2Fa=0D=0A.csv?="                      | a.csv
            filename*=no-such-charset''a%ff.csv                          | a%ff.csv
            filename="a:b*c?.csv"                                        | a_b_c_.csv
            filename="a\u202evsc.exe"                               | avsc.exe
            """)
    void isAPlainFileName(String disposition, String name) throws Exception {
        assertThat(AttachmentName.of(
                        MailFixture.message(("Content-Disposition: attachment; " + disposition + "\r\n\r\n")
                                .getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(name);
    }

    @Test
    void isNeverLong() {
        assertThat(AttachmentName.clean("a".repeat(300) + ".csv")).matches("a{191}~[0-9a-f]{8}\\.csv");
        assertThat(AttachmentName.clean("\ud83c\udfab".repeat(300) + ".csv"))
                .matches("(\ud83c\udfab){47}~[0-9a-f]{8}\\.csv");
    }

    @Test
    void isNoneWhereThePartHasNone() {
        assertThat(AttachmentName.of(MailFixture.message("Subject: x\r\n\r\n".getBytes(StandardCharsets.UTF_8))))
                .isNull();
    }
}
