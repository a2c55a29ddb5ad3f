package io.github.ticketcaravan.sandbox;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.ticketcaravan.sandbox.Parameters.Parameter;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The API's latest requests, for users who want to see what a client sent. Bounded by number and by size; of headers
 * that authenticate and of password fields it keeps that they were there, never what they said.
 */
final class RequestLog {

    private static final int MOST_REQUESTS = 10_000;
    private static final long MOST_CHARACTERS = 16_000_000;
    private static final String HIDDEN = "(hidden)";
    private static final Set<String> SECRET_HEADERS =
            Set.of("x-auth-token", "x-auth-secret", "authorization", "proxy-authorization", "cookie");

    /** One request; the status follows when it is answered, and stays null where the connection was cut. */
    static final class Entry {

        private final Instant time;
        private final String method;
        private final String path;
        private final List<Map.Entry<String, String>> headers;
        private final List<Parameter> parameters;
        private final List<String> ignored;
        private volatile @Nullable Integer status;
        private volatile @Nullable String fault;

        private Entry(
                Instant time,
                String method,
                String path,
                List<Map.Entry<String, String>> headers,
                List<Parameter> parameters,
                List<String> ignored) {
            this.time = time;
            this.method = method;
            this.path = path;
            this.headers = headers;
            this.parameters = parameters;
            this.ignored = ignored;
        }

        void answered(int answerStatus) {
            status = answerStatus;
        }

        void failed(Fault occurred) {
            fault = occurred.toString();
        }

        private long size() {
            long size = path.length();
            for (Map.Entry<String, String> header : headers) {
                size += header.getKey().length() + header.getValue().length();
            }
            for (Parameter parameter : parameters) {
                size += parameter.name().length() + parameter.value().length();
            }
            for (String name : ignored) {
                size += name.length();
            }
            return size;
        }
    }

    private final Set<String> passwordParameters;
    private final Deque<Entry> newestFirst = new ArrayDeque<>();
    private long characters;
    private long total;

    /** @param passwordParameters the names, in lower case, of parameters whose values are not kept */
    RequestLog(Set<String> passwordParameters) {
        this.passwordParameters = passwordParameters;
    }

    /** @param ignored the names of those that have no meaning for what was called */
    Entry add(Instant time, String method, String path, MultiMap headers, Parameters parameters, List<String> ignored) {
        Entry entry = new Entry(
                time,
                method,
                path,
                headers.entries().stream()
                        .map(header -> SECRET_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))
                                ? Map.entry(header.getKey(), HIDDEN)
                                : header)
                        .toList(),
                parameters.all().stream().map(this::withoutPassword).toList(),
                List.copyOf(ignored));
        synchronized (this) {
            newestFirst.addFirst(entry);
            total++;
            characters += entry.size();
            while (newestFirst.size() > MOST_REQUESTS || characters > MOST_CHARACTERS) {
                characters -= newestFirst.removeLast().size();
            }
        }
        return entry;
    }

    private Parameter withoutPassword(Parameter parameter) {
        return passwordParameters.contains(Parameters.folded(parameter.name()))
                ? new Parameter(parameter.name(), HIDDEN)
                : parameter;
    }

    synchronized void clear() {
        newestFirst.clear();
        characters = 0;
        total = 0;
    }

    /** How many there were since the log was cleared, those no longer kept included. */
    synchronized long total() {
        return total;
    }

    /** Newest first. */
    synchronized List<Entry> latest(int limit) {
        return newestFirst.stream().limit(limit).toList();
    }

    static void write(JsonGenerator json, Entry entry) throws IOException {
        json.writeStartObject();
        json.writeStringField("time", entry.time.toString());
        json.writeStringField("method", entry.method);
        json.writeStringField("path", entry.path);
        json.writeObjectFieldStart("headers");
        for (Map.Entry<String, String> header : entry.headers) {
            json.writeStringField(header.getKey(), header.getValue());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("parameters");
        for (Parameter parameter : entry.parameters) {
            json.writeStringField(parameter.name(), parameter.value());
        }
        json.writeEndObject();
        json.writeFieldName("ignored");
        Json.writeArray(json, entry.ignored, JsonGenerator::writeString);
        json.writeFieldName("status");
        Integer status = entry.status;
        if (status == null) {
            json.writeNull();
        } else {
            json.writeNumber(status);
        }
        json.writeStringField("fault", entry.fault);
        json.writeEndObject();
    }
}
