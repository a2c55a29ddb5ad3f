package io.github.ticketcaravan.queue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.ticketcaravan.update.Parameter;
import io.github.ticketcaravan.update.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One object of a message: the ticket, the parameters by the names as written, and what is wrong with their form.
 *
 * <p>{@code null} leaves a parameter alone, so it is not among them. A forwarded dead letter has what it would send
 * in {@code parameters}, and other fields beside it that are no parameters.
 */
record MessageObject(
        String ticket,
        Map<String, String> parameters,
        List<Problem> problems,
        @Nullable String deadLetterId) {

    /** A ticket has some twenty parameters and as many custom fields as somebody defined. */
    private static final int MOST_PARAMETERS = 500;

    private static final int LONGEST_NUMBER = 40;

    private static final Set<String> OF_A_DEAD_LETTER = Set.of("id", "source", "original", "outcome");

    /** What was read of an object, and what is wrong with it. */
    private record Fields(Map<String, String> values, List<Problem> problems) {

        Fields() {
            this(new LinkedHashMap<>(), new ArrayList<>());
        }

        /** However much is wrong, so much is told. */
        void add(Problem problem) {
            if (problems.size() < MOST_PARAMETERS) {
                problems.add(problem);
            } else if (problems.size() == MOST_PARAMETERS) {
                problems.add(new Problem("base", "has more than " + MOST_PARAMETERS + " parameters"));
            }
        }
    }

    /** Reads the object at whose beginning the parser stands, up to its end. */
    static MessageObject read(JsonParser parser) throws IOException {
        Fields top = new Fields();
        Map<String, Fields> nested = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            boolean mayNest = name.equals("custom") || name.equals("parameters") || name.equals("errors");
            if (mayNest && value == JsonToken.START_OBJECT) {
                if (nested.containsKey(name)) {
                    top.add(givenTwice(name));
                }
                nested.put(name, readNested(parser));
            } else {
                readValue(parser, name, name, top);
            }
        }
        return of(top, nested);
    }

    private static Fields readNested(JsonParser parser) throws IOException {
        Fields fields = new Fields();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            readValue(parser, name, name, fields);
        }
        return fields;
    }

    private static void readValue(JsonParser parser, String name, String shown, Fields fields) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_NULL -> {
                return;
            }
            case VALUE_STRING -> put(name, parser.getText(), fields);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                String number = parser.getText();
                if (number.length() > LONGEST_NUMBER) {
                    fields.add(new Problem(
                            Text.shown(shown),
                            "is a number of " + number.length() + " characters: expected at most " + LONGEST_NUMBER
                                    + ", or text in quotes"));
                } else {
                    put(name, number, fields);
                }
            }
            default -> {
                fields.add(new Problem(
                        Text.shown(shown),
                        "is " + describe(parser) + ": expected text or a number, \"\" to clear it, or null to leave"
                                + " it alone"));
                parser.skipChildren();
            }
        }
    }

    private static void put(String name, String value, Fields fields) {
        if (fields.values.size() >= MOST_PARAMETERS) {
            fields.add(new Problem(Text.shown(name), "is one of more than " + MOST_PARAMETERS + " parameters"));
            return;
        }
        String clean = Text.clean(value);
        if (!clean.equals(value)) {
            fields.add(new Problem(Text.shown(name), Text.BROKEN));
        }
        String cleanName = Text.clean(name);
        if (!cleanName.equals(name)) {
            fields.add(new Problem(Text.shown(name), "its name " + Text.BROKEN));
        }
        if (fields.values.putIfAbsent(cleanName, clean) != null) {
            fields.add(givenTwice(name));
        }
    }

    private static Problem givenTwice(String name) {
        return new Problem(Text.shown(name), "is given twice: expected one value");
    }

    private static MessageObject of(Fields top, Map<String, Fields> nested) {
        Fields letter = nested.remove("parameters");
        if (letter != null && top.values.keySet().containsAll(OF_A_DEAD_LETTER)) {
            return new MessageObject(
                    top.values.getOrDefault("ticket", ""), letter.values, letter.problems, top.values.get("id"));
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>(top.problems);
        String ticket = null;
        for (Map.Entry<String, String> value : top.values.entrySet()) {
            boolean isTicket = Parameter.canonicalName(value.getKey())
                    .filter(name -> name.equals("ticket"))
                    .isPresent();
            if (isTicket && ticket == null) {
                ticket = value.getValue();
            } else {
                parameters.put(value.getKey(), value.getValue());
            }
        }
        Fields custom = nested.remove("custom");
        if (custom != null) {
            custom.values.forEach((name, value) -> {
                if (parameters.putIfAbsent(Parameter.custom(name), value) != null) {
                    problems.add(givenTwice(Parameter.custom(name)));
                }
            });
            custom.problems.forEach(
                    problem -> problems.add(new Problem(Parameter.custom(problem.field()), problem.message())));
        }
        if (letter != null) {
            nested.put("parameters", letter);
        }
        nested.keySet().forEach(name -> parameters.put(name, ""));
        return new MessageObject(ticket == null ? "" : ticket, parameters, problems, null);
    }

    /** What stands there, as messages show it. */
    static String describe(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case VALUE_NULL -> "null";
            case VALUE_STRING -> "the text " + Problem.quote(Text.clean(parser.getText()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + Problem.quote(parser.getText());
            default -> "something else";
        };
    }
}
