package io.github.ticketcaravan.mail;

import static io.github.ticketcaravan.update.Problem.quote;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/** The one address that a mail says it comes from. */
final class FromHeader {

    static {
        LenientMail.prepare();
    }

    private static final int LONGEST = 2_000;

    private FromHeader() {}

    /**
     * The address.
     *
     * @throws UnreadableMailException if there is not exactly one, or if anything else in the header looks like one:
     *     programs, and the people who read it, would not agree on who wrote the mail
     */
    static Address read(Headers headers) throws UnreadableMailException {
        List<String> all = headers.all("from");
        if (all.size() != 1) {
            throw new UnreadableMailException(
                    all.isEmpty() ? "it has no From" : "it has " + all.size() + " From headers, and only one may be");
        }
        String from = all.get(0);
        if (from.isBlank()) {
            throw new UnreadableMailException("its From is empty");
        }
        if (from.length() > LONGEST) {
            throw new UnreadableMailException("its From is longer than any real one");
        }
        Address address = Address.parse(onlyMailbox(from));
        if (address == null) {
            throw new UnreadableMailException("its From " + quote(from) + " has no usual address in it");
        }
        if (hasAnotherAddress(from, address)) {
            throw new UnreadableMailException("its From " + quote(from) + " looks like another address too");
        }
        return address;
    }

    private static String onlyMailbox(String from) throws UnreadableMailException {
        InternetAddress[] mailboxes;
        try {
            mailboxes = InternetAddress.parseHeader(from, true);
        } catch (AddressException e) {
            throw new UnreadableMailException("its From " + quote(from) + " is no address", e);
        }
        if (mailboxes.length != 1 || mailboxes[0].isGroup()) {
            throw new UnreadableMailException("its From " + quote(from) + " does not name exactly one sender");
        }
        return mailboxes[0].getAddress() == null ? "" : mailboxes[0].getAddress();
    }

    /** Whether an {@code @} is left, in any script and encoding, when the address is taken out. */
    private static boolean hasAnotherAddress(String from, Address address) {
        String shown = decoded(from);
        String rest = Normalizer.normalize(shown, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replace(address.toString(), "");
        if (rest.equals(shown.toLowerCase(Locale.ROOT))) {
            // The domain is written in another script.
            return rest.indexOf('@') != rest.lastIndexOf('@');
        }
        return rest.indexOf('@') >= 0;
    }

    static String decoded(String header) {
        try {
            return MimeUtility.decodeText(header);
        } catch (UnsupportedEncodingException | RuntimeException e) {
            return header;
        }
    }
}
