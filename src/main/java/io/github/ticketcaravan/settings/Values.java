package io.github.ticketcaravan.settings;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The raw values of all keys, read as the type a record wants them in.
 *
 * <p>A value given with {@code --set} wins over one from the environment ({@code CARAVAN_ENDPOINT_TOKEN} for
 * {@code caravan.endpoint.token}), that over one from the file. A blank value means the default. Each key asked
 * for is remembered, so that {@link #refuseUnknown} can tell misspelt ones. A secret can stand in a file too, which
 * {@code KEY-file} names. Not safe for several threads.
 */
public final class Values {

    /** What doubles with each retry must not overflow. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private static final Map<String, Integer> BYTES =
            Map.of("", 1, "b", 1, "kb", 1_000, "mb", 1_000_000, "gb", 1_000_000_000);

    private static final String FILE = "-file";

    private final Map<String, String> file;
    private final Map<String, String> environment;
    private final Map<String, String> set;
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> secrets = new LinkedHashSet<>();

    public Values(Map<String, String> file, Map<String, String> environment, Map<String, String> set) {
        this.file = file;
        this.environment = environment;
        this.set = set;
    }

    /** The value without surrounding blanks; null where it is not given or blank. */
    @Nullable
    String optional(String key) {
        known.add(key);
        return given(key);
    }

    private @Nullable String given(String key) {
        String value = set.get(key);
        if (value == null) {
            value = environment.get(environmentName(key));
        }
        if (value == null) {
            value = file.get(key);
        }
        return value == null || value.isBlank() ? null : value.strip();
    }

    /**
     * A value that nobody else should see: of the key, or the first line of the file that {@code KEY-file} names.
     *
     * @throws SettingsException if both are given, or the file cannot be used; without the value
     */
    @Nullable
    String secret(String key) {
        String fileKey = key + FILE;
        String value = optional(key);
        String name = given(fileKey);
        secrets.add(key);
        if (name == null) {
            return value;
        }
        if (value != null) {
            throw new SettingsException(
                    key + " (not shown here) and " + fileKey + "=" + name + " are both given: take one out");
        }
        try {
            Path path = Path.of(name);
            String line = path.isAbsolute()
                    ? Files.readString(path).lines().findFirst().orElse("").strip()
                    : "";
            if (line.isEmpty()) {
                throw refused(fileKey, name, "an absolute path to a file whose first line is the value");
            }
            return line;
        } catch (IOException | InvalidPathException e) {
            throw new SettingsException(
                    fileKey + "=" + name + " cannot be read (" + e.getClass().getSimpleName()
                            + "): expected a file in UTF-8 whose first line is the value, and which this user may read",
                    e);
        }
    }

    /** The secrets that were given with {@code --set}, whose values all users of the machine can see. */
    public Set<String> secretsSet() {
        Set<String> given = new LinkedHashSet<>(secrets);
        given.removeIf(key ->
                set.getOrDefault(key, "").isBlank() || EndpointSettings.PRACTICE_CREDENTIAL.equals(set.get(key)));
        return given;
    }

    private boolean isKnown(String key) {
        return known.contains(key)
                || (key.endsWith(FILE) && secrets.contains(key.substring(0, key.length() - FILE.length())));
    }

    static String environmentName(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    String text(String key, String otherwise) {
        String value = optional(key);
        return value == null ? otherwise : value;
    }

    int whole(String key, int otherwise, int least, int most) {
        String expected = "a whole number from " + least + " to " + most;
        return parse(key, otherwise, expected, value -> {
            int number = Integer.parseInt(value);
            return number < least || number > most ? null : number;
        });
    }

    double number(String key, double otherwise, double least) {
        return parse(key, otherwise, "a number, " + (long) least + " or more, such as 2.5", value -> {
            double number = Double.parseDouble(value);
            return number >= least && Double.isFinite(number) ? number : null;
        });
    }

    Duration duration(String key, Duration otherwise, Duration least) {
        String expected = "a duration such as 500ms, 30s, 5m or 2h, from " + Durations.written(least) + " to "
                + Durations.written(LONGEST);
        return parse(key, otherwise, expected, value -> {
            Duration duration = Durations.parse(value);
            boolean usable = duration != null && duration.compareTo(least) >= 0 && duration.compareTo(LONGEST) <= 0;
            return usable ? duration : null;
        });
    }

    /** A number of bytes: {@code 10MB}, {@code 500kB}, {@code 2GB}, in powers of ten, or without a unit. */
    long bytes(String key, long otherwise, long least, long most) {
        String expected = "a size such as 500kB or 10MB, from " + least + " to " + most + " bytes";
        return parse(key, otherwise, expected, value -> {
            int unit = 0;
            while (unit < value.length() && value.charAt(unit) >= '0' && value.charAt(unit) <= '9') {
                unit++;
            }
            Integer factor = BYTES.get(value.substring(unit).strip().toLowerCase(Locale.ROOT));
            if (unit == 0 || unit > 12 || factor == null) {
                return null;
            }
            long number = Long.parseLong(value.substring(0, unit)) * factor;
            return number < least || number > most ? null : number;
        });
    }

    <T> T choice(String key, T otherwise, Map<String, T> choices) {
        String expected = "one of " + String.join(", ", new TreeSet<>(choices.keySet()));
        return parse(key, otherwise, expected, value -> choices.get(value.toLowerCase(Locale.ROOT)));
    }

    ZoneId zone(String key, String otherwise) {
        return parse(key, ZoneId.of(otherwise), "a time zone such as UTC or Europe/Berlin", value -> {
            try {
                return ZoneId.of(value);
            } catch (DateTimeException notAZone) {
                return null;
            }
        });
    }

    Charset charset(String key, Charset otherwise) {
        return parse(key, otherwise, "a character set such as UTF-8 or windows-1252", Charset::forName);
    }

    /** The URI of a Camel endpoint; null where it is not given. */
    @Nullable
    String endpoint(String key) {
        return parse(
                key,
                "a Camel endpoint, such as https://example.com/hook or file:letters",
                value -> value.indexOf(':') > 0 ? value : null);
    }

    /** A folder or file; a relative one is resolved against {@code base}. */
    Path path(String key, Path base, String otherwise) {
        return parse(key, base.resolve(otherwise).normalize(), "a path", value -> {
            try {
                return base.resolve(value).normalize();
            } catch (InvalidPathException notAPath) {
                return null;
            }
        });
    }

    /** The same; null where it is not given. */
    @Nullable
    Path optionalPath(String key, Path base) {
        return optional(key) == null ? null : path(key, base, "");
    }

    /** The elements of a comma-separated list, in order. */
    Set<String> list(String key) {
        String value = optional(key);
        Set<String> elements = new LinkedHashSet<>();
        if (value != null) {
            for (String element : value.split(",", -1)) {
                if (!element.isBlank()) {
                    elements.add(element.strip());
                }
            }
        }
        return elements;
    }

    /** The pairs of a comma-separated list of {@code from=to}, in order. */
    Map<String, String> pairs(String key) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String element : list(key)) {
            int equals = element.indexOf('=');
            if (equals < 1 || equals == element.length() - 1) {
                throw refused(key, element, "NAME=NAME, several separated by commas");
            }
            pairs.put(
                    element.substring(0, equals).strip(),
                    element.substring(equals + 1).strip());
        }
        return pairs;
    }

    /** Stops on a {@code caravan.} key of the file or of {@code --set} that no record has asked for. */
    void refuseUnknown() {
        for (Map<String, String> given : java.util.List.of(set, file)) {
            for (String key : given.keySet()) {
                if (key.startsWith("caravan.") && !isKnown(key)) {
                    throw new SettingsException(key + ": there is no such key"
                            + NearestKey.of(key, known)
                                    .map(near -> "; did you mean " + near + "?")
                                    .orElse(""));
                }
            }
        }
    }

    <T> T parse(String key, T otherwise, String expected, Function<String, @Nullable T> parser) {
        T parsed = parse(key, expected, parser);
        return parsed == null ? otherwise : parsed;
    }

    /** Null where the key is not given. */
    <T> @Nullable T parse(String key, String expected, Function<String, @Nullable T> parser) {
        String value = optional(key);
        if (value == null) {
            return null;
        }
        T parsed;
        try {
            parsed = parser.apply(value);
        } catch (IllegalArgumentException notOfThatForm) {
            parsed = null;
        }
        if (parsed == null) {
            throw refused(key, value, expected);
        }
        return parsed;
    }

    static SettingsException refused(String key, String value, String expected) {
        return new SettingsException(key + "=" + value + ": expected " + expected);
    }
}
