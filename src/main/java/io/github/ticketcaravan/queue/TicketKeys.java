package io.github.ticketcaravan.queue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.ticketcaravan.update.Parameter;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/** Finds the tickets of a message without reading the rest of it: what it is keyed or grouped by. */
final class TicketKeys {

    private static final JsonFactory JSON = new JsonFactory();

    private TicketKeys() {}

    /**
     * The tickets of the object, or of the objects of the array, in the order in which they come, as keys.
     *
     * @throws IOException if it is not exactly one JSON value
     */
    static Set<String> of(byte[] message) throws IOException {
        Set<String> keys = new LinkedHashSet<>();
        try (JsonParser json = JSON.createParser(message)) {
            if (json.nextToken() == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    value(json, keys);
                }
            } else {
                value(json, keys);
            }
            if (json.nextToken() != null) {
                throw new IOException("something follows its end");
            }
        }
        return keys;
    }

    private static void value(JsonParser json, Set<String> keys) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isTicket = Parameter.canonicalName(json.currentName())
                    .filter(Parameter.TICKET.apiName()::equals)
                    .isPresent();
            JsonToken value = json.nextToken();
            if (isTicket && value != null && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                String key = OutgoingMessage.key(json.getText());
                if (key != null) {
                    keys.add(key);
                }
            } else {
                json.skipChildren();
            }
        }
    }
}
