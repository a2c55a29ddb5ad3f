package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.sandbox.Sandbox;
import io.github.ticketcaravan.sandbox.SandboxOptions;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random files on random bad days: what the endpoint carried out, ticket by ticket, is what the file says, in order. */
@Timeout(60)
class SandboxOrderTest {

    private static final Path DATA =
            Path.of(System.getProperty("caravan.project", ".")).resolve("config/sandbox.yaml");
    private static final List<String> FAULTS =
            List.of("503", "500", "429", "reset", "html", "500:%s:after", "reset:%s:after", "html:%s:after");

    @TempDir
    private static Path folder;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Sandbox sandbox;
    private static CaravanFixture fixture;
    private static Caravan caravan;
    private static List<String> tickets;

    @BeforeAll
    static void start() throws Exception {
        sandbox = Sandbox.start(SandboxOptions.defaults(DATA));
        fixture = new CaravanFixture(folder, sandbox.url())
                .with("caravan.endpoint.token", "sandbox")
                .with("caravan.endpoint.secret", "sandbox")
                .with("caravan.delivery.concurrency", "8")
                .with("caravan.delivery.brake", "0");
        caravan = fixture.start();
        JsonNode page = new ObjectMapper()
                .readTree(ask(HttpRequest.newBuilder(sandbox.url().resolve("/api/v2/tickets/all"))
                        .header("X-Auth-Token", "sandbox")
                        .header("X-Auth-Secret", "sandbox")));
        tickets = new ArrayList<>();
        page.path("records")
                .forEach(ticket -> tickets.add(ticket.path("reference").asText()));
    }

    @AfterAll
    static void stop() {
        caravan.close();
        sandbox.close();
    }

    static Stream<Integer> seeds() {
        return IntStream.rangeClosed(1, 50).boxed();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyTicketIsChangedInTheOrderOfTheFile(int seed) throws Exception {
        Random random = new Random(seed);
        Path file = randomFile(random, seed);
        ask(request("/sandbox/requests").DELETE());
        ask(request("/sandbox/faults").PUT(BodyPublishers.ofString(randomFaults(random, seed))));

        ImportSummary summary = CaravanFixture.importFile(caravan, file);

        assertThat(summary.stopped()).isNull();
        Map<Long, Map<String, String>> receipts = CaravanFixture.results(file);
        assertThat((long) receipts.size()).isEqualTo(summary.ledgerEntry().total());
        assertThat(summary.counts().get(Outcome.APPLIED)).isPositive();
        assertThat(carriedOut()).isEqualTo(applied(receipts));
    }

    private static Path randomFile(Random random, int seed) {
        int most = 1 + random.nextInt(20);
        int rows = 20 + random.nextInt(60);
        String[] lines = new String[rows + 1];
        lines[0] = "ticket,subject,reply_due_at,status";
        for (int row = 1; row <= rows; row++) {
            String ticket = tickets.get(random.nextInt(most));
            String subject = "seed " + seed + " row " + (row + 1);
            lines[row] = switch (random.nextInt(20)) {
                case 0 -> ticket + "," + subject + ",01/02/2026,";
                case 1 -> ticket + "," + subject + ",,Waiting for Godot";
                case 2 -> "XX-000000," + subject + ",,";
                default ->
                    (random.nextBoolean() ? ticket : ticket.toLowerCase(java.util.Locale.ROOT)) + "," + subject + ",,";
            };
        }
        return fixture.file("seed-" + seed + ".csv", lines);
    }

    private static String randomFaults(Random random, int seed) {
        List<String> faults = new ArrayList<>();
        for (String fault : FAULTS) {
            String share = random.nextInt(8) + "%";
            faults.add('"' + (fault.contains("%s") ? String.format(fault, share) : fault + ":" + share) + '"');
        }
        return "{\"fail\": " + faults + ", \"fault_seed\": " + seed + ", \"latency_jitter\": \"2ms\"}";
    }

    /** Ticket to the rows that say "applied", in the file's order. */
    private static Map<String, List<String>> applied(Map<Long, Map<String, String>> receipts) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        receipts.forEach((row, receipt) -> {
            if (receipt.get("outcome").equals("applied")) {
                add(rows, String.valueOf(receipt.get("ticket")), row.toString());
            }
        });
        return rows;
    }

    /** Ticket to the rows of the successful requests in the endpoint's log, the oldest first. */
    private static Map<String, List<String>> carriedOut() throws Exception {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        JsonNode log = new ObjectMapper().readTree(ask(request("/sandbox/requests")));
        for (int i = log.size() - 1; i >= 0; i--) {
            JsonNode request = log.get(i);
            if (request.path("status").asInt() == 200 && request.path("fault").isNull()) {
                JsonNode parameters = request.path("parameters");
                String subject = parameters.path("subject").asText();
                add(rows, parameters.path("ticket").asText(), subject.replaceFirst(".* row ", ""));
            }
        }
        return rows;
    }

    private static void add(Map<String, List<String>> rows, String ticket, String row) {
        rows.computeIfAbsent(ticket.toUpperCase(java.util.Locale.ROOT), key -> new ArrayList<>())
                .add(row);
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(sandbox.url().resolve(path));
    }

    private static byte[] ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = HTTP.send(request.build(), BodyHandlers.ofByteArray());
        assertThat(answer.statusCode())
                .as(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isLessThan(300);
        return answer.body();
    }
}
