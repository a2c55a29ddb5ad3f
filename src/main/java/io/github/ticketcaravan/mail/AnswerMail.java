package io.github.ticketcaravan.mail;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The mail that answers one with commands.
 *
 * <p>It is made of nothing but what is set here: from the mail it answers it takes the subject and the Message-IDs of
 * the thread, and of those only what has the form of one; never an address, nor any other header. It is marked as
 * automatic (RFC 3834) and as ours, so that no program answers it and we do not read it.
 *
 * @param from our own address
 * @param to the sender, and nobody else
 * @param messageId its Message-ID, in angle brackets
 * @param attachments files to attach, such as the receipts of an attached CSV file
 */
public record AnswerMail(
        String from, String to, String messageId, Instant date, Transcript transcript, List<Path> attachments) {

    static {
        LenientMail.prepare();
    }

    private static final int LONGEST_SUBJECT = 200;
    private static final int MOST_REFERENCES = 20;

    /** RFC 5322's msg-id without white space, at most as long as a line may be. */
    private static final Pattern MESSAGE_ID = Pattern.compile("<[\\x21-\\x3b\\x3d\\x3f-\\x7e]{3,900}>");

    private static final Pattern COUNTS =
            Pattern.compile("( \\((\\d{1,9} \\w{1,9}(, )?){1,2}\\)| \\(nothing done\\))$");

    public AnswerMail {
        attachments = List.copyOf(attachments);
    }

    /** A Message-ID that no other answer has, in the domain of our own address. */
    public static String newMessageId(String from) {
        return OwnMail.messageId(UUID.randomUUID().toString(), from.substring(from.lastIndexOf('@') + 1));
    }

    /** The whole mail, as it goes over the wire. */
    public byte[] to(MailDecision answered) throws MessagingException, IOException {
        MimeMessage mail = new OwnMessage();
        mail.setFrom(new InternetAddress(from, true));
        mail.setRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
        mail.setSubject(subject(answered), "UTF-8");
        mail.setSentDate(Date.from(date));
        mail.setHeader("Auto-Submitted", "auto-replied");
        mail.setHeader("X-Auto-Response-Suppress", "All");
        mail.setHeader(OwnMail.HEADER, "answer");
        thread(mail, answered);
        mail.setContent(content());
        mail.saveChanges();
        mail.setHeader("Message-ID", messageId);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        mail.writeTo(bytes);
        return bytes.toByteArray();
    }

    private MimeMultipart content() throws MessagingException, IOException {
        MimeBodyPart text = new MimeBodyPart();
        text.setText(transcript.text(), "UTF-8");
        MimeBodyPart html = new MimeBodyPart();
        html.setText(transcript.html(), "UTF-8", "html");
        MimeMultipart alternatives = new MimeMultipart("alternative", text, html);
        if (attachments.isEmpty()) {
            return alternatives;
        }
        MimeBodyPart body = new MimeBodyPart();
        body.setContent(alternatives);
        MimeMultipart mixed = new MimeMultipart("mixed", body);
        for (Path attachment : attachments) {
            MimeBodyPart part = new MimeBodyPart();
            part.attachFile(attachment.toFile(), "text/csv; charset=UTF-8", "base64");
            mixed.addBodyPart(part);
        }
        return mixed;
    }

    private String subject(MailDecision answered) {
        String subject = COUNTS.matcher(plain(answered.subject())).replaceFirst("");
        boolean isReply = subject.regionMatches(true, 0, "Re:", 0, 3);
        return (isReply ? "" : "Re: ") + subject + (subject.isEmpty() ? "" : " ") + "(" + transcript.counts() + ")";
    }

    /** On one line, without control and formatting characters, at most 200 long. */
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT)
                .limit(LONGEST_SUBJECT)
                .forEach(plain::appendCodePoint);
        return plain.toString().strip();
    }

    private static void thread(MimeMessage mail, MailDecision answered) throws MessagingException {
        String id = answered.messageId();
        if (id == null || !isMessageId(id)) {
            return;
        }
        List<String> references = new ArrayList<>(answered.references());
        references.removeIf(reference -> reference.equals(id) || !isMessageId(reference));
        references = references.subList(Math.max(0, references.size() - MOST_REFERENCES), references.size());
        mail.setHeader("In-Reply-To", id);
        mail.setHeader("References", String.join("\r\n ", references) + (references.isEmpty() ? "" : "\r\n ") + id);
    }

    private static boolean isMessageId(String text) {
        return MESSAGE_ID.matcher(text).matches();
    }

    /** Leaves its Message-ID to us. */
    private static final class OwnMessage extends MimeMessage {

        OwnMessage() {
            super(Session.getInstance(new Properties()));
        }

        @Override
        protected void updateMessageID() {
            // Set once it is complete.
        }
    }
}
