package io.github.ticketcaravan.wiring;

/** Something that is needed is not to be had at the moment; waiting may help. The message names it and the remedy. */
public final class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
