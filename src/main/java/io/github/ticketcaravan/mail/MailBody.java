package io.github.ticketcaravan.mail;

import static io.github.ticketcaravan.update.Problem.quote;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a mail's MIME structure (RFC 2045, 2046) holds for us: the text its sender wrote, and the CSV files attached.
 *
 * <p>The text is the first part that is text, no attachment and not blank: {@code text/plain} where there is a choice
 * ({@code multipart/alternative}), else HTML turned into text. What lies in a mail within the mail is not looked at.
 *
 * @param text as lines, flowed text put together; empty where there is none
 * @param cut whether the text was longer than is read
 * @param flowed whether the text marks which line breaks its writer did not make ({@code format=flowed}, HTML)
 * @param allText the same with its other texts, the HTML beside plain text included, where files are attached
 * @param report whether a part of a mail server's report is in it
 * @param compressed the name of a compressed CSV file that is attached; null: none is
 */
record MailBody(
        String text,
        boolean cut,
        boolean flowed,
        String allText,
        boolean report,
        List<CsvAttachment> attachments,
        @Nullable String compressed) {

    private static final int DEEPEST = 20;

    /** Of one text, in bytes; five hundred tickets with all their parameters need a fifth of it. */
    private static final int LONGEST_TEXT = 1 << 20;

    /** A mail with files has no more texts than one around each. */
    private static final int MOST_OTHERS = 20;

    /** Each byte may be three of it. */
    private static final int LONGEST_QUOTED = 4 * LONGEST_TEXT;

    private static final String QUOTED_PRINTABLE = "quoted-printable";
    private static final Pattern BLANKS = Pattern.compile("=[ \\t]+(?=\\r?\\n)");
    private static final String PLAIN = "text/plain";
    private static final String HTML = "text/html";

    /** @throws UnreadableMailException if it is nested too deeply, or has too many parts */
    static MailBody read(Part message) throws MessagingException, IOException, UnreadableMailException {
        Walk walk = new Walk();
        walk.visit(message, 1);
        return new MailBody(
                walk.text, walk.cut, walk.flowed, walk.allText(), walk.report, walk.attachments, walk.compressed);
    }

    private static final class Walk {

        private final List<CsvAttachment> attachments = new ArrayList<>();
        private final PartLimits limits = new PartLimits();
        private final List<Part> others = new ArrayList<>();
        private String text = "";
        private boolean cut;
        private boolean flowed;
        private boolean report;
        private @Nullable String compressed;

        void visit(Part part, int depth) throws MessagingException, IOException, UnreadableMailException {
            if (depth > DEEPEST) {
                throw new UnreadableMailException("its parts are nested more than " + DEEPEST + " deep");
            }
            ContentType type = typeOf(part);
            String primary = type.getPrimaryType() == null ? "" : type.getPrimaryType();
            String fileName = AttachmentName.of(part);
            report |= AutomaticMail.isReport(type.getBaseType());
            if (primary.equalsIgnoreCase("message") || matches(type, "multipart/digest")) {
                return;
            }
            if (primary.equalsIgnoreCase("multipart")) {
                visitMultipart(part, type, depth);
            } else if (isAttachment(part, fileName)) {
                visitAttachment(part, type, fileName);
            } else if (isTextWeRead(type)) {
                if (text.isBlank()) {
                    readText(part, type);
                } else {
                    others.add(part);
                }
            }
        }

        private void visitMultipart(Part part, ContentType type, int depth)
                throws MessagingException, IOException, UnreadableMailException {
            List<Part> parts = partsOf(part, type);
            if (matches(type, "multipart/alternative")) {
                // The others are the same text in other forms; but files may be attached to one of these only.
                preferPlain(parts);
            }
            for (Part each : parts) {
                visit(each, depth + 1);
            }
        }

        private List<Part> partsOf(Part part, ContentType type)
                throws MessagingException, IOException, UnreadableMailException {
            try (InputStream content = part.getInputStream()) {
                limits.check(content, type.getParameter("boundary"));
            }
            Multipart multipart = new MimeMultipart(part.getDataHandler().getDataSource());
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < multipart.getCount(); i++) {
                parts.add(multipart.getBodyPart(i));
            }
            if (parts.isEmpty()) {
                throw new UnreadableMailException("it says that it has parts, but there is no boundary between any");
            }
            return parts;
        }

        private static void preferPlain(List<Part> parts) throws MessagingException {
            for (int i = 0; i < parts.size(); i++) {
                if (matches(typeOf(parts.get(i)), PLAIN)) {
                    parts.add(0, parts.remove(i));
                    return;
                }
            }
        }

        private void readText(Part part, ContentType type)
                throws MessagingException, IOException, UnreadableMailException {
            byte[] bytes = bytes(part);
            boolean html = matches(type, HTML);
            boolean marked = "flowed".equalsIgnoreCase(type.getParameter("format"));
            String charset = type.getParameter("charset");
            String decoded = CharacterSet.decode(bytes, charset == null && html ? HtmlText.charset(bytes) : charset);
            boolean joined = marked && "yes".equalsIgnoreCase(type.getParameter("delsp"));
            text = html ? HtmlText.of(decoded) : marked ? FlowedText.join(decoded, joined) : decoded;
            flowed = html || marked;
        }

        /** Blanks behind the sign of a soft line break were added on the way (RFC 2045, section 6.7), and hide it. */
        private byte[] bytes(Part part) throws MessagingException, IOException {
            String[] encoding = part.getHeader("Content-Transfer-Encoding");
            boolean quoted = encoding != null && encoding[0].strip().equalsIgnoreCase(QUOTED_PRINTABLE);
            try (InputStream raw = quoted ? raw(part) : part.getInputStream()) {
                byte[] bytes = raw.readNBytes(quoted ? LONGEST_QUOTED : LONGEST_TEXT + 1);
                cut = bytes.length == (quoted ? LONGEST_QUOTED : LONGEST_TEXT + 1);
                if (!quoted) {
                    return bytes;
                }
                String mended = BLANKS.matcher(new String(bytes, ISO_8859_1)).replaceAll("=");
                InputStream decoded =
                        MimeUtility.decode(new ByteArrayInputStream(mended.getBytes(ISO_8859_1)), QUOTED_PRINTABLE);
                byte[] text = decoded.readNBytes(LONGEST_TEXT + 1);
                cut |= text.length > LONGEST_TEXT;
                return text;
            }
        }

        private static InputStream raw(Part part) throws MessagingException {
            return part instanceof MimeMessage message
                    ? message.getRawInputStream()
                    : ((MimeBodyPart) part).getRawInputStream();
        }

        /** What the mail says beside the text that is read, which tells whether it passes its files on. */
        String allText() throws MessagingException, IOException, UnreadableMailException {
            if (attachments.isEmpty()) {
                return text;
            }
            StringBuilder all = new StringBuilder(text);
            Walk walk = new Walk();
            for (Part other : others.subList(0, Math.min(others.size(), MOST_OTHERS))) {
                walk.readText(other, typeOf(other));
                all.append('\n').append(walk.text);
            }
            return all.toString();
        }

        private void visitAttachment(Part part, ContentType type, @Nullable String fileName) {
            String name = fileName == null ? "" : fileName;
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.endsWith(".csv.gz") || lower.endsWith(".csv.zip")) {
                compressed = name;
            } else if (lower.endsWith(".csv")) {
                attachments.add(new CsvAttachment(name, part));
            } else if (matches(type, "text/csv") || matches(type, "text/comma-separated-values")) {
                attachments.add(new CsvAttachment((name.isEmpty() ? "attachment" : name) + ".csv", part));
            }
        }

        /** Whoever gives a part a file's name, or calls it an attachment, did not write it as the mail's text. */
        private static boolean isAttachment(Part part, @Nullable String fileName) throws MessagingException {
            String disposition = dispositionOf(part);
            return fileName != null
                    || Part.ATTACHMENT.equalsIgnoreCase(disposition)
                    || matches(typeOf(part), "text/csv")
                    || matches(typeOf(part), "text/comma-separated-values");
        }

        private static @Nullable String dispositionOf(Part part) {
            try {
                return part.getDisposition();
            } catch (MessagingException unreadable) {
                // Whatever it is, it is not simply text.
                return Part.ATTACHMENT;
            }
        }

        private static boolean isTextWeRead(ContentType type) {
            return matches(type, PLAIN) || matches(type, HTML);
        }

        private static boolean matches(ContentType type, String wanted) {
            return type.match(wanted);
        }

        /** What it says to be; text where it says nothing (RFC 2045, section 5.2), nothing we read where it is garbled. */
        private static ContentType typeOf(Part part) throws MessagingException {
            String[] header = part.getHeader("Content-Type");
            String written = header == null ? null : header[0];
            if (written == null || written.isBlank()) {
                return new ContentType("text", "plain", null);
            }
            try {
                return new ContentType(written);
            } catch (ParseException garbled) {
                String known = written.strip().toLowerCase(Locale.ROOT);
                return known.startsWith(PLAIN) || known.equals("text")
                        ? new ContentType("text", "plain", null)
                        : new ContentType("application", "octet-stream", null);
            }
        }
    }

    /** For messages. */
    String describeCompressed() {
        return compressed == null
                ? ""
                : "the attachment " + quote(compressed) + " is compressed: attach it as plain CSV";
    }
}
