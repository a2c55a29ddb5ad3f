package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.files.OwnerOnly;
import io.github.ticketcaravan.ledger.MailPlace;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.UIDFolder;
import jakarta.mail.internet.InternetHeaders;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A mail fetched from its server into a file, no further than it is read.
 *
 * @param contentHash of what follows its headers, which change with each delivery
 */
record SpooledMail(Path file, MailPlace place, String contentHash) {

    private static final int TOP_BYTES = 64 * 1024;

    /** The server did not hand the mail out; which says nothing about the others in its folder. */
    static final class NotFetched extends MessagingException {

        private static final long serialVersionUID = 1L;

        NotFetched(Exception cause) {
            super("the server did not hand the mail out", cause);
        }
    }

    /** Thrown to end the transfer of a mail that is too large; not an error. */
    private static final class Enough extends IOException {

        private static final long serialVersionUID = 1L;
    }

    /**
     * Fetches it.
     *
     * @param account the mailbox's name
     * @param most bytes that are read of a mail; of a larger one a little more than that is fetched
     * @throws NotFetched if the server does not hand it out
     * @throws UncheckedIOException if the file cannot be written
     */
    static SpooledMail fetch(Message message, String account, long most, Path file) throws MessagingException {
        Folder folder = message.getFolder();
        if (!(folder instanceof UIDFolder uids)) {
            throw new MessagingException("the folder " + folder.getFullName() + " has no UIDs");
        }
        MailPlace place = new MailPlace(account, folder.getFullName(), uids.getUIDValidity(), uids.getUID(message));
        try (Spool spool = new Spool(new BufferedOutputStream(OwnerOnly.write(file), 64 * 1024), most + 1)) {
            write(message, spool);
            return new SpooledMail(file, place, spool.contentHash());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Message message, Spool spool) throws NotFetched {
        try {
            message.writeTo(spool);
        } catch (Enough tooLarge) {
            // Its size tells the rest.
        } catch (MessagingException | IOException e) {
            throw new NotFetched(e);
        }
    }

    /** Its From, true or not; empty where there is none near the top. */
    String from() throws MessagingException, IOException {
        try (InputStream content = Files.newInputStream(file)) {
            var top = new InternetHeaders(new ByteArrayInputStream(content.readNBytes(TOP_BYTES)), true);
            String[] from = top.getHeader("From");
            return from == null ? "" : from[0];
        }
    }

    /** Takes so many bytes, and hashes what follows the first empty line. */
    private static final class Spool extends FilterOutputStream {

        private final MessageDigest digest = sha256();
        private long left;
        private int lineBreaks;

        Spool(OutputStream out, long most) {
            super(out);
            left = most;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int taken = (int) Math.min(length, left);
            int begin = offset;
            for (; begin < offset + taken && lineBreaks < 2; begin++) {
                byte b = bytes[begin];
                lineBreaks = b == '\n' ? lineBreaks + 1 : b == '\r' ? lineBreaks : 0;
            }
            digest.update(bytes, begin, offset + taken - begin);
            try {
                out.write(bytes, offset, taken);
            } catch (IOException e) {
                // An IOException would be the server's.
                throw new UncheckedIOException(e);
            }
            left -= taken;
            if (left == 0) {
                throw new Enough();
            }
        }

        String contentHash() {
            return HexFormat.of().formatHex(digest.digest());
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }
}
