package io.github.ticketcaravan.mail;

/** A mail, or its text, that cannot be read; the message goes on after "the mail is not read: ". */
final class UnreadableMailException extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadableMailException(String message) {
        super(message);
    }

    UnreadableMailException(String message, Throwable cause) {
        super(message, cause);
    }
}
