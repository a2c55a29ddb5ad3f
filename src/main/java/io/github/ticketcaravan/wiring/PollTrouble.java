package io.github.ticketcaravan.wiring;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/**
 * What routes with a timer tell when they cannot look for work: one sentence, however often they try, and one when they
 * can again. Safe for several threads.
 */
public final class PollTrouble {

    private final Announcements announcements;
    private String told = "";

    PollTrouble(Announcements announcements) {
        this.announcements = announcements;
    }

    public synchronized void tell(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause) {
        String reason = RouteCheck.because(cause);
        if (!reason.equals(told)) {
            told = reason;
            announcements.warn("Dead letters and answers to mails wait: " + reason);
        }
    }

    public synchronized void over() {
        if (!told.isEmpty()) {
            told = "";
            announcements.warn("Dead letters and answers to mails are looked for again");
        }
    }
}
