package io.github.ticketcaravan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ticketcaravan.sandbox.Fault;
import io.github.ticketcaravan.sandbox.Faults;
import io.github.ticketcaravan.sandbox.Sandbox;
import io.github.ticketcaravan.sandbox.SandboxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program is killed again and again while it applies a file to an endpoint with bad days, and goes on each time.
 * {@code src/bench/kill} runs the same with 20,000 rows and 20 kills.
 */
class KillTest {

    private static final int ROWS = Integer.getInteger("caravan.kill.rows", 1_500);
    private static final int TICKETS = Integer.getInteger("caravan.kill.tickets", 200);
    private static final int KILLS = Integer.getInteger("caravan.kill.times", 3);
    private static final long SEED = Long.getLong("caravan.kill.seed", 616_004);

    private static final int CONCURRENCY = 8;
    private static final int WINDOW = 100;
    private static final Path PROJECT = Path.of(System.getProperty("caravan.project", "."));
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void whateverIsKilledEveryRowIsAppliedInOrderAndHasOneReceipt() throws Exception {
        Random random = new Random(SEED);
        Faults badDays = new Faults(
                List.of(
                        Fault.parse("503:2%"),
                        Fault.parse("429:1%"),
                        Fault.parse("reset:0.5%"),
                        Fault.parse("reset:0.5%:after")),
                Duration.ofMillis(2),
                Duration.ofMillis(4),
                0,
                SEED);
        SandboxOptions options = SandboxOptions.defaults(PROJECT.resolve("config/sandbox.yaml"))
                .withTickets(TICKETS)
                .withFaults(badDays);
        try (Sandbox sandbox = Sandbox.start(options)) {
            List<String> tickets = tickets(sandbox);
            Map<String, String> expected = new HashMap<>();
            Path file = folder.resolve("updates.csv");
            write(file, tickets, expected, random);

            for (int kill = 0; kill < KILLS; kill++) {
                Process caravan = start(sandbox, file, kill);
                long before = requests(sandbox);
                int more = 1 + random.nextInt(ROWS / (KILLS + 1));
                await().atMost(1, TimeUnit.MINUTES)
                        .pollInterval(5, TimeUnit.MILLISECONDS)
                        .until(() -> requests(sandbox) >= before + more || !caravan.isAlive());
                caravan.destroyForcibly().waitFor();
            }
            Process last = start(sandbox, file, KILLS);
            assertThat(last.waitFor(10, TimeUnit.MINUTES)).isTrue();
            assertThat(last.exitValue()).as(Files.readString(log(KILLS))).isZero();

            List<String> receipts = Files.readAllLines(folder.resolve("updates.results.csv"));
            assertThat(receipts).hasSize(ROWS + 1);
            long attempts = 0;
            for (int row = 0; row < ROWS; row++) {
                String[] cells = receipts.get(row + 1).split(",", -1);
                assertThat(cells[0]).isEqualTo(Integer.toString(row + 2));
                assertThat(cells[2]).isEqualTo("applied");
                attempts += Long.parseLong(cells[4]);
            }
            for (Map.Entry<String, String> ticket : expected.entrySet()) {
                JsonNode now = get(sandbox, "/api/v2/tickets/ticket?ticket=" + ticket.getKey());
                assertThat(now.path("subject").asText()).as(ticket.getKey()).isEqualTo(ticket.getValue());
            }
            // A kill forgets the answers that were not yet committed, and the attempts that led to them.
            long twice = requests(sandbox) - expected.size() - attempts;
            System.out.printf(
                    "%d rows, %d tickets, %d kills: %d requests more than the receipts tell,"
                            + " at most %d (kills x window of %d)%n",
                    ROWS, TICKETS, KILLS, twice, (long) KILLS * WINDOW, WINDOW);
            assertThat(twice).isLessThanOrEqualTo((long) KILLS * WINDOW);
        }
    }

    private static void write(Path file, List<String> tickets, Map<String, String> expected, Random random)
            throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("ticket,subject");
        for (int row = 0; row < ROWS; row++) {
            String ticket = tickets.get(random.nextInt(tickets.size()));
            String subject = "Change " + row;
            lines.add(ticket + "," + subject);
            expected.put(ticket, subject);
        }
        Files.write(file, lines);
    }

    private Process start(Sandbox sandbox, Path file, int run) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dcaravan.home=" + PROJECT.toAbsolutePath(),
                        "io.github.ticketcaravan.cli.Main",
                        "import",
                        "--verbose",
                        file.toString(),
                        "--config",
                        PROJECT.resolve("config").toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--set",
                        "caravan.endpoint.url=" + sandbox.url(),
                        "--set",
                        "caravan.delivery.concurrency=" + CONCURRENCY,
                        "--set",
                        "caravan.delivery.window=" + WINDOW,
                        "--set",
                        "caravan.delivery.retry.delay=5ms")
                .redirectErrorStream(true)
                .redirectOutput(log(run).toFile())
                .start();
    }

    private Path log(int run) {
        return folder.resolve("run-" + run + ".log");
    }

    private List<String> tickets(Sandbox sandbox) throws IOException, InterruptedException {
        List<String> references = new ArrayList<>();
        int pages = get(sandbox, "/api/v2/tickets/all")
                .path("pagination")
                .path("pages")
                .asInt();
        for (int page = 1; page <= pages; page++) {
            get(sandbox, "/api/v2/tickets/all?page=" + page)
                    .path("records")
                    .forEach(ticket -> references.add(ticket.path("reference").asText()));
        }
        assertThat(references).hasSize(TICKETS);
        http.send(
                HttpRequest.newBuilder(sandbox.url().resolve("/sandbox/requests"))
                        .DELETE()
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        return references;
    }

    private JsonNode get(Sandbox sandbox, String path) throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(sandbox.url().resolve(path))
                                .header("X-Auth-Token", "sandbox")
                                .header("X-Auth-Secret", "sandbox")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    return JSON.readTree(answer.body());
                }
            } catch (IOException reset) {
                if (attempt > 20) {
                    throw reset;
                }
            }
        }
    }

    /** Since the log was cleared. */
    private long requests(Sandbox sandbox) throws IOException, InterruptedException {
        URI log = sandbox.url().resolve("/sandbox/requests?limit=1");
        HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(log).build(), HttpResponse.BodyHandlers.ofString());
        return answer.headers().firstValueAsLong("X-Total-Count").orElseThrow();
    }
}
