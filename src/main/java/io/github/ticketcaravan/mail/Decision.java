package io.github.ticketcaravan.mail;

import java.util.Locale;

/** What becomes of a mail, and so which folder it goes to. */
public enum Decision {
    /** There is something to send to the help desk. */
    EXECUTE,
    /** The sender is known to be who he says, but there is nothing that could be sent, or that he may. */
    REFUSE,
    /** A program wrote it: not executed and not answered. */
    IGNORE,
    /** Nobody can tell whether the sender is who he says, or what this is: not executed and not answered. */
    QUARANTINE;

    /** {@code execute}, {@code refuse}, {@code ignore}, {@code quarantine}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
