package io.github.ticketcaravan.mail;

import io.github.ticketcaravan.update.FileName;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The name of an attached file, made fit for a file system and for a line of a log. */
final class AttachmentName {

    private static final String CSV = ".csv";

    private AttachmentName() {}

    /** Null where the part has none. */
    static @Nullable String of(Part part) {
        String written;
        try {
            written = part.getFileName();
        } catch (MessagingException unreadable) {
            return "unnamed";
        }
        return written == null || written.isBlank() ? null : clean(FromHeader.decoded(written));
    }

    static String clean(String written) {
        String name = written.substring(Math.max(written.lastIndexOf('/'), written.lastIndexOf('\\')) + 1);
        var kept = new StringBuilder();
        name.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT)
                .map(c -> ":*?\"<>|".indexOf(c) < 0 && Character.isDefined(c) && !isSurrogate(c) ? c : '_')
                .forEach(kept::appendCodePoint);
        String clean = kept.toString().strip();
        while (clean.startsWith(".")) {
            clean = clean.substring(1);
        }
        boolean csv = clean.toLowerCase(Locale.ROOT).endsWith(CSV);
        int end = clean.length() - (csv ? CSV.length() : 0);
        clean = FileName.of(clean.substring(0, end)) + clean.substring(end);
        return clean.isEmpty() ? "unnamed" : clean;
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
