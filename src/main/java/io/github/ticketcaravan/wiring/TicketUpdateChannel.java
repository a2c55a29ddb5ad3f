package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.AttemptFailed;
import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.Dispatch;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends each update through {@code direct:ticket-update}, without waiting for it.
 *
 * <p>An update becomes an exchange only when there is a thread for its request: each collection of garbage copies what
 * waits in the window, and an exchange is much larger than an update.
 */
final class TicketUpdateChannel implements Delivery.Channel {

    /** The exchange property under which every step, and the dead-letter channel, finds the update. */
    static final String DISPATCH = "dispatch";

    private final Executor requests;
    private final Supplier<AsyncProducer> route;

    TicketUpdateChannel(Executor requests, Supplier<AsyncProducer> route) {
        this.requests = requests;
        this.route = route;
    }

    @Override
    public void send(Dispatch dispatch, Consumer<@Nullable Exception> done) {
        if (dispatch.isValid()) {
            requests.execute(() -> route(dispatch, done));
        } else {
            route(dispatch, done);
        }
    }

    private void route(Dispatch dispatch, Consumer<@Nullable Exception> done) {
        if (dispatch.isLeft()) {
            done.accept(null);
            return;
        }
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
