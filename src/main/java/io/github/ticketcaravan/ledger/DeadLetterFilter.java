package io.github.ticketcaravan.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant; null matches all.
 *
 * @param states of {@link DeadLetter}; empty: all
 */
public record DeadLetterFilter(
        @Nullable Long importId,
        @Nullable String source,
        @Nullable String ticket,
        @Nullable String outcome,
        @Nullable Integer status,
        Set<String> states) {

    /** What still waits for somebody to do something about it. */
    public static final Set<String> PENDING = Set.of("open", "requested");

    /** Those of one import, whatever has become of them since. */
    public static DeadLetterFilter ofImport(long importId) {
        return new DeadLetterFilter(importId, null, null, null, null, Set.of());
    }

    public static DeadLetterFilter inStates(Set<String> states) {
        return new DeadLetterFilter(null, null, null, null, null, states);
    }

    /** Column to value, of those that are given. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        put(values, "import_id", importId);
        put(values, "source", source);
        put(values, "ticket", ticket);
        put(values, "outcome", outcome);
        put(values, "status", status);
        return values;
    }

    private static void put(Map<String, Object> values, String column, @Nullable Object value) {
        if (value != null) {
            values.put(column, value);
        }
    }

    /** A condition on the columns of {@link #values}, to be bound by name. */
    String where() {
        List<String> conditions = new ArrayList<>();
        values().keySet().forEach(column -> conditions.add(column + " = :" + column));
        if (!states.isEmpty()) {
            conditions.add("state in ("
                    + states.stream().map(state -> "'" + state + "'").collect(Collectors.joining(", ")) + ")");
        }
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }
}
