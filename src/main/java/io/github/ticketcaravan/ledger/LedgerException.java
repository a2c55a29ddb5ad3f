package io.github.ticketcaravan.ledger;

import org.jspecify.annotations.Nullable;

/** The ledger cannot be opened, read or written; the message names it and the remedy. */
public final class LedgerException extends RuntimeException {

    /** What helps. */
    public enum Remedy {
        /** To wait: the server is away, the disk is full. */
        WAIT,
        /** Other settings: its address, who we are, what we may. */
        CONFIGURE,
        /** To repair or replace it: it is damaged, not a ledger, or a newer version's. */
        REPAIR
    }

    private static final long serialVersionUID = 1L;

    private final Remedy remedy;

    LedgerException(String message, Remedy remedy, @Nullable Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    public Remedy remedy() {
        return remedy;
    }
}
