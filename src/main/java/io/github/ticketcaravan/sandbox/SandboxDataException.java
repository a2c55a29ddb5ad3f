package io.github.ticketcaravan.sandbox;

import org.jspecify.annotations.Nullable;

/** The data file cannot be used; the message names the file, the place in it and the remedy. */
public final class SandboxDataException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SandboxDataException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
