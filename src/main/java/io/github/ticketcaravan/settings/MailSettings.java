package io.github.ticketcaravan.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys {@code caravan.mail.*}: the mailbox that commands come from, and who is believed.
 *
 * @param host of the IMAP server; null: there is no mailbox, and nothing else of this is used but by {@code mail check}
 * @param tls whether the connection is {@code imaps}
 * @param poll how long after one look at the folder the next begins
 * @param done the folder of mails whose commands were carried out
 * @param authenticationRequired whether a From counts only where {@code trustedAuthservId} vouches for it
 * @param trustedAuthservId the name our server signs {@code Authentication-Results} with (RFC 8601), or
 *     {@link #MICROSOFT_365}; null: none
 * @param maxAge the oldest mail that is carried out
 * @param maxCommands tickets that one mail may change at most
 * @param maxSize the largest mail that is read, in bytes
 * @param answersPerDay answers to one address at most, in a day
 * @param senders the file that says who may do what
 */
public record MailSettings(
        @Nullable String host,
        boolean tls,
        int port,
        @Nullable String username,
        @Nullable String password,
        String folder,
        Duration poll,
        String done,
        String refused,
        String ignored,
        String quarantine,
        boolean authenticationRequired,
        @Nullable String trustedAuthservId,
        Duration maxAge,
        int maxCommands,
        long maxSize,
        int answersPerDay,
        Path senders,
        OAuth2 oauth2,
        Smtp smtp) {

    /** The {@code trusted-authserv-id} of Microsoft 365, which writes no name into its headers. */
    public static final String MICROSOFT_365 = "microsoft365";

    /**
     * The keys {@code caravan.mail.oauth2.*}: how a token is fetched, for the mailbox and for SMTP.
     *
     * @param tokenUrl null: passwords are used
     * @param refreshToken null: the token is fetched with the client's credentials alone
     */
    public record OAuth2(
            @Nullable String tokenUrl,
            @Nullable String clientId,
            @Nullable String clientSecret,
            @Nullable String refreshToken,
            @Nullable String scope) {

        public boolean isConfigured() {
            return tokenUrl != null;
        }

        static OAuth2 of(Values values) {
            String prefix = "caravan.mail.oauth2.";
            var oauth2 = new OAuth2(
                    values.parse(
                            prefix + "token-url", "a URL that begins with https://", OAuth2::secureOrOnThisMachine),
                    values.optional(prefix + "client-id"),
                    values.secret(prefix + "client-secret"),
                    values.secret(prefix + "refresh-token"),
                    values.optional(prefix + "scope"));
            if (oauth2.tokenUrl == null) {
                refuseWithoutTokenUrl(prefix + "client-id", oauth2.clientId);
                refuseWithoutTokenUrl(prefix + "client-secret", oauth2.clientSecret);
                refuseWithoutTokenUrl(prefix + "refresh-token", oauth2.refreshToken);
                refuseWithoutTokenUrl(prefix + "scope", oauth2.scope);
            } else if (oauth2.clientId == null) {
                throw new SettingsException(
                        prefix + "client-id is empty, but " + prefix + "token-url is " + oauth2.tokenUrl + ": set it");
            } else if (oauth2.clientSecret == null && oauth2.refreshToken == null) {
                throw new SettingsException(prefix + "client-secret and " + prefix + "refresh-token are empty, but "
                        + prefix + "token-url is " + oauth2.tokenUrl + ": set one of them, or both");
            }
            return oauth2;
        }

        private static void refuseWithoutTokenUrl(String key, @Nullable String value) {
            if (value != null) {
                String prefix = "caravan.mail.oauth2.";
                throw new SettingsException(prefix + "token-url is empty, but " + key
                        + " is set: set both, or none of the keys " + prefix + "*");
            }
        }

        private static @Nullable String secureOrOnThisMachine(String value) {
            boolean usable = value.startsWith("https://")
                    || value.startsWith("http://localhost:")
                    || value.startsWith("http://127.0.0.1:");
            return usable ? value : null;
        }

        @Override
        public String toString() {
            return "OAuth2[tokenUrl=" + tokenUrl + ", credentials not shown]";
        }
    }

    /**
     * The keys {@code caravan.mail.smtp.*}: how answers leave.
     *
     * @param host null: nobody is answered
     * @param username null: without login
     * @param password null: with the token of {@code caravan.mail.oauth2.*}, where there is a username
     * @param from the address that answers come from; null where there is no host
     */
    public record Smtp(
            @Nullable String host,
            int port,
            Security security,
            @Nullable String username,
            @Nullable String password,
            @Nullable String from) {

        /** How the connection is kept from being read. */
        public enum Security {
            STARTTLS,
            TLS,
            NONE
        }

        static Smtp of(Values values, OAuth2 oauth2) {
            String prefix = "caravan.mail.smtp.";
            Security security = values.choice(
                    prefix + "security",
                    Security.STARTTLS,
                    Map.of("starttls", Security.STARTTLS, "tls", Security.TLS, "none", Security.NONE));
            var smtp = new Smtp(
                    values.optional(prefix + "host"),
                    values.whole(prefix + "port", usualPort(security), 1, 65_535),
                    security,
                    values.optional(prefix + "username"),
                    values.secret(prefix + "password"),
                    values.parse(prefix + "from", "an address such as caravan@example.com", MailSettings::address));
            if (smtp.host != null && smtp.from == null) {
                throw new SettingsException(prefix + "from is empty, but " + prefix + "host is " + smtp.host
                        + ": set it to the mailbox's address");
            }
            if (smtp.password != null && smtp.username == null) {
                throw new SettingsException(prefix + "username is empty, but " + prefix
                        + "password is set (it is not shown here): set both or neither");
            }
            if (smtp.username != null && smtp.password == null && !oauth2.isConfigured()) {
                throw new SettingsException(prefix + "password is empty, but " + prefix + "username is " + smtp.username
                        + ": set it (in the environment: " + Values.environmentName(prefix + "password")
                        + "), or caravan.mail.oauth2.*");
            }
            return smtp;
        }

        private static int usualPort(Security security) {
            return switch (security) {
                case STARTTLS -> 587;
                case TLS -> 465;
                case NONE -> 25;
            };
        }

        @Override
        public String toString() {
            return "Smtp[host=" + host + ", port=" + port + ", security=" + security + ", username=" + username
                    + ", from=" + from + ", password not shown]";
        }
    }

    static MailSettings of(Values values, Path config, LedgerSettings ledger) {
        boolean tls =
                values.choice("caravan.mail.protocol", true, Map.of("imaps", Boolean.TRUE, "imap", Boolean.FALSE));
        OAuth2 oauth2 = OAuth2.of(values);
        var settings = new MailSettings(
                values.optional("caravan.mail.host"),
                tls,
                values.whole("caravan.mail.port", tls ? 993 : 143, 1, 65_535),
                values.optional("caravan.mail.username"),
                values.secret("caravan.mail.password"),
                values.text("caravan.mail.folder", "INBOX"),
                values.duration("caravan.mail.poll", Duration.ofSeconds(10), Duration.ofMillis(100)),
                values.text("caravan.mail.done", "Done"),
                values.text("caravan.mail.refused", "Refused"),
                values.text("caravan.mail.ignored", "Ignored"),
                values.text("caravan.mail.quarantine", "Quarantine"),
                values.choice(
                        "caravan.mail.authentication", true, Map.of("required", Boolean.TRUE, "none", Boolean.FALSE)),
                values.optional("caravan.mail.trusted-authserv-id"),
                values.duration("caravan.mail.max-age", Duration.ofDays(7), Duration.ofMinutes(1)),
                values.whole("caravan.mail.max-commands", 500, 1, 100_000),
                values.bytes("caravan.mail.max-size", 10_000_000, 10_000, 1_000_000_000),
                values.whole("caravan.mail.answers-per-day", 40, 0, 1_000_000),
                values.path("caravan.mail.senders", config, "senders.yaml"),
                oauth2,
                Smtp.of(values, oauth2));
        settings.refuseContradictions(ledger);
        return settings;
    }

    /** Only where there is a mailbox: nobody has to make fit what he does not use. */
    private void refuseContradictions(LedgerSettings ledger) {
        if (host == null) {
            return;
        }
        String because = " is empty, but caravan.mail.host is " + host + ": ";
        if (authenticationRequired && trustedAuthservId == null) {
            throw new SettingsException("caravan.mail.trusted-authserv-id" + because
                    + "set it to the name with which your mail server begins its Authentication-Results headers, or to "
                    + MICROSOFT_365 + " (caravan.mail.authentication=none would believe every From)");
        }
        if (username == null) {
            throw new SettingsException("caravan.mail.username" + because + "set it");
        }
        if (password == null && !oauth2.isConfigured()) {
            throw new SettingsException("caravan.mail.password" + because + "set it (in the environment: "
                    + Values.environmentName("caravan.mail.password") + "), or caravan.mail.oauth2.*");
        }
        if (password != null && oauth2.isConfigured()) {
            throw new SettingsException("caravan.mail.password is set (it is not shown here), but"
                    + " caravan.mail.oauth2.token-url is too: set one of them, for one login");
        }
        if (maxAge.compareTo(ledger.keep()) >= 0) {
            throw new SettingsException("caravan.mail.max-age=" + Durations.written(maxAge)
                    + " is not less than caravan.ledger.keep=" + Durations.written(ledger.keep())
                    + ": expected less, for a mail that the ledger has forgotten could be sent again");
        }
        for (String target : new String[] {done, refused, ignored, quarantine}) {
            if (target.equalsIgnoreCase(folder)) {
                throw new SettingsException(
                        "caravan.mail.folder=" + folder + " is also caravan.mail.done, .refused,"
                                + " .ignored or .quarantine: expected another folder, for what is put there would be read again");
            }
        }
    }

    private static @Nullable String address(String value) {
        int at = value.indexOf('@');
        boolean usable = at > 0
                && at == value.lastIndexOf('@')
                && at < value.length() - 1
                && value.chars().noneMatch(c -> c <= ' ' || c == 127 || "<>,;:\"()[]\\".indexOf(c) >= 0);
        return usable ? value : null;
    }

    @Override
    public String toString() {
        return "MailSettings[host=" + host + ", port=" + port + ", username=" + username + ", folder=" + folder
                + ", trustedAuthservId=" + trustedAuthservId + ", senders=" + senders + ", " + oauth2 + ", " + smtp
                + ", password not shown]";
    }
}
