package io.github.ticketcaravan.wiring;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sentences on their way to {@code caravan.notify.uri}; its steps are those of the route {@code notify}, for one thread.
 *
 * <p>{@link #hand} neither blocks nor throws, from any thread: delivery must not depend on who is told of it. A sentence
 * that does not get through is left out; the next one that does says how many were.
 */
public final class Notices {

    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private final Consumer<String> queue;
    private final AtomicLong leftOut = new AtomicLong();
    private long told;
    private boolean failing;

    /** @param queue takes a sentence at once, or throws where it has no room */
    Notices(Consumer<String> queue) {
        this.queue = queue;
    }

    /** Hands a sentence over to be sent. */
    void hand(String sentence) {
        try {
            queue.accept(sentence);
        } catch (RuntimeException full) {
            leftOut.incrementAndGet();
            LOG.debug("A notice is left out", full);
        }
    }

    /** The sentence, and how many were left out before it. */
    public String next(@Body String sentence) {
        told = leftOut.getAndSet(0);
        return told == 0
                ? sentence
                : sentence + ". " + (told == 1 ? "1 notice was" : told + " notices were")
                        + " left out, because caravan.notify.uri did not accept them in time";
    }

    /** Notes that it was sent. */
    public void sent() {
        if (failing) {
            failing = false;
            LOG.warn("Notices are sent to caravan.notify.uri again");
        }
    }

    /** Counts it as left out; logged once, not at every sentence. The address is not shown, for it may hold a secret. */
    public void failed(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause) {
        leftOut.addAndGet(told + 1);
        if (!failing) {
            failing = true;
            String because = cause instanceof HttpOperationFailedException refused
                    ? "HTTP " + refused.getStatusCode()
                    : cause.getClass().getSimpleName();
            LOG.warn("Notices cannot be sent to caravan.notify.uri ({}); they are left out, and counted", because);
        }
    }
}
