package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.Dispatch;
import io.github.ticketcaravan.delivery.Retry;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;

/** Tells Camel's redelivery what {@link Retry} decides: whether there is another attempt, and after what delay. */
final class Redelivery implements Predicate {

    private final Retry retry;
    private final Delivery delivery;

    Redelivery(Retry retry, Delivery delivery) {
        this.retry = retry;
        this.delivery = delivery;
    }

    @Override
    public boolean matches(Exchange exchange) {
        Dispatch dispatch = exchange.getProperty(TicketUpdateChannel.DISPATCH, Dispatch.class);
        if (dispatch == null || delivery.isStopped() || !retry.again(dispatch)) {
            return false;
        }
        dispatch.awaitRetry();
        exchange.getIn()
                .setHeader(Exchange.REDELIVERY_DELAY, retry.delay(dispatch).toMillis());
        return true;
    }
}
