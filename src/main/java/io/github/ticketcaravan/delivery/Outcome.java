package io.github.ticketcaravan.delivery;

import java.util.Locale;

/** What became of an update; each ends in exactly one of these. */
public enum Outcome {
    /** The endpoint has carried it out. */
    APPLIED,
    /** Refused here, before anything was sent. */
    INVALID,
    /** Refused there, and would be again. */
    REJECTED,
    /** Its attempts are used up without an answer that settles it. */
    FAILED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The word for it in receipts, dead letters and options: {@code applied}, {@code invalid} and so on. */
    public String word() {
        return word;
    }

    /** The outcome of that {@link #word}. */
    public static Outcome of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    public boolean isDeadLetter() {
        return this != APPLIED;
    }
}
