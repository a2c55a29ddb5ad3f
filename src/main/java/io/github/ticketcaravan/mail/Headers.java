package io.github.ticketcaravan.mail;

import io.github.ticketcaravan.update.Problem;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The header fields of a mail, from the top, as they came but unfolded (RFC 5322, section 2.2.3). Names are compared
 * without regard to case. Immutable.
 *
 * <p>Servers that remove forged {@code Authentication-Results} may overlook some that are read here. So a mail is
 * unreadable in whose header stands a line that is no field, where a server may see its end; and such fields do not count
 * with white space before their colon (RFC 5322, section 4.5), or below a line of nothing but white space.
 */
final class Headers {

    static {
        LenientMail.prepare();
    }

    /** Far above what real mail has (some fifty fields, some twenty kilobytes). */
    static final int MOST_FIELDS = 1_000;

    static final int MOST_CHARACTERS = 500_000;

    private static final Pattern WHITE_LINE = Pattern.compile("[\\r\\n][ \\t]+(?:[\\r\\n]|$)");

    /** One header field; the name in lower case. */
    record Field(String name, String value) {}

    private final List<Field> fields;

    private Headers(List<Field> fields) {
        this.fields = fields;
    }

    /** @throws UnreadableMailException if there are more of them than a real mail has, or a line is none */
    static Headers of(MimeMessage message) throws MessagingException, UnreadableMailException {
        List<Field> fields = new ArrayList<>();
        long characters = 0;
        boolean ended = false;
        for (Enumeration<String> all = message.getAllHeaderLines(); all.hasMoreElements(); ) {
            String line = all.nextElement();
            characters += line.length();
            if (fields.size() == MOST_FIELDS || characters > MOST_CHARACTERS) {
                throw tooLarge();
            }
            int colon = line.indexOf(':');
            String written = colon < 0 ? line : line.substring(0, colon);
            String name = written.strip().toLowerCase(Locale.ROOT);
            boolean mailboxLine = fields.isEmpty() && line.startsWith("From ");
            if (!mailboxLine && (colon < 0 || !isName(written.stripTrailing()))) {
                throw new UnreadableMailException("its header has the line " + Problem.quote(firstLine(line))
                        + ", which is no field, so that some programs would see the header's end there");
            }
            boolean overlooked = ended || name.length() < written.length();
            if (!mailboxLine && !(overlooked && name.equals("authentication-results"))) {
                fields.add(new Field(name, unfold(line.substring(colon + 1)).strip()));
            }
            ended |= WHITE_LINE.matcher(line).find();
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

    /** Of printable ASCII without spaces (RFC 5322, section 3.6.8). */
    private static boolean isName(String written) {
        return !written.isEmpty() && written.chars().allMatch(c -> c > ' ' && c < 127);
    }

    private static String firstLine(String line) {
        return line.lines().findFirst().orElse("");
    }

    private static String unfold(String value) {
        return value.replace("\r", "").replace("\n", "");
    }
}
