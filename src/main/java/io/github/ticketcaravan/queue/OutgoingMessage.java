package io.github.ticketcaravan.queue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.ticketcaravan.update.Parameter;
import io.github.ticketcaravan.update.TicketUpdate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message to be published.
 *
 * @param id its idempotency key, the same whenever the same file is published
 * @param key what has to stay in order with one another has it in common: the ticket, in capitals, since references are
 *     the same ticket in any case; null where none was found
 * @param replayOf the ID of the dead letter that it replays, if it does
 * @param body JSON, UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record OutgoingMessage(
        String id, @Nullable String key, @Nullable String replayOf, byte[] body) {

    /** Takes the row of a CSV file, as it came, to where its dead letter will show it. */
    private static final String ROW = "row";

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * One update as a message that a consumer reads as the same update, with the same problems if it has any.
     *
     * @param fingerprint begins the ID; the position ends it
     */
    public static OutgoingMessage of(TicketUpdate update, String fingerprint) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField(Parameter.TICKET.apiName(), update.ticket());
            for (Map.Entry<String, String> parameter : update.parameters().entrySet()) {
                json.writeStringField(parameter.getKey(), parameter.getValue());
            }
            if (update.parameters().isEmpty() && !update.isValid()) {
                json.writeStringField(ROW, update.original());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new OutgoingMessage(
                fingerprint + "-" + update.origin().position(),
                key(update.ticket()),
                update.replayOf(),
                body.toByteArray());
    }

    static @Nullable String key(String ticket) {
        return ticket.isBlank() ? null : ticket.strip().toUpperCase(Locale.ROOT);
    }
}
