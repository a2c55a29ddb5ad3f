package io.github.ticketcaravan.wiring;

/**
 * One thing that has to be right before Ticket Caravan can do its work, as {@code caravan doctor} looks at it.
 *
 * <p>Looking changes no ticket, no mail and no message, and takes seconds at most.
 */
public interface Check {

    /** What is looked at, in a word or two. */
    String name();

    /**
     * Looks at it.
     *
     * @return what was found, in a few words, where it is right; also where it is not configured and need not be
     * @throws Exception where it is not; the message says what is wrong and the remedy, and holds no secret
     */
    String find() throws Exception;
}
