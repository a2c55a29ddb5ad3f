package io.github.ticketcaravan.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a body of {@code multipart/form-data} apart, or refuses it whole. Not Netty's decoder: that one leaves out
 * malformed parts and what it has not seen the end of, without a word.
 */
final class MultipartBody {

    /** Name and content are bytes, which nobody has decoded yet. */
    static final class Part {

        final byte[] name;
        final byte[] content;
        final boolean isFile;

        private Part(byte[] name, byte[] content, boolean isFile) {
            this.name = name;
            this.content = content;
            this.isFile = isFile;
        }
    }

    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary=(?:\"([^\"]+)\"|([^\\s;\"]+))", Pattern.CASE_INSENSITIVE);
    private static final Pattern ATTRIBUTE =
            Pattern.compile("\\s*;\\s*([\\w*-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\"\\s]*))");
    private static final Pattern END_OF_LINE = Pattern.compile("[ \\t]*\\r?\\n");
    private static final Set<String> PLAIN = Set.of("7bit", "8bit", "binary");

    /** One character a byte. */
    private final String body;

    private final Pattern delimiter;
    private final List<Part> parts = new ArrayList<>();

    private MultipartBody(String boundary, byte[] body) {
        this.body = new String(body, StandardCharsets.ISO_8859_1);
        this.delimiter = Pattern.compile(
                "(?:\\A|\\r?\\n)--" + Pattern.quote(boundary) + "(?:(--)[ \\t]*(?:\\r?\\n|\\z)|[ \\t]*(?=\\r?\\n))");
    }

    static List<Part> read(String contentType, byte[] body) throws Refusal {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            throw new Refusal(400, "The multipart body has no boundary in its Content-Type");
        }
        MultipartBody multipart =
                new MultipartBody(boundary.group(1) == null ? boundary.group(2) : boundary.group(1), body);
        multipart.read();
        return multipart.parts;
    }

    private void read() throws Refusal {
        Matcher next = delimiter.matcher(body);
        boolean found = next.find();
        while (found && next.group(1) == null) {
            int begin = next.end();
            found = next.find(begin);
            if (found) {
                part(begin, next.start());
            }
        }
        if (!found) {
            throw new Refusal(400, "The multipart body is cut off: its closing boundary is missing");
        }
    }

    /** From the end of its delimiter's line to the beginning of the next one's. */
    private void part(int from, int to) throws Refusal {
        Map<String, String> headers = new HashMap<>();
        Matcher endOfLine = END_OF_LINE.matcher(body).region(from, to);
        int line = from;
        while (endOfLine.find()) {
            String header = body.substring(line, endOfLine.start());
            if (line > from && header.isEmpty()) {
                add(headers, body.substring(endOfLine.end(), to));
                return;
            }
            int colon = header.indexOf(':');
            if (line > from && colon < 1) {
                break;
            }
            if (line > from) {
                headers.put(header.substring(0, colon).strip().toLowerCase(Locale.ROOT), header.substring(colon + 1));
            }
            line = endOfLine.end();
        }
        throw malformed("the headers of a part have no end");
    }

    private void add(Map<String, String> headers, String content) throws Refusal {
        String encoding = headers.getOrDefault("content-transfer-encoding", "binary");
        if (!PLAIN.contains(encoding.strip().toLowerCase(Locale.ROOT))) {
            throw malformed("a part is in " + Refusal.excerpt(encoding.strip()));
        }
        String disposition = headers.getOrDefault("content-disposition", "").strip();
        Map<String, String> attributes = attributes(disposition);
        String name = attributes.get("name");
        if (name == null) {
            throw malformed("a part has no name");
        }
        boolean isFile = attributes.containsKey("filename") || attributes.containsKey("filename*");
        parts.add(new Part(bytes(name), bytes(content), isFile));
    }

    private static Map<String, String> attributes(String disposition) {
        Map<String, String> attributes = new HashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(disposition);
        int from = Math.max(0, disposition.indexOf(';'));
        while (attribute.region(from, disposition.length()).lookingAt()) {
            String quoted = attribute.group(2);
            attributes.put(
                    attribute.group(1).toLowerCase(Locale.ROOT),
                    quoted == null ? attribute.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
            from = attribute.end();
        }
        return attributes;
    }

    private static Refusal malformed(String what) {
        return new Refusal(400, "The multipart body cannot be read: " + what);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
