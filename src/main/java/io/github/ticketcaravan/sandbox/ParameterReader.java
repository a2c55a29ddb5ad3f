package io.github.ticketcaravan.sandbox;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a request: those of its query, then those of its body, which win. Bytes that are no
 * parameters throughout are refused, since a change that is made in part is worse than none.
 */
final class ParameterReader {

    private static final int MOST = 1024;
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data";
    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary=(?:\"([^\"]+)\"|([^\\s;\"]+))", Pattern.CASE_INSENSITIVE);
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

    private void add(byte[] name, byte[] value) throws Refusal {
        String text = utf8(name, "The name of a parameter");
        add(text, utf8(value, "The parameter '" + Refusal.excerpt(text) + "'"));
    }

    private void add(String name, String value) throws Refusal {
        if (name.isBlank()) {
            throw new Refusal(400, "A parameter has no name");
        }
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
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            throw new Refusal(400, "The multipart body has no boundary in its Content-Type");
        }
        String closing = "--" + (boundary.group(1) == null ? boundary.group(2) : boundary.group(1)) + "--";
        String text = new String(body, StandardCharsets.ISO_8859_1);
        if (!text.startsWith(closing) && !text.contains("\n" + closing)) {
            throw new Refusal(400, "The multipart body is cut off: its closing boundary is missing");
        }
        HttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(body));
        request.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        HttpPostMultipartRequestDecoder decoder = decoder(request);
        try {
            for (InterfaceHttpData part : decoder.getBodyHttpDatas()) {
                // Files are no parameters.
                if (!(part instanceof Attribute attribute)) {
                    parameters.ignore(part.getName());
                } else {
                    String name = attribute.getName();
                    add(name, utf8(attribute.get(), "The parameter '" + Refusal.excerpt(name) + "'"));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("what is in memory can be read", e);
        } finally {
            decoder.destroy();
        }
    }

    private static HttpPostMultipartRequestDecoder decoder(HttpRequest request) throws Refusal {
        try {
            // Nothing on disk, and no limits but those above: the library's are not told apart from malformed bodies.
            return new HttpPostMultipartRequestDecoder(
                    new DefaultHttpDataFactory(false), request, StandardCharsets.UTF_8, -1, -1);
        } catch (RuntimeException e) {
            // It throws whatever it stumbles over.
            throw new Refusal(400, "The multipart body cannot be read: a part is malformed");
        }
    }
}
