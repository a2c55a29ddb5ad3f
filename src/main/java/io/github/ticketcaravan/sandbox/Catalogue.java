package io.github.ticketcaravan.sandbox;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/** The objects of one kind, in the data file's order, to be found by name (whatever its case) or ID. */
final class Catalogue<T> {

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

    private final String kind;
    private final List<T> all;
    private final Map<Integer, T> byId = new HashMap<>();
    private final Map<String, T> byName = new HashMap<>();

    Catalogue(String kind, List<T> all, ToIntFunction<T> id, Function<T, String> name) {
        this.kind = kind;
        this.all = all;
        for (T each : all) {
            byId.put(id.applyAsInt(each), each);
            byName.put(folded(name.apply(each)), each);
        }
    }

    List<T> all() {
        return all;
    }

    /** The object with an ID that is known to exist. */
    T get(int id) {
        return Optional.ofNullable(byId.get(id)).orElseThrow();
    }

    /** By name or ID; a name wins where it looks like another's ID. */
    T find(String nameOrId) throws Refusal {
        T named = byName.get(folded(nameOrId));
        return named == null ? findById(nameOrId) : named;
    }

    T findById(String id) throws Refusal {
        return Optional.ofNullable(byId.get(number(id))).orElseThrow(() -> Refusal.notFound(kind, id));
    }

    private static String folded(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    /** The ID written in a text, or -1, which is nobody's. */
    static int number(String text) {
        String digits = text.strip();
        return DIGITS.matcher(digits).matches() ? Integer.parseInt(digits) : -1;
    }
}
