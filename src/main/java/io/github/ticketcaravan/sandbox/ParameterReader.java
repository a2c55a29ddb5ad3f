package io.github.ticketcaravan.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a request: those of its query, then those of its body, which win. Bytes that are no
 * parameters throughout are refused, since a change that is made in part is worse than none.
 */
final class ParameterReader {

    private static final int MOST = 1024;
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data";
    private static final String NAME = "The name of a parameter";
    private static final char UNDECODABLE = '\uFFFD';

    private final Parameters parameters;
    private int count;

    /** @param parameters what is read is added to it, up to the place where something is wrong */
    ParameterReader(Parameters parameters) {
        this.parameters = parameters;
    }

    /** @param query as it stands in the address; null for none */
    void query(@Nullable String query) throws Refusal {
        if (query != null) {
            // A client that leaves its UTF-8 as it is: the server makes one character of each byte of an address.
            form(query.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** @param contentType as the client says, null if it does not; of no importance where the body is empty */
    void body(@Nullable String contentType, byte[] body) throws Refusal {
        String type =
                contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (body.length == 0) {
            return;
        }
        if (type.equals(FORM)) {
            form(body);
        } else if (type.equals(MULTIPART)) {
            multipart(String.valueOf(contentType), body);
        } else {
            throw new Refusal(415, "Send the parameters as a form (application/x-www-form-urlencoded) or as multipart");
        }
    }

    private void form(byte[] form) throws Refusal {
        int begin = 0;
        while (begin < form.length) {
            int end = indexOf(form, '&', begin, form.length);
            if (end > begin) {
                int equals = indexOf(form, '=', begin, end);
                add(decoded(form, begin, equals), decoded(form, Math.min(equals + 1, end), end));
            }
            begin = end + 1;
        }
    }

    private static int indexOf(byte[] bytes, char wanted, int from, int to) {
        int index = from;
        while (index < to && bytes[index] != wanted) {
            index++;
        }
        return index;
    }

    private static byte[] decoded(byte[] form, int from, int to) throws Refusal {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(to - from);
        for (int i = from; i < to; i++) {
            if (form[i] == '%') {
                int high = i + 2 < to ? Character.digit(form[i + 1], 16) : -1;
                int low = i + 2 < to ? Character.digit(form[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    String given = new String(form, i, Math.min(3, to - i), StandardCharsets.ISO_8859_1);
                    throw new Refusal(400, "'" + given + "' is not percent-encoding: write %25 for a percent sign");
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(form[i] == '+' ? ' ' : form[i]);
            }
        }
        return bytes.toByteArray();
    }

    private void add(byte[] nameBytes, byte[] valueBytes) throws Refusal {
        String name = utf8(nameBytes, NAME);
        if (name.isBlank()) {
            throw new Refusal(400, "A parameter has no name");
        }
        String value = utf8(valueBytes, "The parameter '" + Refusal.excerpt(name) + "'");
        if (name.indexOf(UNDECODABLE) >= 0 || value.indexOf(UNDECODABLE) >= 0) {
            throw new Refusal(
                    400,
                    "The parameter '" + Refusal.excerpt(name) + "' has the character U+FFFD: its text was misread"
                            + " before it was sent");
        }
        if (++count > MOST) {
            throw new Refusal(400, "A request may have " + MOST + " parameters");
        }
        parameters.put(name, value);
    }

    private static String utf8(byte[] bytes, String what) throws Refusal {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refusal(400, what + " is not UTF-8");
        }
    }

    private void multipart(String contentType, byte[] body) throws Refusal {
        for (MultipartBody.Part part : MultipartBody.read(contentType, body)) {
            if (part.isFile) {
                // No parameter is a file.
                parameters.ignore(utf8(part.name, NAME));
            } else {
                add(part.name, part.content);
            }
        }
    }
}
