package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetters;
import io.github.ticketcaravan.ledger.Ledger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Headers;
import org.jspecify.annotations.Nullable;

/** The steps of the route {@code dead-letter-forward}. For one thread at a time. */
public final class DeadLetterForwards {

    private static final int AT_ONCE = 500;

    private final Ledger ledger;
    private final DeadLetters letters;
    private final Announcements announcements;
    private final ForeignEndpoint endpoint;
    private final boolean toBroker;
    private boolean failing;

    /** @param forward where they are sent to; null: nowhere */
    DeadLetterForwards(Ledger ledger, @Nullable String forward, Announcements announcements) {
        this.ledger = ledger;
        this.letters = ledger.deadLetters();
        this.announcements = announcements;
        this.endpoint = new ForeignEndpoint(forward);
        this.toBroker = forward != null && (forward.startsWith("jms:") || forward.startsWith("kafka:"));
    }

    /** None where another process with the same ledger forwards them. Each is read when its turn comes: it may be large. */
    public Iterator<DeadLetter> next() {
        List<String> ids = ledger.isOnDuty() ? letters.toForward(AT_ONCE) : List.of();
        return ids.stream().flatMap(id -> letters.find(id).stream()).iterator();
    }

    /** What a broker's console shows without opening the message; over HTTP they would be headers of the request. */
    public void addHeaders(@ExchangeProperty("letter") DeadLetter letter, @Headers Map<String, Object> headers) {
        if (!toBroker) {
            return;
        }
        headers.put("caravan_dead_letter", letter.id());
        headers.put("caravan_source", letter.source());
        headers.put("caravan_name", letter.name());
        headers.put("caravan_position", Long.toString(letter.position()));
        headers.put("caravan_outcome", letter.outcome());
        headers.put(
                "caravan_status", letter.status() == null ? "" : letter.status().toString());
        headers.put("caravan_reason", letter.reason().replaceAll("\\p{Cntrl}", " "));
        letter.origin().forEach((name, value) -> headers.put("caravan_" + name, value));
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
            announcements.warn("Dead letters cannot be forwarded to caravan.dead-letter.forward (" + describe(cause)
                    + "); they are kept in the ledger, and it is tried again every second");
        }
    }

    /** What a broker says tells the remedy; what a web server says may repeat the address, and all that is in it. */
    private String describe(Exception cause) {
        return toBroker ? endpoint.redact(RouteCheck.because(cause)) : endpoint.describe(cause);
    }
}
