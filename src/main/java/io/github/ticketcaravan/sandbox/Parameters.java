package io.github.ticketcaravan.sandbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request's parameters, in the order in which they first appeared. Names are case-insensitive; of several values
 * the last one given counts.
 */
final class Parameters {

    /** One parameter; its name as it was written. */
    record Parameter(String name, String value) {}

    private static final String CUSTOM = "custom[";

    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final List<String> ignored = new ArrayList<>();

    void put(String name, String value) {
        parameters.put(folded(name), new Parameter(name, value));
    }

    /** A part of a multipart body that is no parameter. */
    void ignore(String name) {
        ignored.add(name);
    }

    List<String> ignored() {
        return ignored;
    }

    boolean has(String name) {
        return parameters.containsKey(name);
    }

    @Nullable
    String get(String name) {
        Parameter parameter = parameters.get(name);
        return parameter == null ? null : parameter.value();
    }

    Collection<Parameter> all() {
        return parameters.values();
    }

    static boolean isCustomField(String foldedName) {
        return foldedName.startsWith(CUSTOM) && foldedName.endsWith("]");
    }

    static Set<String> union(Set<String> names, Set<String> others) {
        return Stream.concat(names.stream(), others.stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Calls with the system name and the value of each {@code custom[system name]}. */
    void forEachCustomField(BiConsumer<String, String> consumer) {
        parameters.forEach((name, parameter) -> {
            if (isCustomField(name)) {
                consumer.accept(name.substring(CUSTOM.length(), name.length() - 1), parameter.value());
            }
        });
    }

    static String customField(String systemName) {
        return CUSTOM + systemName + "]";
    }

    static String folded(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
