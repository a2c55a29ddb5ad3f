package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.update.TicketUpdate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters on their way again.
 *
 * @param importId the entry in the ledger under which their outcomes stand
 * @param withdrawn the IDs of those that nobody wants sent any more; grows meanwhile
 */
public record Replay(long importId, List<TicketUpdate> updates, Batch batch, Set<String> withdrawn) {

    /** Why it ended before its last letter; null where it did not. */
    public @Nullable String stopped() {
        return batch.stopped();
    }
}
