package io.github.ticketcaravan.mail;

import io.github.ticketcaravan.settings.MailSettings;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.update.UpdateRules;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** Mails of Alice, who is known to be who she says and may change everything. */
final class MailFixture {

    static final Clock NOW = Clock.fixed(Instant.parse("2026-11-25T15:00:00Z"), ZoneOffset.UTC);

    /** Without the type of the content and the empty line. */
    static final String HEADER = String.join(
            "\r\n",
            "Authentication-Results: mx.example.com; dmarc=pass header.from=example.com",
            "From: Alice <alice@example.com>",
            "Date: Wed, 25 Nov 2026 14:00:00 +0000",
            "Message-ID: <1@example.com>",
            "Subject: Update",
            "MIME-Version: 1.0",
            "");

    static final String COMMANDS = "Ticket: LF-616004\r\nStatus: New\r\n";

    private static final MailCommands BY_DEFAULT = commands(Map.of());

    private MailFixture() {}

    static MailSettings settings(Map<String, String> keys) {
        return Settings.of(new Values(Map.of(), Map.of(), keys), Path.of("data"))
                .mail();
    }

    static MailCommands commands(Map<String, String> more) {
        Senders.Rights all = new Senders.Rights(null, Map.of(), null, Answering.ALWAYS);
        return commands(more, new Senders(Map.of("*@example.com", all)));
    }

    static MailCommands commands(Map<String, String> more, Senders senders) {
        Map<String, String> keys = new HashMap<>();
        keys.put("caravan.mail.trusted-authserv-id", "mx.example.com");
        keys.put("caravan.mail.smtp.from", "caravan@example.com");
        keys.putAll(more);
        return new MailCommands(settings(keys), senders, new UpdateRules(ZoneId.of("UTC")), NOW);
    }

    static MailDecision decide(String mail) {
        return decide(mail.getBytes(StandardCharsets.UTF_8));
    }

    static MailDecision decide(byte[] mail) {
        return BY_DEFAULT.decide(message(mail));
    }

    static MimeMessage message(byte[] mail) {
        try {
            return new MimeMessage(LenientMail.session(), new ByteArrayInputStream(mail));
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
