package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.Dispatch;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;

/** Tells Camel's redelivery what {@link Delivery} decides: whether there is another attempt, and after what delay. */
final class Redelivery implements Predicate {

    private final Delivery delivery;

    Redelivery(Delivery delivery) {
        this.delivery = delivery;
    }

    @Override
    public boolean matches(Exchange exchange) {
        Dispatch dispatch = exchange.getProperty(TicketUpdateChannel.DISPATCH, Dispatch.class);
        Duration delay = dispatch == null ? null : delivery.retryDelay(dispatch);
        if (delay == null) {
            return false;
        }
        exchange.getIn().setHeader(Exchange.REDELIVERY_DELAY, delay.toMillis());
        return true;
    }
}
