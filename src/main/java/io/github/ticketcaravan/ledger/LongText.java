package io.github.ticketcaravan.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import org.jdbi.v3.core.Handle;

/**
 * A column of dead letters whose texts may be long, and the same in many letters.
 *
 * <p>A short text stands in the column. A long one is kept once, in the table {@code long_text}, and its hash stands in
 * the column: {@code sha256:...}. A short text that begins like that is kept as a long one is.
 */
record LongText(String column) {

    private static final int LONGEST_IN_PLACE = 4_000;
    private static final String MARK = "sha256:";

    /** What is to be written to the column for a text, which is kept elsewhere where it is long. */
    static String kept(Handle handle, String text) {
        if (text.length() <= LONGEST_IN_PLACE && !text.startsWith(MARK)) {
            return text;
        }
        String storable = StorableText.of(text);
        String hash = hash(storable);
        boolean isKnown = handle.createQuery("select 1 from long_text where hash = ?")
                .bind(0, hash)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
        if (!isKnown) {
            handle.execute(
                    "insert into long_text (hash, content) values (?, ?) on conflict do nothing", hash, storable);
        }
        return hash;
    }

    /** What a query of dead letters selects besides the column itself. */
    String selected() {
        return "(select content from long_text where hash = dead_letter." + column + ") as long_" + column;
    }

    /** The text, of a row of such a query. */
    String of(ResultSet row) throws SQLException {
        String content = row.getString("long_" + column);
        return content == null ? row.getString(column) : content;
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return MARK + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
