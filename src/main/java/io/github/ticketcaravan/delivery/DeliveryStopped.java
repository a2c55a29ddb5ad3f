package io.github.ticketcaravan.delivery;

/** Delivery has stopped before this update was settled: it has no outcome and can be given again. */
public final class DeliveryStopped extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DeliveryStopped(String message) {
        super(message);
    }
}
