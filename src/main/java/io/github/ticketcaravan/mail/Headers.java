package io.github.ticketcaravan.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The header fields of a mail, from the top, as they came but unfolded (RFC 5322, section 2.2.3). Names are compared
 * without regard to case. Immutable.
 *
 * <p>A name with white space before its colon (RFC 5322, section 4.5) is taken for what it says, but for
 * {@code Authentication-Results}: servers that remove forged ones may overlook it.
 */
final class Headers {

    /** Far above what real mail has (some fifty fields, some twenty kilobytes). */
    static final int MOST_FIELDS = 1_000;

    static final int MOST_CHARACTERS = 500_000;

    /** One header field; the name in lower case. */
    record Field(String name, String value) {}

    private final List<Field> fields;

    private Headers(List<Field> fields) {
        this.fields = fields;
    }

    /** @throws UnreadableMailException if there are more of them than a real mail has */
    static Headers of(MimeMessage message) throws MessagingException, UnreadableMailException {
        List<Field> fields = new ArrayList<>();
        long characters = 0;
        for (Enumeration<String> all = message.getAllHeaderLines(); all.hasMoreElements(); ) {
            String line = all.nextElement();
            characters += line.length();
            if (fields.size() == MOST_FIELDS || characters > MOST_CHARACTERS) {
                throw tooLarge();
            }
            int colon = line.indexOf(':');
            String written = colon < 0 ? line : line.substring(0, colon);
            String name = written.strip().toLowerCase(Locale.ROOT);
            if (name.length() == written.length() || !name.equals("authentication-results")) {
                fields.add(new Field(
                        name, colon < 0 ? "" : unfold(line.substring(colon + 1)).strip()));
            }
        }
        return new Headers(fields);
    }

    static UnreadableMailException tooLarge() {
        return new UnreadableMailException(String.format(
                Locale.ROOT, "its header has more than %,d fields or %,d characters", MOST_FIELDS, MOST_CHARACTERS));
    }

    List<Field> fields() {
        return fields;
    }

    List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name.equals(name))
                .map(Field::value)
                .toList();
    }

    Optional<String> first(String name) {
        return fields.stream()
                .filter(field -> field.name.equals(name))
                .map(Field::value)
                .findFirst();
    }

    private static String unfold(String value) {
        return value.replace("\r", "").replace("\n", "");
    }
}
