package io.github.ticketcaravan.ledger;

/** The ledger cannot be opened, read or written; the message names it and the remedy. */
public final class LedgerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LedgerException(String message, Throwable cause) {
        super(message, cause);
    }
}
