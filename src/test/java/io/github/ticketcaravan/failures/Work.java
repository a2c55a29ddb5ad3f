package io.github.ticketcaravan.failures;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ordered work that every source is given: rounds, each of which sets every ticket to the next number. So an update
 * that arrives behind a later one of its ticket is seen at the help desk as a number that is lower than one before.
 */
final class Work {

    static final int TICKETS = 10;

    private int number;

    /** The next so many rounds. */
    List<Update> next(int rounds) {
        List<Update> updates = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (int ticket = 0; ticket < TICKETS; ticket++) {
                updates.add(new Update("LF-10000" + ticket, number++));
            }
        }
        return updates;
    }

    /** Each ticket's numbers, in order. */
    static Map<String, List<Integer>> byTicket(List<Update> updates) {
        Map<String, List<Integer>> numbers = new HashMap<>();
        updates.forEach(update -> numbers.computeIfAbsent(update.ticket(), ticket -> new ArrayList<>())
                .add(update.number()));
        return numbers;
    }
}
