package io.github.ticketcaravan.mail;

/** Whether a mail is answered. */
public enum Answering {
    ALWAYS,
    /** Only if something in it was not applied, or nothing could be read. */
    ERRORS,
    NEVER
}
