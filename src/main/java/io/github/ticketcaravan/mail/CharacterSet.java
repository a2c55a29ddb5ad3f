package io.github.ticketcaravan.mail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a text's bytes into characters, whatever their charset is called, and be it wrong or missing.
 *
 * <p>The declared one counts if every byte fits it; then UTF-8 if every byte fits that; then what can be told from the
 * bytes. {@link #UNREADABLE} stands for what nobody can tell, so that no value with a wrong guess in it is ever sent.
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
            Map.entry("iso-8859-1", "windows-1252"),
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

    private CharacterSet() {}

    static String decode(byte[] bytes, @Nullable String declared) {
        for (Charset charset : candidates(bytes, declared)) {
            try {
                return charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException doesNotFit) {
                // The next may.
            }
        }
        return western(bytes);
    }

    private static List<Charset> candidates(byte[] bytes, @Nullable String declared) {
        List<Charset> candidates = new ArrayList<>();
        if (declared != null) {
            String name = declared.strip().toLowerCase(Locale.ROOT);
            add(MEANT.getOrDefault(name, name), candidates);
            add(name, candidates);
        } else if (hasJapaneseEscape(bytes)) {
            candidates.add(JAPANESE);
        }
        candidates.add(StandardCharsets.UTF_8);
        return candidates;
    }

    private static void add(String name, List<Charset> candidates) {
        try {
            candidates.add(Charset.forName(name));
        } catch (IllegalArgumentException unknown) {
            // As if none had been declared.
        }
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
