package io.github.ticketcaravan.ledger;

import io.github.ticketcaravan.update.Characters;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Text as every database of a ledger can keep it.
 *
 * <p>A NUL and half of a surrogate pair become their escapes, a backslash with u0000, say: PostgreSQL accepts
 * neither, and SQLite changes the second. In JSON an escape stands for the same character, so nothing is lost there. All
 * other text is kept as it is.
 */
final class StorableText {

    /** PostgreSQL's indexes take keys of some 2,700 bytes, and a key may have two of these. */
    private static final int LONGEST_KEY = 500;

    private static final int LONGEST_SENTENCE = 10_000;

    private StorableText() {}

    static String of(String text) {
        return Characters.escaped(text);
    }

    /** What is told of something, shortened where it is too long to be read. */
    static String sentence(String text) {
        return of(text.length() <= LONGEST_SENTENCE ? text : text.substring(0, LONGEST_SENTENCE) + "...");
    }

    /**
     * What something is looked up by. One that is too long for an index, or cannot be kept as it is, becomes its beginning
     * and a hash of the whole, so that two different keys stay different.
     */
    static String key(String key) {
        // No text has more than three bytes for each of its characters.
        if (Characters.firstThatIsNot(key) < 0
                && (key.length() <= LONGEST_KEY / 3 || key.getBytes(StandardCharsets.UTF_8).length <= LONGEST_KEY)) {
            return key;
        }
        int end = Math.min(key.length(), LONGEST_KEY / 6);
        return of(key.substring(0, end)) + "... " + hash(key);
    }

    private static String hash(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * text.length());
        bytes.asCharBuffer().put(text);
        try {
            return Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
