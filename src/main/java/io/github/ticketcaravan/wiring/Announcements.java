package io.github.ticketcaravan.wiring;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator should know: into the log, and to {@code caravan.notify.uri} where that is set. */
final class Announcements {

    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private final Consumer<String> notify;

    Announcements(Consumer<String> notify) {
        this.notify = notify;
    }

    /** Something is wrong, or right again. */
    void warn(String sentence) {
        LOG.warn("{}", sentence);
        notify.accept(sentence);
    }

    /** Something has come to its end. */
    void tell(String sentence) {
        LOG.info("{}", sentence);
        notify.accept(sentence);
    }
}
