package io.github.ticketcaravan.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From bytes to lines: charsets, flowed text, HTML, subjects, names of files. */
class MailTextTest {

    @ParameterizedTest
    @CsvSource({
        "UTF-8, UTF-8, größer",
        "utf8, UTF-8, größer",
        "windows-1252, windows-1252, „5 €“",
        "ISO-8859-1, windows-1252, „5 €“",
        "us-ascii, UTF-8, größer",
        "windows1251, windows-1251, Привет",
        "win-1251, windows-1251, Привет",
        "cp-850, IBM850, größer",
        "iso8859-15, ISO-8859-15, 5 €",
        "ISO_8859_2, ISO-8859-2, łąka",
        "macintosh, x-MacRoman, größer",
        "x-mac-cyrillic, x-MacCyrillic, Привет",
        "utf_8, UTF-8, größer",
        "x-unknown, UTF-8, größer",
        "'not a name!', UTF-8, größer",
        ", UTF-8, größer",
        ", windows-1252, größer",
        "GB2312, GB18030, 朱镕基",
        "Shift_JIS, windows-31j, 印刷①",
        "ISO-2022-JP, ISO-2022-JP, 印刷",
        ", ISO-2022-JP, 印刷",
        "euc-kr, EUC-KR, 안녕",
        "koi8-r, KOI8-R, Привет",
        "windows-1256, windows-1256, سلام",
        "iso-8859-8-i, ISO-8859-8, שלום",
    })
    void bytesAreReadAsTheyWereMeant(String declared, String actual, String text) {
        assertThat(CharacterSet.decode(text.getBytes(Charset.forName(actual)), declared))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "us-ascii, windows-1252, größer",
        "UTF-8, windows-1252, größer",
        "iso-8859-14, windows-1252, ŷ größer",
        "x-unknown, windows-1252, größer",
        "x-unknown, windows-1252, Ã¤ größer",
        "utf-7, US-ASCII, gr+APYA3w-er",
        "hz-gb-2312, US-ASCII, ~{VlHO~}",
    })
    void whatIsNotOfTheCharsetIsNotGuessedEither(String declared, String actual, String text) {
        assertThat(CharacterSet.decode(text.getBytes(Charset.forName(actual)), declared))
                .contains("\ufffd")
                .doesNotContain("ö", "Ã", "+A", "~{");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8", "us-ascii", "GB18030", "x-unknown"})
    void aBadByteSpoilsNoOtherLine(String declared) {
        byte[] bytes = "Status: New\n\n> gr\u00f6\u00dfer\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(CharacterSet.decode(bytes, declared)).startsWith("Status: New\n\n> gr");
        byte[] accents = "Subject: größer\n\n> \u00ff\n".getBytes(StandardCharsets.UTF_8);
        accents[accents.length - 2] = (byte) 0xff;
        assertThat(CharacterSet.decode(accents, "utf-8")).startsWith("Subject: größer\n");
    }

    @ParameterizedTest
    @CsvSource({"GB18030, 打印机坏了", "windows-1251, Принтер", "EUC-JP, 印刷"})
    void whatCannotBeToldIsNotGuessed(String actual, String text) {
        String decoded = CharacterSet.decode(("a " + text + " b").getBytes(Charset.forName(actual)), null);

        assertThat(decoded).matches("a \ufffd+ b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a~b~                | false | a~b~
            a ~b~               | false | a b~
            a ~b~               | true  | ab~
            a ~b ~c~d~          | false | a b c~d~
            -- ~b~              | false | -- ~b~
            a ~-- ~b~           | false | a ~-- ~b~
             b~                 | false | b~
              b~                | false |  b~
            > a ~> b~c~         | false | > a b~c~
            > a ~b~             | false | > a ~b~
            >> a ~> b~          | false | >> a ~> b~
            a                   | false | a~
            """)
    void flowedLinesArePutTogether(String text, boolean deleteSpace, String joined) {
        assertThat(FlowedText.join(text.replace('~', '\n'), deleteSpace)).isEqualTo(joined.replace('~', '\n'));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a<br>b                                  | a~b
            <p>a</p><p>b</p>                        | a~~b~
            <div>a<div>b</div>c</div>               | a~b~c~
            a  <b> b </b> c                         | a b c
            <pre>a~  b</pre>                        | a~  b~
            <table><tr><td>a<td>b<tr><td>c</table>  | a b~c~
            <blockquote>a<br>b</blockquote>c        | > a~> b~c
            <div class='x Gmail_Quote'>a</div>c     | > a~c
            <div id=divRplyFwdMsg>a</div>           | > a~
            a<div class=gmail_signature>b</div>     | a~--~b~
            a<hr>b                                  | a~-----~b
            <style>a</style><script>b</script>c     | c
            <span hidden>a</span><i style="display : None">b</i>c | c
            &lt;a&gt; &amp; &#66;                   | <a> & B
            a<!-- b -->c                            | ac
            """)
    void htmlIsReadAsItIsSeen(String html, String text) {
        assertThat(HtmlText.of(html.replace('~', '\n')).strip())
                .isEqualTo(text.replace('~', '\n').strip());
    }

    @Test
    void htmlSaysItsCharsetItself() {
        assertThat(HtmlText.charset("<html><META charset='Koi8-R'>".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("koi8-r");
        assertThat(HtmlText.charset("<p>charset=utf-8".getBytes(StandardCharsets.US_ASCII)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Re: [LF-616004] LF-000001      | LF-616004
            [ #LF-616004 ]                 | LF-616004
            [ABC-1] x                      | ABC-1
            about LF-616004.               | LF-616004
            LF-616004, OC-820409           | LF-616004 OC-820409
            LF-616004 and LF-616004        | LF-616004
            lf-616004                      | ''
            XLF-616004 LF-6160040 A-LF-616004 | ''
            [External] hello               | ''
            """)
    void aSubjectNamesTickets(String subject, String tickets) {
        assertThat(SubjectTicket.in(subject))
                .isEqualTo(tickets.isEmpty() ? List.of() : List.of(tickets.split(" ", -1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a.csv                | a.csv
            ../../etc/a.csv      | a.csv
            C:\\temp\\a.csv      | a.csv
            ..                   | unnamed
            .a.csv               | a.csv
            a\u0000\u202eb.csv   | ab.csv
            a:b*?.csv            | a_b__.csv
            """)
    void aFileNameIsFitForAnyFolder(String written, String clean) {
        assertThat(AttachmentName.clean(written)).isEqualTo(clean);
    }

    @Test
    void aLongFileNameKeepsItsEnding() {
        assertThat(AttachmentName.clean("😀".repeat(200) + ".csv"))
                .matches(name -> name.getBytes(StandardCharsets.UTF_8).length <= 204)
                .endsWith(".csv");
    }
}
