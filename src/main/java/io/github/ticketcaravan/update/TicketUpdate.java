package io.github.ticketcaravan.update;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One instruction, from any source: the properties of one ticket to change. Immutable.
 *
 * @param origin where it came from
 * @param ticket the ticket's reference as given, trimmed; empty where none was given (then there is a problem too)
 * @param parameters the API's parameters in the order given, without {@code ticket}; an empty value clears
 * @param original the row, command or message as it came
 * @param problems what is wrong with it; where there is any, it is never sent and its outcome is {@code invalid}
 * @param warnings what is odd about it, but does not keep it from being sent
 * @param replayOf the ID of the dead letter that this instruction replays, if it does
 */
public record TicketUpdate(
        Origin origin,
        String ticket,
        Map<String, String> parameters,
        String original,
        List<Problem> problems,
        List<Problem> warnings,
        @Nullable String replayOf) {

    public TicketUpdate {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /** The same with one more problem. */
    public TicketUpdate with(Problem problem) {
        return with(List.of(problem));
    }

    /** The same with more problems, each of them once. */
    public TicketUpdate with(List<Problem> more) {
        Set<Problem> all = new LinkedHashSet<>(problems);
        all.addAll(more);
        return new TicketUpdate(origin, ticket, parameters, original, List.copyOf(all), warnings, replayOf);
    }

    /** The same as an instruction of its own, which replays no dead letter. */
    public TicketUpdate replayingNothing() {
        return new TicketUpdate(origin, ticket, parameters, original, problems, warnings, null);
    }

    public boolean isValid() {
        return problems.isEmpty();
    }
}
