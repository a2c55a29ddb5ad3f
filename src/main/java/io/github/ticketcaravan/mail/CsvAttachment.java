package io.github.ticketcaravan.mail;

import io.github.ticketcaravan.update.FileName;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import java.io.IOException;
import java.io.InputStream;

/**
 * A CSV file that is attached to a mail. It is not read before it is asked for, and then never as a whole.
 *
 * @param fileName without folders and control characters, bounded ({@link FileName}); ends in {@code .csv}
 */
public record CsvAttachment(String fileName, Part part) {

    /**
     * The file's bytes, transfer encoding taken off; to be closed, and before the {@link MailFile} is.
     *
     * @throws IOException if the mail cannot be read any more
     */
    public InputStream open() throws IOException {
        try {
            return part.getInputStream();
        } catch (MessagingException e) {
            throw new IOException("the attachment " + fileName + " cannot be read", e);
        }
    }
}
