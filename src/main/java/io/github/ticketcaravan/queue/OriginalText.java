package io.github.ticketcaravan.queue;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What came, as text that the ledger can keep: UTF-8 as it is, and anything else as {@code base64:...}. */
final class OriginalText {

    private OriginalText() {}

    /** UTF-8, with or without a byte-order mark. */
    static String decode(byte[] bytes) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    static String of(byte[] bytes) {
        return ofBeginning(bytes);
    }

    /** The same, where the last character may be cut. */
    static String ofBeginning(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, false);
        String decoded = text.flip().toString();
        return result.isError() ? base64(bytes) : of(decoded);
    }

    /** PostgreSQL's text has no NUL. */
    static String of(String text) {
        return text.indexOf('\0') < 0 ? text : base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return "base64:" + Base64.getEncoder().encodeToString(bytes);
    }
}
