package io.github.ticketcaravan.mail;

import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.update.TicketUpdate;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who may change what by mail: {@code config/senders.yaml}. Nobody is in it by default. Immutable; safe for use by
 * several threads.
 */
public final class Senders {

    private Senders() {}

    /** What one sender may. */
    public interface Rights {

        Answering answering();

        /** The update, with a problem for everything in it that this sender may not do. */
        TicketUpdate check(TicketUpdate update);
    }

    /**
     * Reads the file.
     *
     * @throws SettingsException naming file, place and remedy of what is wrong in it
     */
    public static Senders read(Path file) {
        return new Senders();
    }

    /** What is written for this address, or else for its domain. */
    public Optional<Rights> rightsOf(String address) {
        return Optional.empty();
    }
}
