package io.github.ticketcaravan.queue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the updates in a message: a JSON object, an array of objects, or one object a line.
 *
 * <p>A content type that means lines decides; otherwise a look does. What cannot be read never throws: it becomes an
 * update with a problem and the original text, and the rest of the message is read all the same. A dead letter as we
 * forward it is read as a replay of itself. Nothing here recurses, whatever the nesting. Safe for several threads.
 */
public final class MessageReader {

    /** More would be too much to hold at once. */
    static final int MOST_UPDATES = 100_000;

    private static final String EXPECTED =
            "expected a JSON object such as {\"ticket\":\"LF-616004\",\"status\":\"Resolved\"},"
                    + " an array of them, or one a line";

    private static final Set<String> LINES = Set.of(
            "application/x-ndjson",
            "application/ndjson",
            "application/jsonl",
            "application/x-jsonlines",
            "application/jsonlines",
            "application/json-lines",
            "application/x-json-lines");

    // Nothing is bounded here but by the size of a message: values are judged one by one, where they can be named.
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1_000_000)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final UpdateRules rules;

    public MessageReader(UpdateRules rules) {
        this.rules = rules;
    }

    /** The updates, at least one, numbered from 1. */
    public List<TicketUpdate> read(QueueMessage message) {
        Reading reading = new Reading(message);
        if (message.unreadable() != null) {
            reading.add(new Problem("base", message.unreadable()), OriginalText.ofBeginning(message.body()));
            return reading.updates;
        }
        String text;
        try {
            text = OriginalText.decode(message.body());
        } catch (CharacterCodingException e) {
            reading.add(
                    new Problem("base", "the message is no UTF-8 text: " + EXPECTED), OriginalText.of(message.body()));
            return reading.updates;
        }
        reading.read(text);
        return reading.updates.size() <= MOST_UPDATES ? reading.updates : tooMany(message);
    }

    private List<TicketUpdate> tooMany(QueueMessage message) {
        Reading reading = new Reading(message);
        reading.add(
                new Problem(
                        "base", "the message has more than " + MOST_UPDATES + " updates: expected several messages"),
                OriginalText.of(message.body()));
        return reading.updates;
    }

    private static boolean isOfLines(@Nullable String contentType) {
        return contentType != null
                && LINES.contains(contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }

    /** One message while it is read. */
    private final class Reading {

        private final QueueMessage message;
        private final List<TicketUpdate> updates = new ArrayList<>(1);

        Reading(QueueMessage message) {
            this.message = message;
        }

        void read(String text) {
            if (text.isBlank()) {
                add(new Problem("base", "the message is empty: " + EXPECTED), text);
                return;
            }
            if (isOfLines(message.contentType())) {
                readLines(text);
                return;
            }
            try {
                readWhole(text);
            } catch (JsonProcessingException notJson) {
                updates.clear();
                if (looksLikeLines(text)) {
                    readLines(text);
                } else {
                    add(new Problem("base", notJson(text, notJson)), text);
                }
            }
        }

        private void readWhole(String text) throws JsonProcessingException {
            try (JsonParser parser = JSON.createParser(text)) {
                if (parser.nextToken() == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        readElement(parser, text);
                    }
                    if (updates.isEmpty()) {
                        add(new Problem("base", "the array is empty: " + EXPECTED), text);
                    }
                } else {
                    readElement(parser, text);
                }
                if (parser.nextToken() != null) {
                    throw new com.fasterxml.jackson.core.JsonParseException(
                            parser, "more follows the end of the JSON", parser.currentTokenLocation());
                }
            } catch (JsonProcessingException e) {
                throw e;
            } catch (IOException e) {
                throw new UncheckedIOException("text in memory can always be read", e);
            }
        }

        /** The value at which the parser stands. */
        private void readElement(JsonParser parser, String text) throws IOException {
            int begin = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                MessageObject object = MessageObject.read(parser);
                add(object, text.substring(begin, end(parser)));
            } else {
                String found = MessageObject.describe(parser);
                parser.skipChildren();
                parser.finishToken();
                add(
                        new Problem("base", found + " stands where an update should: " + EXPECTED),
                        text.substring(begin, end(parser)));
            }
        }

        private static int end(JsonParser parser) {
            return Math.toIntExact(parser.currentLocation().getCharOffset());
        }

        private void readLines(String text) {
            text.lines().filter(line -> !line.isBlank()).forEach(line -> {
                int before = updates.size();
                try {
                    readWhole(line);
                } catch (JsonProcessingException notJson) {
                    updates.subList(before, updates.size()).clear();
                    add(new Problem("base", notJson(line, notJson)), line);
                }
            });
        }

        private void add(Problem problem, String original) {
            add("", Map.of(), original, List.of(problem), null);
        }

        private void add(MessageObject object, String original) {
            add(object.ticket(), object.parameters(), original, object.problems(), object.deadLetterId());
        }

        private void add(
                String ticket,
                Map<String, String> parameters,
                String text,
                List<Problem> problems,
                @Nullable String deadLetterId) {
            if (updates.size() > MOST_UPDATES) {
                return;
            }
            String original = OriginalText.of(text);
            Origin origin = new Origin(Source.QUEUE, message.name(), updates.size() + 1);
            String replayOf = deadLetterId == null ? message.replayOf() : deadLetterId;
            boolean isUnreadable = parameters.isEmpty() && ticket.isEmpty() && !problems.isEmpty();
            updates.add(
                    isUnreadable
                            ? new TicketUpdate(origin, "", Map.of(), original, problems, List.of(), replayOf)
                            : rules.check(origin, ticket, parameters, original, problems, replayOf));
        }
    }

    /** Whether lines were meant, though not all of them can be read: one of them is an object. */
    private static boolean looksLikeLines(String text) {
        return !text.stripLeading().startsWith("[")
                && text.lines()
                                .map(String::strip)
                                .filter(line -> !line.isEmpty())
                                .count()
                        > 1
                && text.lines().map(String::strip).anyMatch(line -> line.startsWith("{") && line.endsWith("}"));
    }

    private static String notJson(String text, JsonProcessingException e) {
        String because = e.getOriginalMessage().replaceAll("\\s+", " ");
        return "not JSON (" + (because.length() > 160 ? because.substring(0, 160) + "..." : because)
                + (e.getLocation() == null
                        ? ""
                        : " at line " + e.getLocation().getLineNr() + ", column "
                                + e.getLocation().getColumnNr())
                + "), but " + Problem.quote(text.strip()) + ": " + EXPECTED;
    }
}
