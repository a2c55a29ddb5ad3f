package io.github.ticketcaravan.update;

import java.util.Locale;

/** The kinds of place an instruction comes from. */
public enum Source {
    CSV,
    MAIL,
    QUEUE,
    CLI;

    /** The word for it in receipts, dead letters and options: {@code csv}, {@code mail}, {@code queue}, {@code cli}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
