package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.AttemptFailed;
import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.Dispatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.jspecify.annotations.Nullable;

/** Sends each update through {@code direct:ticket-update}, without waiting for it. */
final class TicketUpdateChannel implements Delivery.Channel {

    /** The exchange property under which every step, and the dead-letter channel, finds the update. */
    static final String DISPATCH = "dispatch";

    private final Supplier<AsyncProducer> route;

    TicketUpdateChannel(Supplier<AsyncProducer> route) {
        this.route = route;
    }

    @Override
    public void send(Dispatch dispatch, Consumer<@Nullable Exception> done) {
        AsyncProducer producer = route.get();
        Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOut);
        exchange.setProperty(DISPATCH, dispatch);
        exchange.getIn().setBody(dispatch);
        producer.process(exchange, doneSync -> {
            if (exchange.getException() != null) {
                dispatch.kept().completeExceptionally(exchange.getException());
            }
            Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
            done.accept(caught instanceof AttemptFailed ? null : caught);
        });
    }
}
