package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.mail.Senders;
import io.github.ticketcaravan.replay.LetterUpdates;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What senders of mails may change, where their updates come by other ways than as a command in a mail. */
public final class SenderRights {

    private SenderRights() {}

    /** Dead letters as updates, with the rules and the senders of these settings. */
    public static LetterUpdates letterUpdates(Settings settings) {
        return new LetterUpdates(
                new UpdateRules(settings.timeZone()), of(settings.mail().senders()));
    }

    /** Read anew for each letter that came by mail: a ledger without one needs no such file. */
    private static Function<String, UnaryOperator<TicketUpdate>> of(Path file) {
        return sender -> {
            try {
                return of(Senders.read(file), sender);
            } catch (SettingsException e) {
                return update -> update.with(
                        Problem.passing("base", "what its sender may change by mail is not known: " + e.getMessage()));
            }
        };
    }

    /** Has what that sender may not change refused. */
    static UnaryOperator<TicketUpdate> of(Senders senders, String sender) {
        return senders.rightsOf(sender)
                .<UnaryOperator<TicketUpdate>>map(rights -> rights::check)
                .orElse(update -> update.with(new Problem("base", "its sender may change nothing by mail")));
    }
}
