package io.github.ticketcaravan.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.SharedFileInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A mail in a file, as it was sent (RFC 5322). What is large in it stays there and is read piece by piece, so memory
 * does not grow with the mail. For one thread.
 */
public final class MailFile implements Closeable {

    private final SharedFileInputStream content;

    private MailFile(SharedFileInputStream content) {
        this.content = content;
    }

    /**
     * Opens it; what is in it does not matter yet.
     *
     * @throws IOException if it cannot be read
     */
    public static MailFile open(Path file) throws IOException {
        return new MailFile(new SharedFileInputStream(file.toFile()));
    }

    MimeMessage message() throws MessagingException {
        return new MimeMessage(LenientMail.session(), content);
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
