package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Answer;
import io.github.ticketcaravan.delivery.AttemptFailed;
import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.Dispatch;
import io.github.ticketcaravan.delivery.Redaction;
import io.github.ticketcaravan.ledger.Ledger;
import java.io.InputStream;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/**
 * The steps of the routes {@code ticket-update} and {@code attempt}. Every row passes all of them, so they are
 * processors: to find a bean's method and its arguments, each time, took as long as the request. Safe for several
 * threads.
 */
final class UpdateSteps {

    private static final ContentType FORM = ContentType.parse("application/x-www-form-urlencoded; charset=UTF-8");

    private final Delivery delivery;
    private final Ledger ledger;
    private final Redaction redaction;

    UpdateSteps(Delivery delivery, Ledger ledger, Redaction redaction) {
        this.delivery = delivery;
        this.ledger = ledger;
        this.redaction = redaction;
    }

    /** Whether the update may be sent at all. */
    static boolean valid(Exchange exchange) {
        return dispatch(exchange).isValid();
    }

    /** Blocks until the update may be sent, and makes it the message. */
    void request(Exchange exchange) throws InterruptedException {
        Dispatch dispatch = dispatch(exchange);
        delivery.permit(dispatch);
        exchange.getMessage().setBody(new ByteArrayEntity(dispatch.form(), FORM));
    }

    /** After an answer of whatever status. */
    void answered(Exchange exchange) throws AttemptFailed {
        Message message = exchange.getMessage();
        Integer status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        Answer answer = Answer.read(
                status == null ? Answer.NONE : status,
                (InputStream) message.getBody(),
                text(message, AnswerHeaders.RETRY_AFTER),
                text(message, AnswerHeaders.LOCATION),
                redaction);
        delivery.answered(dispatch(exchange), answer);
    }

    /** After a call that ended without one. */
    void missed(Exchange exchange) throws AttemptFailed {
        Exception cause = Objects.requireNonNull(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
        delivery.answered(dispatch(exchange), Answer.none(cause, redaction));
    }

    /** Hands an outcome to the ledger. */
    void keep(Exchange exchange) throws InterruptedException {
        ledger.keep(dispatch(exchange));
    }

    /** What the exchange is about. */
    static Dispatch dispatch(Exchange exchange) {
        return Objects.requireNonNull(exchange.getProperty(TicketUpdateChannel.DISPATCH, Dispatch.class));
    }

    private static @Nullable String text(Message message, String header) {
        Object value = message.getHeader(header);
        return value == null ? null : value.toString();
    }
}
