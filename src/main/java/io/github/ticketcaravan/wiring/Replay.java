package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.update.TicketUpdate;
import java.util.List;

/**
 * Dead letters on their way again.
 *
 * @param importId the entry in the ledger under which their outcomes stand
 */
public record Replay(long importId, List<TicketUpdate> updates, Batch batch) {}
