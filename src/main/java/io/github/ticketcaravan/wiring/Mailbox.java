package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.mail.AccessTokens;
import io.github.ticketcaravan.mail.LenientMail;
import io.github.ticketcaravan.mail.MailCommands;
import io.github.ticketcaravan.mail.Senders;
import io.github.ticketcaravan.settings.MailSettings;
import io.github.ticketcaravan.settings.MailSettings.OAuth2;
import io.github.ticketcaravan.settings.MailSettings.Smtp;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.update.UpdateRules;
import jakarta.mail.Flags;
import jakarta.mail.Message;
import jakarta.mail.search.FlagTerm;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.logging.Level;
import org.apache.camel.Exchange;
import org.apache.camel.component.mail.MailBinding;
import org.apache.camel.component.mail.MailMessage;
import org.apache.camel.component.mail.MailUidGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The mailbox and its SMTP server as the routes know them: beans, properties of Jakarta Mail, and logins. */
final class Mailbox {

    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    /** It notes at each connection what a server does not offer, and not by our log; kept, or the level is forgotten. */
    private static final java.util.logging.Logger LIBRARY =
            java.util.logging.Logger.getLogger("org.eclipse.angus.mail");

    private static final String CONNECT_MILLIS = "10000";
    /** Between two pieces of a response: a server that falls silent is told of soon, and looked at again. */
    private static final String IMAP_RESPONSE_MILLIS = "20000";

    /** A server may look through a mail for long before it accepts it. */
    private static final String SMTP_RESPONSE_MILLIS = "60000";

    private static final String CHUNK_BYTES = "262144";

    private final MailSettings settings;
    private final @Nullable AccessTokens tokens;

    Mailbox(MailSettings settings, Clock clock) {
        LenientMail.prepare();
        LIBRARY.setLevel(Level.WARNING);
        this.settings = settings;
        this.tokens = tokens(settings.oauth2(), clock);
    }

    private static @Nullable AccessTokens tokens(OAuth2 oauth2, Clock clock) {
        return oauth2.tokenUrl() == null
                ? null
                : new AccessTokens(
                        URI.create(oauth2.tokenUrl()),
                        Objects.requireNonNull(oauth2.clientId()),
                        oauth2.clientSecret(),
                        oauth2.refreshToken(),
                        oauth2.scope(),
                        clock);
    }

    /** What the routes {@code mail-commands} and {@code mail-answer} call by name. */
    Map<String, Object> beans(
            Settings all, Ledger ledger, Delivery delivery, Clock clock, Announcements announcements) {
        MailLogin imapLogin = imapLogin();
        MailLogin smtpLogin = smtpLogin();
        String folder = account() + "/" + settings.folder();
        MailboxPoll poll = new MailboxPoll(
                folder, settings.poll(), imapLogin, () -> ledger.duty("mailbox " + folder), clock, announcements);
        if (!settings.authenticationRequired()) {
            LOG.warn(
                    "caravan.mail.authentication=none: every From is believed, and a From line proves nothing. Whoever can"
                            + " write to {} can write as any of {}",
                    account(),
                    settings.senders());
        }
        Senders senders = Senders.read(settings.senders());
        MailCommands commands = new MailCommands(settings, senders, new UpdateRules(all.timeZone()), clock);
        Map<String, Object> beans = new LinkedHashMap<>();
        beans.put("imapLogin", imapLogin);
        beans.put("imapProperties", imapProperties());
        beans.put("smtpLogin", smtpLogin);
        beans.put("smtpProperties", smtpProperties());
        beans.put("mailboxPoll", poll);
        beans.put("notDeleted", new FlagTerm(new Flags(Flags.Flag.DELETED), false));
        beans.put("withoutHeaders", new WithoutHeaders());
        beans.put("messageNumbers", (MailUidGenerator)
                (endpoint, message) -> Integer.toString(message.getMessageNumber()));
        HelpDeskNames names = new HelpDeskNames(all.endpoint(), clock);
        beans.put(
                "commandMails",
                new CommandMails(
                        settings, all.data(), commands, senders, ledger, delivery, poll, names, clock, announcements));
        beans.put("mailAnswers", new MailAnswers(ledger, smtpLogin, clock, announcements));
        return beans;
    }

    /** The mailbox's name, in the ledger and for people. */
    String account() {
        return CommandMails.account(settings);
    }

    MailLogin imapLogin() {
        return new MailLogin(settings.username(), settings.password(), tokens);
    }

    /** With a password of its own, else with the mailbox's token. */
    MailLogin smtpLogin() {
        Smtp smtp = settings.smtp();
        return new MailLogin(smtp.username(), smtp.password(), smtp.password() == null ? tokens : null);
    }

    String imapProtocol() {
        return settings.tls() ? "imaps" : "imap";
    }

    String smtpProtocol() {
        return settings.smtp().security() == Smtp.Security.TLS ? "smtps" : "smtp";
    }

    /** As angus-mail knows them. */
    Properties imapProperties() {
        Properties properties = properties(imapProtocol(), IMAP_RESPONSE_MILLIS, tokens != null);
        String prefix = "mail." + imapProtocol() + ".";
        properties.setProperty(prefix + "starttls.enable", Boolean.toString(!settings.tls()));
        properties.setProperty(prefix + "fetchsize", CHUNK_BYTES);
        properties.setProperty(prefix + "connectionpoolsize", "1");
        return properties;
    }

    /** As angus-mail knows them. */
    Properties smtpProperties() {
        Smtp smtp = settings.smtp();
        Properties properties =
                properties(smtpProtocol(), SMTP_RESPONSE_MILLIS, tokens != null && smtp.password() == null);
        String prefix = "mail." + smtpProtocol() + ".";
        boolean startTls = smtp.security() == Smtp.Security.STARTTLS;
        properties.setProperty(prefix + "starttls.enable", Boolean.toString(startTls));
        properties.setProperty(prefix + "starttls.required", Boolean.toString(startTls));
        properties.setProperty(prefix + "auth", Boolean.toString(smtp.username() != null));
        return properties;
    }

    private static Properties properties(String protocol, String responseMillis, boolean xoauth2) {
        String prefix = "mail." + protocol + ".";
        Properties properties = new Properties();
        properties.setProperty("mail.mime.allowutf8", "true");
        properties.setProperty(prefix + "connectiontimeout", CONNECT_MILLIS);
        properties.setProperty(prefix + "timeout", responseMillis);
        properties.setProperty(prefix + "writetimeout", responseMillis);
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        if (xoauth2) {
            properties.setProperty(prefix + "auth.mechanisms", "XOAUTH2");
        }
        return properties;
    }

    /**
     * Camel's message has the mail as its body and no header of it. It would fetch all of them at once, however many
     * there are; and what a stranger has written must steer nothing.
     */
    private static final class WithoutHeaders extends MailBinding {

        @Override
        public Object extractBodyFromMail(Exchange exchange, MailMessage mail) {
            return mail.getOriginalMessage();
        }

        @Override
        protected Map<String, Object> extractHeadersFromMail(Message mail, Exchange exchange) {
            return Map.of();
        }
    }
}
