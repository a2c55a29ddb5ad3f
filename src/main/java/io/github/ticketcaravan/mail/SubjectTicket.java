package io.github.ticketcaravan.mail;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tickets that a subject names: {@code [LF-616004]}, or {@code LF-616004} as a word. */
final class SubjectTicket {

    /** Bounded in every part, so it takes no longer than the subject is long. */
    private static final Pattern IN_BRACKETS = Pattern.compile("\\[\\s?#?([A-Za-z]{1,10}-[0-9]{1,12})\\s?]");

    private static final Pattern AS_A_WORD =
            Pattern.compile("(?<![\\p{L}\\p{N}_-])[A-Z]{2}-[0-9]{6}(?![\\p{L}\\p{N}_-])");

    private SubjectTicket() {}

    /** In the order of the subject; those in brackets alone, where there are any. */
    static List<String> in(String subject) {
        Set<String> tickets = new LinkedHashSet<>();
        Matcher bracketed = IN_BRACKETS.matcher(subject);
        while (bracketed.find()) {
            tickets.add(bracketed.group(1));
        }
        if (tickets.isEmpty()) {
            Matcher word = AS_A_WORD.matcher(subject);
            while (word.find()) {
                tickets.add(word.group());
            }
        }
        return List.copyOf(tickets);
    }
}
