package io.github.ticketcaravan.wiring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ticketcaravan.settings.EndpointSettings;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names that the help desk knows, to tell somebody whose value was refused what could have been meant.
 *
 * <p>A list is fetched when it is first needed and kept for some minutes. Where it cannot be had (the token may not,
 * say) there are no names, and that is all. For one thread.
 */
final class HelpDeskNames {

    private static final Logger LOG = LoggerFactory.getLogger(HelpDeskNames.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final int SHOWN = 5;
    private static final int LONGEST_COMPARED = 60;
    private static final int LONGEST_LIST = 1 << 20;

    /** Parameters that are given by name, and the method that lists the names. */
    private static final Map<String, String> LISTS =
            Map.of("status", "statuses", "priority", "priorities", "sla", "slas", "team", "teams");

    private record Names(Instant fetched, List<String> all) {}

    private final EndpointSettings endpoint;
    private final Clock clock;
    private final CloseableHttpClient http;
    private final Map<String, Names> known = new HashMap<>();

    HelpDeskNames(EndpointSettings endpoint, Clock clock) {
        this.endpoint = endpoint;
        this.clock = clock;
        HttpClientBuilder client = HttpClients.custom();
        new EndpointClient(endpoint, "ticket-caravan").configureHttpClient(client);
        this.http = client.build();
    }

    /** For each of the parameters whose value is no name there: the nearest names, the nearest first. */
    Map<String, List<String>> nearest(Map<String, String> parameters) {
        Map<String, List<String>> nearest = new LinkedHashMap<>();
        parameters.forEach((parameter, value) -> {
            String list = LISTS.get(parameter);
            boolean isId = value.chars().allMatch(c -> c >= '0' && c <= '9');
            if (list != null && !isId) {
                List<String> names = names(list);
                if (names.stream().noneMatch(value.strip()::equalsIgnoreCase) && !names.isEmpty()) {
                    nearest.put(parameter, nearest(value, names));
                }
            }
        });
        return nearest;
    }

    static List<String> nearest(String value, List<String> names) {
        String wanted = key(value);
        return names.stream()
                .sorted(Comparator.comparingInt(name -> distance(wanted, key(name))))
                .limit(SHOWN)
                .toList();
    }

    private static String key(String name) {
        return name.strip()
                .substring(0, Math.min(name.strip().length(), LONGEST_COMPARED))
                .toLowerCase(Locale.ROOT);
    }

    /** Levenshtein's. */
    private static int distance(String one, String other) {
        int[] last = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = last[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
            }
            last = row;
        }
        return last[other.length()];
    }

    private List<String> names(String list) {
        Names names = known.get(list);
        if (names == null || clock.instant().isAfter(names.fetched.plus(FRESH))) {
            names = new Names(clock.instant(), fetch(list));
            known.put(list, names);
        }
        return names.all;
    }

    private List<String> fetch(String list) {
        try {
            return http.execute(new HttpGet(endpoint.url() + "/api/v2/objects/" + list), HelpDeskNames::names);
        } catch (IOException e) {
            LOG.debug("The help desk's {} cannot be listed", list, e);
            return List.of();
        }
    }

    private static List<String> names(ClassicHttpResponse answer) throws IOException {
        List<String> names = new ArrayList<>();
        try (InputStream content = answer.getEntity() == null
                ? InputStream.nullInputStream()
                : answer.getEntity().getContent()) {
            JsonNode objects = JSON.readTree(content.readNBytes(LONGEST_LIST));
            if (answer.getCode() == 200 && objects.isArray()) {
                objects.forEach(object -> names.add(object.path("name").asText()));
            }
        }
        return names;
    }
}
