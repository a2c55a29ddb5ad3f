package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.delivery.Ownership;
import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** The steps of the route {@code dead-replay}. For one thread at a time. */
public final class Replays {

    private static final String PROPERTY = "replay";

    private final Ledger ledger;
    private final Delivery delivery;
    private final UpdateRules rules;

    Replays(Ledger ledger, Delivery delivery, UpdateRules rules) {
        this.ledger = ledger;
        this.delivery = delivery;
        this.rules = rules;
    }

    /** Takes the letters that were asked for; none where another process with the same ledger replays them. */
    public Replay begin() throws IOException {
        Ownership duty = ledger.duty().orElse(null);
        List<DeadLetter> letters =
                duty == null ? List.of() : ledger.deadLetters().list(DeadLetterFilter.inStates(Set.of("requested")));
        if (duty == null || letters.isEmpty()) {
            return new Replay(-1, List.of(), new Batch(delivery, -1, 0, Map.of(), Ownership.endless()));
        }
        long importId = ledger.begin(UUID.randomUUID().toString(), Source.CLI, "replay", null, letters.size())
                .id();
        List<TicketUpdate> updates = new ArrayList<>();
        for (DeadLetter letter : letters) {
            updates.add(update(letter, updates.size() + 1));
        }
        return new Replay(importId, updates, new Batch(delivery, importId, 0, Map.of(), duty));
    }

    /** The letter as an update again, checked by the same rules; what was wrong in reading it has to be mended first. */
    private TicketUpdate update(DeadLetter letter, long position) {
        Origin origin = new Origin(Source.CLI, "replay", position);
        return rules.check(origin, letter.ticket(), letter.parameters(), letter.original(), List.of(), letter.id());
    }

    /** Hands one over; blocks while the window is full. */
    public void deliver(@Body TicketUpdate update, @ExchangeProperty(PROPERTY) Replay replay)
            throws InterruptedException {
        if (!replay.batch().deliver(update)) {
            throw new DeliveryStopped("held");
        }
    }

    /** Notes why no more are handed over. */
    public void interrupted(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause, @ExchangeProperty(PROPERTY) Replay replay) {
        replay.batch().interrupt(cause);
    }

    /** Waits until each is settled or left. */
    public Replay finish(@ExchangeProperty(PROPERTY) Replay replay) throws InterruptedException {
        replay.batch().awaitOutcomes();
        if (replay.batch().settled() > 0) {
            ledger.finish(replay.importId(), 0);
        }
        return replay;
    }
}
