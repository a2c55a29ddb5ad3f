package io.github.ticketcaravan.sandbox;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One way in which requests fail, and how often: {@code KIND:PERCENT%}, then {@code :before} (the default) or
 * {@code :after} the change was made, and {@code :retry-after=SECONDS} for a status. Kinds: a status from 400 to 599;
 * {@code reset} of the connection; {@code timeout}, that is no answer; {@code html}, a proxy's page with status 200.
 *
 * @param kind what happens
 * @param status the status, for {@link Kind#STATUS}; else 0
 * @param percent how many of a hundred requests
 * @param moment before or after the change was made
 * @param retryAfter seconds, sent as the header {@code Retry-After}; null for none
 */
public record Fault(
        Kind kind,
        int status,
        BigDecimal percent,
        Moment moment,
        @Nullable Integer retryAfter) {

    /** What happens instead of an answer. */
    public enum Kind {
        STATUS,
        RESET,
        TIMEOUT,
        HTML
    }

    /** Whether the change was made nevertheless. */
    public enum Moment {
        BEFORE,
        AFTER
    }

    private static final Pattern HEAD = Pattern.compile("([a-z]+|[0-9]+):([0-9]{1,3}(?:\\.[0-9]{1,9})?)%");

    /** Reads the form above; throws {@link IllegalArgumentException} with a sentence that says what was expected. */
    public static Fault parse(String text) {
        String[] parts = text.strip().toLowerCase(Locale.ROOT).split(":", -1);
        Matcher head = HEAD.matcher(parts.length < 2 ? parts[0] : parts[0] + ":" + parts[1]);
        if (!head.matches()) {
            throw wrong(text, "it begins with what fails and how often");
        }
        BigDecimal percent = new BigDecimal(head.group(2));
        if (percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw wrong(text, "at most 100% of the requests can fail");
        }
        int status = 0;
        Kind kind;
        switch (head.group(1)) {
            case "reset" -> kind = Kind.RESET;
            case "timeout" -> kind = Kind.TIMEOUT;
            case "html" -> kind = Kind.HTML;
            default -> {
                kind = Kind.STATUS;
                if (!head.group(1).matches("[45][0-9]{2}")) {
                    throw wrong(
                            text,
                            "'" + head.group(1) + "' is neither a status from 400 to 599 nor reset, timeout or html");
                }
                status = Integer.parseInt(head.group(1));
            }
        }
        Moment moment = Moment.BEFORE;
        Integer retryAfter = null;
        for (int i = 2; i < parts.length; i++) {
            if (parts[i].equals("before")) {
                moment = Moment.BEFORE;
            } else if (parts[i].equals("after")) {
                moment = Moment.AFTER;
            } else if (kind == Kind.STATUS && parts[i].matches("retry-after=[0-9]{1,6}")) {
                retryAfter = Integer.valueOf(parts[i].substring("retry-after=".length()));
            } else {
                throw wrong(
                        text, "'" + parts[i] + "' is neither before, after nor (with a status) retry-after=SECONDS");
            }
        }
        return new Fault(kind, status, percent, moment, retryAfter);
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("'" + Refusal.excerpt(text) + "' is no fault: " + why
                + "; write for example 503:2%, 429:1%:retry-after=3, reset:0.5%:after, timeout:0.1% or html:0.5%");
    }

    /** The kind as it is written: {@code 503}, {@code reset}. */
    String what() {
        return kind == Kind.STATUS ? String.valueOf(status) : kind.name().toLowerCase(Locale.ROOT);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return what() + ":" + percent.toPlainString() + "%"
                + (moment == Moment.AFTER ? ":after" : "")
                + (retryAfter == null ? "" : ":retry-after=" + retryAfter);
    }
}
