package io.github.ticketcaravan.mail;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The references of a value: separated by commas, semicolons or spaces, perhaps in brackets. */
final class TicketList {

    private static final Set<String> BETWEEN = Set.of("and", "&", "+", "und", "et", "y");

    private final Set<String> references = new LinkedHashSet<>();
    private final List<String> others = new ArrayList<>();

    static TicketList of(String value) {
        var tickets = new TicketList();
        int begin = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length()
                    || value.charAt(i) == ','
                    || value.charAt(i) == ';'
                    || Lines.isSpace(value.charAt(i))) {
                tickets.add(value.substring(begin, i));
                begin = i + 1;
            }
        }
        return tickets;
    }

    private void add(String written) {
        String reference = Lines.clean(Lines.withoutInvisible(written))
                .replace('\u2010', '-')
                .replace('\u2011', '-');
        if (reference.startsWith("[") && reference.endsWith("]")) {
            reference = reference.substring(1, reference.length() - 1);
        }
        if (reference.startsWith("#")) {
            reference = reference.substring(1);
        }
        if (reference.isEmpty() || BETWEEN.contains(reference.toLowerCase(Locale.ROOT))) {
            return;
        }
        boolean hasDigit = reference.chars().anyMatch(Character::isDigit);
        boolean plain = reference.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-_./#".indexOf(c) >= 0);
        if (hasDigit && plain) {
            references.add(reference);
        } else {
            others.add(reference);
        }
    }

    /** In the order they are given, each once. */
    Set<String> references() {
        return references;
    }

    /** What is no reference. */
    List<String> others() {
        return others;
    }
}
