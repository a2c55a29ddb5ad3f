package io.github.ticketcaravan.update;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file's name that is made of a name somebody else chose, so that any file system takes it: they count bytes, and a
 * character has up to four. What is changed ends in a mark of its own, so that no two names become the same.
 */
public final class FileName {

    /** What is put around such a name, such as a time and {@code .rejected.csv.part}, fits beside it into 255 bytes. */
    public static final int MOST_BYTES = 200;

    /** As its reader sees one, with the marks and joined signs that belong to it. */
    private static final Pattern CHARACTER = Pattern.compile("\\X");

    private static final Charset OF_PATHS = charsetOfPaths();

    private FileName() {}

    /** The name as it is where it fits, else its beginning, up to a whole character, and a mark of the whole name. */
    public static String of(String name) {
        return of(name, OF_PATHS);
    }

    static String of(String name, Charset ofPaths) {
        String taken = encodable(name, ofPaths);
        if (taken.equals(name) && bytes(name) <= MOST_BYTES) {
            return name;
        }
        String mark = "~" + mark(name);
        return beginning(taken, MOST_BYTES - mark.length()) + mark;
    }

    private static String encodable(String name, Charset charset) {
        CharsetEncoder encoder = charset.newEncoder();
        StringBuilder encodable = new StringBuilder();
        name.codePoints()
                .map(c -> encoder.canEncode(Character.toString(c)) ? c : '_')
                .forEach(encodable::appendCodePoint);
        return encodable.toString();
    }

    private static String beginning(String name, int bytes) {
        int end = 0;
        for (Matcher character = CHARACTER.matcher(name); character.find(); end = character.end()) {
            if (bytes(name.substring(0, character.end())) > bytes) {
                break;
            }
        }
        return name.substring(0, end);
    }

    private static int bytes(String name) {
        return name.getBytes(UTF_8).length;
    }

    private static String mark(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Java encodes paths as the environment's locale says, and throws for what it has not. */
    private static Charset charsetOfPaths() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        return Charset.isSupported(name) ? Charset.forName(name) : UTF_8;
    }
}
