package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.delivery.Ownership;
import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.ledger.LedgerException;
import io.github.ticketcaravan.replay.LetterUpdates;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of the route {@code dead-replay}. For one thread at a time. */
public final class Replays {

    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
    private static final String PROPERTY = "replay";
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Ledger ledger;
    private final Delivery delivery;
    private final LetterUpdates letterUpdates;

    Replays(Ledger ledger, Delivery delivery, LetterUpdates letterUpdates) {
        this.ledger = ledger;
        this.delivery = delivery;
        this.letterUpdates = letterUpdates;
    }

    /** Takes the letters that were asked for; none where another process with the same ledger replays them. */
    public Replay begin() throws IOException {
        Ownership duty = ledger.duty().orElse(null);
        int requested = duty == null ? 0 : ledger.deadLetters().requested().size();
        if (duty == null || requested == 0) {
            return new Replay(-1, List.of(), new Batch(delivery, -1, 0, Map.of(), Ownership.endless()), Set.of());
        }
        // Entered before they are read: the outcome is not that of a letter which was edited after this.
        long importId = ledger.begin(UUID.randomUUID().toString(), Source.CLI, "replay", null, requested)
                .id();
        List<TicketUpdate> updates = new ArrayList<>();
        for (DeadLetter letter : ledger.deadLetters().list(DeadLetterFilter.inStates(Set.of("requested")))) {
            updates.add(letterUpdates.of(letter, updates.size() + 1));
        }
        return new Replay(
                importId, updates, new Batch(delivery, importId, 0, Map.of(), duty), ConcurrentHashMap.newKeySet());
    }

    /** Hands one over; blocks while the window is full. */
    public void deliver(@Body TicketUpdate update, @ExchangeProperty(PROPERTY) Replay replay)
            throws InterruptedException {
        String id = String.valueOf(update.replayOf());
        if (!replay.batch().deliver(update, () -> replay.withdrawn().contains(id))) {
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
        AtomicLong next = new AtomicLong(System.nanoTime() + LOOK.toNanos());
        replay.batch().awaitOutcomes(() -> {
            if (System.nanoTime() - next.get() > 0) {
                lookForWithdrawn(replay);
                next.set(System.nanoTime() + LOOK.toNanos());
            }
        });
        if (replay.batch().settled() > 0) {
            ledger.finish(replay.importId(), 0);
        }
        return replay;
    }

    /** In an outage a letter waits for long; who edits or discards it meanwhile does not want it sent. */
    private void lookForWithdrawn(Replay replay) {
        try {
            Set<String> requested = ledger.deadLetters().requested();
            replay.updates().stream()
                    .map(update -> String.valueOf(update.replayOf()))
                    .filter(id -> !requested.contains(id))
                    .forEach(replay.withdrawn()::add);
            delivery.leaveHeld();
        } catch (LedgerException e) {
            LOG.debug("Whether a replay was withdrawn is looked up again", e);
        }
    }
}
