package io.github.ticketcaravan.cli;

/** What commands end with. */
final class ExitCode {

    /** All was applied. */
    static final int APPLIED = 0;
    /** Some updates became dead letters. */
    static final int REFUSED = 1;
    /** Usage, configuration or an unreadable file: nothing was sent. */
    static final int UNUSABLE = 2;
    /** Stopped before the end; the same command goes on where it stopped. */
    static final int STOPPED = 3;

    private ExitCode() {}
}
