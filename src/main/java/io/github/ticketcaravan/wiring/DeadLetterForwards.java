package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetters;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** The steps of the route {@code dead-letter-forward}. For one thread at a time. */
public final class DeadLetterForwards {

    private static final int AT_ONCE = 500;

    private final DeadLetters letters;
    private final Announcements announcements;
    private boolean failing;

    DeadLetterForwards(DeadLetters letters, Announcements announcements) {
        this.letters = letters;
        this.announcements = announcements;
    }

    public List<DeadLetter> next() {
        return letters.toForward(AT_ONCE);
    }

    public void forwarded(@Body DeadLetter letter) {
        letters.forwarded(letter.id());
        if (failing) {
            failing = false;
            announcements.warn("Dead letters are forwarded again");
        }
    }

    /** Told once, not at every try. */
    public void failed(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause) {
        if (!failing) {
            failing = true;
            announcements.warn("Dead letters cannot be forwarded to caravan.dead-letter.forward (" + cause.getMessage()
                    + "); they are kept in the ledger, and it is tried again every second");
        }
    }
}
