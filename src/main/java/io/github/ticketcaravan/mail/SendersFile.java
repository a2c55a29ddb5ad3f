package io.github.ticketcaravan.mail;

import static io.github.ticketcaravan.update.Problem.quote;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.update.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads {@code senders.yaml}, or says where in it something is wrong and how to mend it. */
final class SendersFile {

    private static final ObjectReader READER = YAMLMapper.builder()
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .readerFor(Content.class);

    private static final String ALL = "*";

    private final Path file;

    private SendersFile(Path file) {
        this.file = file;
    }

    /** The file as it is written. */
    record Content(@Nullable List<@Nullable Entry> senders) {}

    /** One of its entries. */
    record Entry(
            @Nullable String from,

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
            List<@Nullable String> may,

            @Nullable Map<String, @Nullable List<@Nullable String>> values,
            @Nullable String tickets,
            @Nullable Answering answer) {}

    static Map<String, Senders.Rights> read(Path file) {
        try {
            String text = Files.readString(file);
            Content content = READER.readValue(text.isBlank() ? "senders: []" : text);
            return new SendersFile(file).rights(content == null ? null : content.senders);
        } catch (NoSuchFileException e) {
            throw new SettingsException(
                    "caravan.mail.senders=" + file + ": there is no such file; name the one that says who may change"
                            + " tickets by mail (shipped as config/senders.yaml)",
                    e);
        } catch (JsonProcessingException e) {
            throw new SettingsException(file + place(e) + ": " + reason(e) + "; mend that line and start again", e);
        } catch (IOException e) {
            throw new SettingsException(
                    "caravan.mail.senders=" + file + " cannot be read (" + e + "): expected a file in UTF-8", e);
        }
    }

    private Map<String, Senders.Rights> rights(@Nullable List<@Nullable Entry> entries) {
        Map<String, Senders.Rights> rights = new HashMap<>();
        int number = 0;
        for (Entry entry : entries == null ? List.<@Nullable Entry>of() : entries) {
            String place = "senders[" + ++number + "]";
            if (entry == null) {
                throw refused(place, "the entry is empty", "fill it, or take it out");
            }
            String from = from(place + ".from", entry.from);
            if (rights.put(from, rights(place, entry)) != null) {
                throw refused(place + ".from", quote(from) + " is there twice", "write one entry for it");
            }
        }
        return rights;
    }

    private Senders.Rights rights(String place, Entry entry) {
        Set<String> parameters = parameters(place + ".may", entry.may);
        String tickets = entry.tickets;
        if (tickets != null && tickets.isBlank()) {
            throw refused(
                    place + ".tickets", "it is empty", "write a pattern such as LF-*, or take it out to allow all");
        }
        Answering answering = entry.answer == null ? Answering.ALWAYS : entry.answer;
        Map<String, Set<String>> values = new LinkedHashMap<>();
        var named = new Senders.Rights(parameters, Map.of(), null, answering);
        if (entry.values != null) {
            entry.values.forEach((written, allowed) -> {
                String at = place + ".values." + written;
                String name = parameter(at, written);
                if (!named.mayChange(name)) {
                    throw refused(at, quote(name) + " is not in may", "add it there, or take it out here");
                }
                if (values.put(Senders.Rights.comparableName(name), values(at, allowed)) != null) {
                    throw refused(at, quote(name) + " is there twice", "write all of its values in one list");
                }
            });
        }
        return new Senders.Rights(parameters, values, tickets == null ? null : tickets.strip(), answering);
    }

    private String from(String place, @Nullable String from) {
        String remedy = "write an address such as adam@example.com, or *@example.com for a domain";
        if (from == null || from.isBlank()) {
            throw refused(place, "it is missing", remedy);
        }
        String written = from.strip();
        boolean wholeDomain = written.startsWith("*@");
        Address address = Address.parse(wholeDomain ? "a" + written.substring(1) : written);
        if (address == null || address.local().contains("*") || address.domain().contains("*")) {
            throw refused(place, quote(written) + " is neither an address nor a domain", remedy);
        }
        return wholeDomain ? "*@" + address.domain() : address.toString();
    }

    /** Null where all may be changed. */
    private @Nullable Set<String> parameters(String place, @Nullable List<@Nullable String> may) {
        if (may == null || may.isEmpty()) {
            throw refused(place, "it is missing", "list the parameters that may be changed, or write \"*\" for all");
        }
        Set<String> parameters = new HashSet<>();
        for (String written : may) {
            if (ALL.equals(written)) {
                if (may.size() > 1) {
                    throw refused(
                            place, "'*' stands for all, but more is listed", "write \"*\" alone, or leave it out");
                }
                return null;
            }
            parameters.add(parameter(place, written));
        }
        return parameters;
    }

    private String parameter(String place, @Nullable String written) {
        String name = Parameter.canonicalName(written == null ? "" : written).orElse(null);
        if (name == null || name.equals(Parameter.TICKET.apiName())) {
            throw refused(
                    place,
                    quote(String.valueOf(written)) + " is no parameter that can be changed",
                    "the nearest is " + String.join(", ", Parameter.nearest(String.valueOf(written))));
        }
        Parameter.problemWithName(name).ifPresent(problem -> {
            throw refused(place, quote(name) + ": " + problem, "write custom[name], or \"custom[*]\" for all");
        });
        return name;
    }

    private Set<String> values(String place, @Nullable List<@Nullable String> allowed) {
        if (allowed == null || allowed.isEmpty()) {
            throw refused(place, "it has no values", "list those that are allowed, or take it out to allow all");
        }
        return allowed.stream()
                .map(value -> value == null || value.equals("\\empty") ? "" : Senders.Rights.comparable(value))
                .collect(Collectors.toSet());
    }

    private SettingsException refused(String place, String problem, String remedy) {
        return new SettingsException(file + ", " + place + ": " + problem + "; " + remedy);
    }

    private static String place(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        String line = location == null || location.getLineNr() < 1
                ? ""
                : ", line " + location.getLineNr() + ", column " + location.getColumnNr();
        var path = new StringBuilder();
        if (e instanceof JsonMappingException mapping) {
            for (JsonMappingException.Reference step : mapping.getPath()) {
                if (step.getFieldName() == null) {
                    path.append('[').append(step.getIndex() + 1).append(']');
                } else {
                    path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
                }
            }
        }
        return line + (path.isEmpty() ? "" : ", " + path);
    }

    /** In the operator's words: the library's speak of Java's types. */
    private static String reason(JsonProcessingException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "'" + unknown.getPropertyName() + "' is not known here, but "
                    + new TreeSet<>(unknown.getKnownPropertyIds()) + " are";
        }
        if (e instanceof InvalidFormatException format && format.getTargetType() == Answering.class) {
            return "'" + format.getValue() + "' is not one of always, errors, never";
        }
        if (e instanceof JsonMappingException) {
            return e.getOriginalMessage().toLowerCase(Locale.ROOT).startsWith("duplicate")
                    ? e.getOriginalMessage()
                    : "it has another form than expected (a list of entries with from, may, values, tickets, answer)";
        }
        return e.getOriginalMessage()
                .lines()
                .findFirst()
                .orElse("it is no YAML")
                .strip();
    }
}
