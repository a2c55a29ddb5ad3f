package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeFailedEvent;
import org.apache.camel.support.EventNotifierSupport;

/**
 * Looks, wherever an exchange ends with a failure, whether that is a fault of the program: Camel would tell of it, and
 * the source go on, or never look again.
 */
final class FailedExchanges extends EventNotifierSupport {

    private final Delivery delivery;

    FailedExchanges(Delivery delivery) {
        this.delivery = delivery;
        setIgnoreCamelContextEvents(true);
        setIgnoreCamelContextInitEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
        setIgnoreExchangeCreatedEvent(true);
        setIgnoreExchangeCompletedEvent(true);
        setIgnoreExchangeSentEvents(true);
        setIgnoreExchangeSendingEvents(true);
        setIgnoreExchangeRedeliveryEvents(true);
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof ExchangeFailedEvent failed && failed.getCause() != null) {
            delivery.stopIfBroken(failed.getCause());
        }
    }
}
