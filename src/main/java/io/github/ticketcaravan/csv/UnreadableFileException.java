package io.github.ticketcaravan.csv;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file that cannot be read as a whole; the message is one sentence with file, place, value and remedy. */
public final class UnreadableFileException extends IOException {

    private static final long serialVersionUID = 1L;

    UnreadableFileException(String message) {
        this(message, null);
    }

    UnreadableFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
