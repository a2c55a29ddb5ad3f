package io.github.ticketcaravan.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.SharedFileInputStream;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A mail in a file, as it was sent (RFC 5322). What is large in it stays there and is read piece by piece, so memory
 * does not grow with the mail. For one thread.
 */
public final class MailFile implements Closeable {

    private final Path file;
    private final SharedFileInputStream content;

    private MailFile(Path file, SharedFileInputStream content) {
        this.file = file;
        this.content = content;
    }

    /**
     * Opens it; what is in it does not matter yet.
     *
     * @throws IOException if it cannot be read
     */
    public static MailFile open(Path file) throws IOException {
        return new MailFile(file, new SharedFileInputStream(file.toFile()));
    }

    /** @throws UnreadableMailException if its header is too large to be taken into memory */
    MimeMessage message() throws IOException, MessagingException, UnreadableMailException {
        checkHeader();
        return new MimeMessage(LenientMail.session(), content);
    }

    /**
     * The library takes the whole header into memory; here it is read up to what is too much. A CR alone ends a line for
     * the library, but not for the servers that look for forged headers, unless it ends every line.
     */
    private void checkHeader() throws IOException, UnreadableMailException {
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            int lines = 0;
            int length = 0;
            int before = 0;
            boolean bareReturn = false;
            boolean feed = false;
            for (int i = 0; i <= Headers.MOST_CHARACTERS; i++) {
                int b = bytes.read();
                boolean secondOfTwo = before == '\r' && b == '\n';
                bareReturn |= before == '\r' && !secondOfTwo;
                feed |= b == '\n';
                if (bareReturn && feed) {
                    throw new UnreadableMailException(
                            "its header has a line that ends in another way than the others, behind which some programs"
                                    + " would not see the next");
                }
                boolean emptyLine = length == 0 && lines > 0 && (b == '\r' || b == '\n') && !secondOfTwo;
                if (b < 0 || emptyLine) {
                    return;
                }
                if (b == '\r' || b == '\n') {
                    lines += secondOfTwo ? 0 : 1;
                    length = 0;
                } else {
                    length++;
                }
                before = b;
            }
        }
        throw Headers.tooLarge();
    }

    /** In bytes. */
    long size() throws IOException {
        return Files.size(file);
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
