package io.github.ticketcaravan.update;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every parameter of {@code /api/v2/tickets/update}, in the specification's order and under its names.
 *
 * <p>People write the names in their own way: case, spaces, {@code -} and {@code _} do not matter
 * ({@code Reply due at} is {@code reply_due_at}). A custom field is {@code custom[name]}, {@code custom.name} or
 * {@code cf.name}; its name is taken as it is written, case and spaces included.
 */
public enum Parameter {
    TICKET("ticket", Kind.REFERENCE),
    STATUS("status", Kind.REFERENCE),
    PRIORITY("priority", Kind.REFERENCE),
    DEPARTMENT("department", Kind.ID),
    SLA("sla", Kind.REFERENCE),
    TEAM("team", Kind.REFERENCE),
    USER("user", Kind.REFERENCE),
    SUBJECT("subject", Kind.LINE),
    TAG_LIST("tag_list", Kind.TEXT),
    UPDATED_AT("updated_at", Kind.DATE),
    REPLY_DUE_AT("reply_due_at", Kind.DATE),
    RESOLUTION_DUE_AT("resolution_due_at", Kind.DATE),
    CUSTOM("custom[fieldname]", Kind.TEXT),
    CONTACT_METHOD("contact_method", Kind.ID),
    CONTACT_METHOD_DATA("contact_method_data", Kind.TEXT),
    CONTACT_NAME("contact_name", Kind.LINE),
    ADDITIONAL_CONTACT_METHODS("additional_contact_methods", Kind.LIST);

    /** What a value is. */
    enum Kind {
        /** The name or ID of something in the help desk, on one line; white space around it means nothing. */
        REFERENCE,
        /** Digits. */
        ID,
        /** Text on one line, taken as it is. */
        LINE,
        /** Text taken as it is, line breaks included. */
        TEXT,
        DATE,
        /** Separated by commas, none of them empty. */
        LIST
    }

    private static final String CUSTOM_OPEN = "custom[";
    private static final int LONGEST_COMPARED = 64;
    private static final int SHORTEST_MISSPELT = 3;

    private static final Map<String, Parameter> BY_API_NAME = new HashMap<>();
    private static final Map<String, Parameter> BY_KEY = new HashMap<>();

    static {
        for (Parameter parameter : values()) {
            if (parameter != CUSTOM) {
                BY_API_NAME.put(parameter.apiName, parameter);
                BY_KEY.put(key(parameter.apiName), parameter);
            }
        }
    }

    private final String apiName;
    private final Kind kind;

    Parameter(String apiName, Kind kind) {
        this.apiName = apiName;
        this.kind = kind;
    }

    /** The specification's name for it; for {@link #CUSTOM} the pattern {@code custom[fieldname]}. */
    public String apiName() {
        return apiName;
    }

    Kind kind() {
        return kind;
    }

    /** The API's name for what someone wrote, if it is a parameter: {@code Reply-due at} is {@code reply_due_at}. */
    public static Optional<String> canonicalName(String written) {
        String name = written.strip();
        Parameter known = BY_KEY.get(key(name));
        if (known != null) {
            return Optional.of(known.apiName);
        }
        int bracket = name.indexOf('[');
        int dot = name.indexOf('.');
        if (bracket > 0 && (dot < 0 || bracket < dot) && name.endsWith("]") && isCustom(name.substring(0, bracket))) {
            return Optional.of(custom(name.substring(bracket + 1, name.length() - 1)));
        }
        if (dot > 0 && isCustom(name.substring(0, dot))) {
            return Optional.of(custom(name.substring(dot + 1)));
        }
        return Optional.empty();
    }

    /** {@code custom[fieldName]}. */
    public static String custom(String fieldName) {
        return CUSTOM_OPEN + fieldName + "]";
    }

    /** What is wrong with the name of a custom field, if {@code apiName} is one and something is. */
    public static Optional<String> problemWithName(String apiName) {
        if (!apiName.startsWith(CUSTOM_OPEN)) {
            return Optional.empty();
        }
        for (int i = CUSTOM_OPEN.length(); i < apiName.length() - 1; i++) {
            char c = apiName.charAt(i);
            if (c == '[' || c == ']') {
                return Optional.of("the custom field's name has a bracket in it: expected custom[name], the name being "
                        + "the field's system name without brackets");
            }
            if (Character.isISOControl(c)) {
                return Optional.of("the custom field's name has a control character (a tab or line break, say) in it: "
                        + "expected the field's system name");
            }
            if (Characters.isHalf(apiName, i)) {
                return Optional.of("the custom field's name has half of a surrogate pair in it: expected the field's "
                        + "system name");
            }
        }
        return apiName.substring(CUSTOM_OPEN.length(), apiName.length() - 1).isBlank()
                ? Optional.of("the custom field has no name: expected custom[name], the name being the field's "
                        + "system name")
                : Optional.empty();
    }

    /**
     * The API's names nearest to what someone wrote, by edit distance: at least one, at most three. A name of
     * which the beginning was written, or the other way round, is near ({@code prio}, {@code status_name}).
     */
    public static List<String> nearest(String written) {
        String key = key(written);
        String shortened = key.substring(0, Math.min(key.length(), LONGEST_COMPARED));
        Map<Parameter, Integer> distances = new EnumMap<>(Parameter.class);
        for (Parameter parameter : values()) {
            distances.put(parameter, distance(shortened, parameter));
        }
        Integer least = Collections.min(distances.values());
        return distances.keySet().stream()
                .filter(parameter -> least.equals(distances.get(parameter)))
                .map(Parameter::apiName)
                .limit(3)
                .toList();
    }

    /** Whether a word that is no parameter's name is within two letters of one, and so most likely meant to be it. */
    public static boolean isMisspelt(String word) {
        String key = key(word);
        if (key.length() < SHORTEST_MISSPELT || key.length() > LONGEST_COMPARED || BY_KEY.containsKey(key)) {
            return false;
        }
        for (Parameter parameter : values()) {
            if (letters(key, compared(parameter)) <= 2) {
                return true;
            }
        }
        return false;
    }

    /** The parameter of which {@code apiName} is the exact name. */
    static @Nullable Parameter ofApiName(String apiName) {
        Parameter known = BY_API_NAME.get(apiName);
        return known == null && apiName.startsWith(CUSTOM_OPEN) && apiName.endsWith("]") ? CUSTOM : known;
    }

    private static boolean isCustom(String prefix) {
        String key = key(prefix);
        return key.equals("custom") || key.equals("cf");
    }

    private static String key(String written) {
        var key = new StringBuilder(written.length());
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c != '-' && c != '_' && !Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
                key.append(c);
            }
        }
        return key.toString().toLowerCase(Locale.ROOT);
    }

    private static String compared(Parameter parameter) {
        return parameter == CUSTOM ? "custom" : key(parameter.apiName);
    }

    private static int distance(String key, Parameter parameter) {
        String known = compared(parameter);
        if (key.length() >= 3 && (known.startsWith(key) || key.startsWith(known))) {
            return 1;
        }
        return letters(key, known);
    }

    /** How many letters have to be put in, taken out or replaced to make one of the other. */
    private static int letters(String key, String known) {
        int[] previous = new int[known.length() + 1];
        Arrays.setAll(previous, i -> i);
        for (int i = 1; i <= key.length(); i++) {
            int[] current = new int[known.length() + 1];
            current[0] = i;
            for (int j = 1; j <= known.length(); j++) {
                int replaced = previous[j - 1] + (key.charAt(i - 1) == known.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[known.length()];
    }
}
