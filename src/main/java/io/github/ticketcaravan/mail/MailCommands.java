package io.github.ticketcaravan.mail;

import io.github.ticketcaravan.settings.MailSettings;
import io.github.ticketcaravan.update.UpdateRules;
import jakarta.mail.internet.MimeMessage;
import java.time.Clock;
import java.util.List;

/**
 * Decides what becomes of a mail. Whatever it is given, it answers in bounded time and memory and never throws. Safe
 * for use by several threads.
 *
 * <p>Of a mail that is larger than {@code caravan.mail.max-size} only the headers are looked at, so it need not be
 * fetched any further than its size can be told.
 */
public final class MailCommands {

    /**
     * @param senders who may do what
     * @param rules what every update has to keep
     * @param clock for the mail's age
     */
    public MailCommands(MailSettings settings, Senders senders, UpdateRules rules, Clock clock) {}

    /** Attachments of the decision can be read until the file is closed. */
    public MailDecision decide(MailFile mail) {
        return quarantine("commands by mail cannot be read yet");
    }

    /** The same of a message that is at hand already. */
    public MailDecision decide(MimeMessage message) {
        return quarantine("commands by mail cannot be read yet");
    }

    private static MailDecision quarantine(String reason) {
        return new MailDecision(
                Decision.QUARANTINE,
                reason,
                null,
                null,
                "",
                null,
                List.of(),
                List.of(),
                List.of(),
                Answering.NEVER,
                "");
    }
}
