package io.github.ticketcaravan.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Faults as {@code /sandbox/faults} speaks of them: {@code {"fail": ["503:2%"], "latency": "50ms",
 * "latency_jitter": "20ms", "rate_limit": 50, "fault_seed": 1}}. What is left out is nothing.
 */
final class FaultsJson {

    private static final Set<String> KEYS = Set.of("fail", "latency", "latency_jitter", "rate_limit", "fault_seed");
    private static final ObjectMapper JSON = new ObjectMapper();

    private FaultsJson() {}

    /** Throws {@link IllegalArgumentException} with a sentence that says what was expected. */
    static Faults read(byte[] body) {
        JsonNode root = object(body);
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (!KEYS.contains(entry.getKey())) {
                throw new IllegalArgumentException("'" + Refusal.excerpt(entry.getKey()) + "' is not known here: use "
                        + "fail, latency, latency_jitter, rate_limit and fault_seed");
            }
        }
        Faults none = Faults.none();
        List<Fault> fail = new ArrayList<>();
        JsonNode list = root.path("fail");
        if (!list.isMissingNode() && !list.isArray()) {
            throw new IllegalArgumentException("'fail' must be a list such as [\"503:2%\"]");
        }
        list.forEach(text -> fail.add(Fault.parse(text.asText())));
        JsonNode rateLimit = number(root, "rate_limit");
        JsonNode seed = number(root, "fault_seed");
        return new Faults(
                fail,
                duration(root, "latency"),
                duration(root, "latency_jitter"),
                rateLimit.asDouble(none.rateLimit()),
                seed.asLong(none.seed()));
    }

    private static JsonNode object(byte[] body) {
        try {
            JsonNode root = JSON.readTree(body);
            if (root != null && root.isObject()) {
                return root;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the body is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the body is not JSON in UTF-8", e);
        }
        throw new IllegalArgumentException("the body must be a JSON object such as {\"fail\": [\"503:2%\"]}");
    }

    private static Duration duration(JsonNode root, String key) {
        return root.has(key) ? Faults.parseDuration(root.get(key).asText()) : Duration.ZERO;
    }

    private static JsonNode number(JsonNode root, String key) {
        JsonNode node = root.path(key);
        if (!node.isMissingNode() && !node.isNumber()) {
            throw new IllegalArgumentException("'" + key + "' must be a number");
        }
        return node;
    }

    static byte[] write(Faults faults) {
        return Json.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("fail");
            for (Fault fault : faults.fail()) {
                json.writeString(fault.toString());
            }
            json.writeEndArray();
            json.writeStringField("latency", faults.latency().toMillis() + "ms");
            json.writeStringField("latency_jitter", faults.latencyJitter().toMillis() + "ms");
            json.writeNumberField("rate_limit", faults.rateLimit());
            json.writeNumberField("fault_seed", faults.seed());
            json.writeEndObject();
        });
    }
}
