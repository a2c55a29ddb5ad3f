package io.github.ticketcaravan.mail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns a text's bytes into characters, whatever their charset is called, and be it wrong or missing.
 *
 * <p>The declared one counts, or UTF-8 if every byte fits that; where none is declared, what can be told from the bytes.
 * {@link #UNREADABLE} stands for each byte that is not of the charset, and for what nobody can tell: so no value with a
 * wrong guess in it is ever sent, and a bad byte below the commands does not spoil them.
 */
final class CharacterSet {

    static final char UNREADABLE = '\ufffd';

    private static final Charset WESTERN = Charset.forName("windows-1252");
    private static final Charset JAPANESE = Charset.forName("ISO-2022-JP");
    private static final int LONGEST_WESTERN_RUN = 2;

    /** What mail programs mean by a name, where it is more than the name's standard says. */
    private static final Map<String, String> MEANT = Map.ofEntries(
            Map.entry("us-ascii", "UTF-8"),
            Map.entry("ascii", "UTF-8"),
            Map.entry("ansi_x3.4-1968", "UTF-8"),
            Map.entry("iso-8859-1", "windows-1252"),
            Map.entry("latin1", "windows-1252"),
            Map.entry("macintosh", "x-MacRoman"),
            Map.entry("mac", "x-MacRoman"),
            Map.entry("x-mac-roman", "x-MacRoman"),
            Map.entry("x-mac-cyrillic", "x-MacCyrillic"),
            Map.entry("x-mac-ukrainian", "x-MacUkraine"),
            Map.entry("x-mac-ce", "x-MacCentralEurope"),
            Map.entry("x-mac-greek", "x-MacGreek"),
            Map.entry("x-mac-turkish", "x-MacTurkish"),
            Map.entry("x-sjis", "windows-31j"),
            Map.entry("x-gbk", "GB18030"),
            Map.entry("ksc5601", "x-windows-949"),
            Map.entry("unicode-1-1-utf-8", "UTF-8"),
            Map.entry("x-unicode20utf8", "UTF-8"),
            Map.entry("iso-8859-9", "windows-1254"),
            Map.entry("iso-8859-8-i", "ISO-8859-8"),
            Map.entry("gb2312", "GB18030"),
            Map.entry("gbk", "GB18030"),
            Map.entry("gb_2312-80", "GB18030"),
            Map.entry("shift_jis", "windows-31j"),
            Map.entry("ks_c_5601-1987", "x-windows-949"),
            Map.entry("euc-kr", "x-windows-949"),
            Map.entry("iso-2022-jp", "x-windows-iso2022jp"),
            Map.entry("big5", "x-windows-950"));

    /** {@code windows1251}, {@code cp-850}, {@code iso8859-15}, {@code utf_8}. */
    private static final Pattern NUMBERED =
            Pattern.compile("((?:x[-_])?(?:windows|win|cp|ibm|dos|iso[-_ ]?8859|8859|koi8|utf))[-_ :]?([0-9]{1,4})");

    private static final Map<String, String> FAMILIES = Map.ofEntries(
            Map.entry("windows", "windows-"),
            Map.entry("xwindows", "windows-"),
            Map.entry("win", "windows-"),
            Map.entry("cp", "cp"),
            Map.entry("xcp", "cp"),
            Map.entry("ibm", "cp"),
            Map.entry("dos", "cp"),
            Map.entry("iso8859", "iso-8859-"),
            Map.entry("8859", "iso-8859-"),
            Map.entry("utf", "utf-"));

    /** Of seven bits, which Java does not know, with what in them is no ASCII. */
    private static final Map<String, Pattern> SHIFTED = Map.of(
            "utf-7", Pattern.compile("\\+[A-Za-z0-9+/]+-?|[\\x80-\\xff]"),
            "unicode-1-1-utf-7", Pattern.compile("\\+[A-Za-z0-9+/]+-?|[\\x80-\\xff]"),
            "hz-gb-2312", Pattern.compile("~\\{[^~]*(?:~\\}|$)|[\\x80-\\xff]"),
            "hz", Pattern.compile("~\\{[^~]*(?:~\\}|$)|[\\x80-\\xff]"));

    private CharacterSet() {}

    static String decode(byte[] bytes, @Nullable String declared) {
        if (declared == null) {
            String told = hasJapaneseEscape(bytes) ? strictly(JAPANESE, bytes) : null;
            String unicode = told == null ? strictly(StandardCharsets.UTF_8, bytes) : told;
            return unicode == null ? western(bytes) : unicode;
        }
        String name = declared.strip().toLowerCase(Locale.ROOT);
        Pattern shifted = SHIFTED.get(name);
        if (shifted != null) {
            String ascii = new String(bytes, StandardCharsets.ISO_8859_1);
            return shifted.matcher(ascii).replaceAll(String.valueOf(UNREADABLE));
        }
        Charset charset = charset(name);
        String whole = charset == null ? null : strictly(charset, bytes);
        String unicode = whole == null ? strictly(StandardCharsets.UTF_8, bytes) : whole;
        if (unicode != null) {
            return unicode;
        }
        return charset == null ? new String(bytes, StandardCharsets.US_ASCII) : new String(bytes, charset);
    }

    private static @Nullable String strictly(Charset charset, byte[] bytes) {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException doesNotFit) {
            return null;
        }
    }

    /** By what is meant with its name, its name, or its name as it should have been written; null: nobody knows it. */
    private static @Nullable Charset charset(String name) {
        Matcher numbered = NUMBERED.matcher(name);
        String mended = numbered.matches()
                ? FAMILIES.getOrDefault(numbered.group(1).replaceAll("[^a-z0-9]", ""), "") + numbered.group(2)
                : name;
        for (String candidate : List.of(MEANT.getOrDefault(name, name), name, MEANT.getOrDefault(mended, mended))) {
            try {
                return Charset.forName(candidate);
            } catch (IllegalArgumentException unknown) {
                // The next may be known.
            }
        }
        return null;
    }

    /** ISO-2022-JP is seven-bit, and would pass for ASCII. */
    private static boolean hasJapaneseEscape(byte[] bytes) {
        for (int i = 0; i < bytes.length - 2; i++) {
            if (bytes[i] == 0x1B && bytes[i + 1] == '$' && (bytes[i + 2] == 'B' || bytes[i + 2] == '@')) {
                return true;
            }
        }
        return false;
    }

    /**
     * Single characters beyond ASCII between others are accents and quotes of a Western language; longer runs of them
     * are another script, of which the charset cannot be told.
     */
    private static String western(byte[] bytes) {
        char[] text = new String(bytes, WESTERN).toCharArray();
        int run = 0;
        for (int i = 0; i <= text.length; i++) {
            if (i < text.length && bytes[i] < 0) {
                run++;
                continue;
            }
            for (int j = i - run; run > LONGEST_WESTERN_RUN && j < i; j++) {
                text[j] = UNREADABLE;
            }
            run = 0;
        }
        return new String(text);
    }
}
