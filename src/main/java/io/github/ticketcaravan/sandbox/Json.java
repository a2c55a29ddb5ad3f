package io.github.ticketcaravan.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forms that all answers share, in JSON in UTF-8: errors, lists and pages. */
final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    static byte[] of(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            content.writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] refusal(Refusal refusal) {
        return refusal.errors().isEmpty() ? error(refusal.message()) : errors(refusal.errors());
    }

    static byte[] error(String message) {
        return of(json -> {
            json.writeStartObject();
            json.writeStringField("error", message);
            json.writeEndObject();
        });
    }

    private static byte[] errors(Map<String, List<String>> errors) {
        return of(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("errors");
            for (Map.Entry<String, List<String>> field : errors.entrySet()) {
                json.writeArrayFieldStart(field.getKey());
                for (String message : field.getValue()) {
                    json.writeString(message);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    interface ElementContent<T> {
        void write(JsonGenerator json, T element) throws IOException;
    }

    static <T> byte[] array(List<T> elements, ElementContent<T> content) {
        return of(json -> writeArray(json, elements, content));
    }

    static <T> void writeArray(JsonGenerator json, List<T> elements, ElementContent<T> content) throws IOException {
        json.writeStartArray();
        for (T element : elements) {
            content.write(json, element);
        }
        json.writeEndArray();
    }

    interface Slice<T> {
        List<T> of(int from, int to);
    }

    /** A page past the end is empty. */
    static <T> byte[] page(Page page, int total, Slice<T> slice, ElementContent<T> content) {
        int from = Math.min(page.offset(), total);
        List<T> records = slice.of(from, (int) Math.min((long) from + page.size(), total));
        return of(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("pagination");
            json.writeNumberField("page", page.number());
            json.writeNumberField("offset", page.offset());
            json.writeNumberField("per_page", page.size());
            json.writeNumberField("pages", (total + page.size() - 1) / page.size());
            json.writeNumberField("total_records", total);
            json.writeEndObject();
            json.writeFieldName("records");
            writeArray(json, records, content);
            json.writeEndObject();
        });
    }

    static <T> void nullable(JsonGenerator json, String key, @Nullable T value, ElementContent<T> content)
            throws IOException {
        json.writeFieldName(key);
        if (value == null) {
            json.writeNull();
        } else {
            content.write(json, value);
        }
    }
}
