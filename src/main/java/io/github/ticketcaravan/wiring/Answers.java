package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Answer;
import io.github.ticketcaravan.delivery.AttemptFailed;
import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.Dispatch;
import io.github.ticketcaravan.delivery.Redaction;
import java.io.InputStream;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Headers;
import org.jspecify.annotations.Nullable;

/** Reads what the HTTP component has put into the message, and hands it to the update it is about. */
final class Answers {

    private final Delivery delivery;

    private final Redaction redaction;

    Answers(Delivery delivery, Redaction redaction) {
        this.delivery = delivery;
        this.redaction = redaction;
    }

    /** After an answer of whatever status. */
    public void read(
            @ExchangeProperty(TicketUpdateChannel.DISPATCH) Dispatch dispatch,
            @Body @Nullable InputStream body,
            @Headers Map<String, Object> headers)
            throws AttemptFailed {
        int status = (Integer) headers.getOrDefault(Exchange.HTTP_RESPONSE_CODE, Answer.NONE);
        delivery.answered(
                dispatch,
                Answer.read(status, body, text(headers, "Retry-After"), text(headers, "Location"), redaction));
    }

    /** After a call that ended without one. */
    public void missed(
            @ExchangeProperty(TicketUpdateChannel.DISPATCH) Dispatch dispatch,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause)
            throws AttemptFailed {
        delivery.answered(dispatch, Answer.none(cause, redaction));
    }

    /** Camel's header map does not regard case. */
    private static @Nullable String text(Map<String, Object> headers, String name) {
        Object value = headers.get(name);
        return value == null ? null : value.toString();
    }
}
