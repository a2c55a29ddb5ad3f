package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.ledger.LedgerException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The step of the route {@code ledger-prune}: what {@code caravan.ledger.keep} no longer covers is forgotten. */
public final class LedgerKeeping {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerKeeping.class);
    private static final Duration UNTIL_THE_NEXT = Duration.ofHours(1);

    private final Ledger ledger;
    private final Duration keep;
    private final Clock clock;

    LedgerKeeping(Ledger ledger, Duration keep, Clock clock) {
        this.ledger = ledger;
        this.keep = keep;
        this.clock = clock;
    }

    /** Leaves it to another process where that does it for all that share the ledger. */
    public void prune() throws InterruptedException {
        try {
            if (ledger.isOnDuty("pruning")) {
                pruneFor(UNTIL_THE_NEXT);
            }
        } catch (LedgerException e) {
            LOG.warn("What is older than caravan.ledger.keep stays in the ledger for another hour. {}", e.getMessage());
        }
    }

    void pruneFor(Duration most) throws InterruptedException {
        ledger.prune(clock.instant().minus(keep), most);
    }
}
