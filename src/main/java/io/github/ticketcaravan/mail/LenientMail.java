package io.github.ticketcaravan.mail;

import jakarta.mail.Session;
import java.util.Map;
import java.util.Properties;

/**
 * How mail is parsed: what real programs write wrongly is read as it was meant.
 *
 * <p>Jakarta Mail reads most of its switches from the system's properties, once, when its classes are loaded. So each
 * class of this package that touches one calls {@link #prepare} first, and so does whoever starts camel-mail.
 */
public final class LenientMail {

    private static final Map<String, String> SYSTEM = Map.ofEntries(
            Map.entry("mail.mime.address.strict", "false"),
            Map.entry("mail.mime.base64.ignoreerrors", "true"),
            Map.entry("mail.mime.decodetext.strict", "false"),
            Map.entry("mail.mime.decodefilename", "true"),
            Map.entry("mail.mime.decodeparameters", "true"),
            Map.entry("mail.mime.ignoremultipartencoding", "true"),
            Map.entry("mail.mime.ignoreunknownencoding", "true"),
            Map.entry("mail.mime.multipart.allowempty", "true"),
            Map.entry("mail.mime.multipart.ignoremissingboundaryparameter", "true"),
            Map.entry("mail.mime.multipart.ignoremissingendboundary", "true"),
            Map.entry("mail.mime.parameters.strict", "false"),
            Map.entry("mail.mime.uudecode.ignoreerrors", "true"),
            Map.entry("mail.mime.windowsfilenames", "true"));

    private LenientMail() {}

    /** Made once: each new one looks through all jars for what it might need. */
    private static final class Parsing {

        private static final Session SESSION = make();

        private static Session make() {
            prepare();
            Properties properties = new Properties();
            properties.putAll(SYSTEM);
            properties.setProperty("mail.mime.allowutf8", "true");
            return Session.getInstance(properties);
        }
    }

    /** Sets the switches. Idempotent. */
    public static void prepare() {
        SYSTEM.forEach(System::setProperty);
    }

    /** The session that mail is parsed in; it connects to nothing. */
    public static Session session() {
        return Parsing.SESSION;
    }
}
