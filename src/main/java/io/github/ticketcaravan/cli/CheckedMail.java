package io.github.ticketcaravan.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.ticketcaravan.mail.MailDecision;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.TicketUpdate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code mail check --json} prints of one mail.
 *
 * @param decision {@code execute}, {@code refuse}, {@code ignore} or {@code quarantine}
 * @param sender null where he is not proven
 * @param updates what would be sent
 * @param invalid what would not, and why
 * @param endedBy what ended the commands; null where none were looked for
 */
@JsonPropertyOrder({"file", "decision", "reason", "sender", "updates", "invalid", "ended_by"})
record CheckedMail(
        String file,
        String decision,
        String reason,
        @Nullable String sender,
        List<Update> updates,
        List<Invalid> invalid,
        @JsonProperty("ended_by") @Nullable String endedBy) {

    record Update(String ticket, Map<String, String> parameters) {}

    record Invalid(String ticket, String reason) {}

    static CheckedMail of(String file, MailDecision decision) {
        return new CheckedMail(
                file,
                decision.decision().word(),
                decision.reason(),
                decision.sender(),
                decision.updates().stream()
                        .filter(TicketUpdate::isValid)
                        .map(update -> new Update(update.ticket(), update.parameters()))
                        .toList(),
                decision.updates().stream()
                        .filter(update -> !update.isValid())
                        .map(update -> new Invalid(update.ticket(), Problem.sentence(update.problems())))
                        .toList(),
                decision.endedBy().isEmpty() ? null : decision.endedBy());
    }
}
