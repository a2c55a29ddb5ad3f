package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An error of the program itself, in any source, ends what runs: so that it is started anew. */
@Timeout(60)
class BrokenProgramTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private ScriptedServer server;

    @BeforeEach
    void listen() throws IOException {
        server = new ScriptedServer(request -> ScriptedServer.APPLIED);
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** A step as it is called from a route. */
    public static final class Broken {

        /** Which does not look broken. */
        public static void breakDown(Exchange exchange) {
            if (exchange != null) {
                throw new StackOverflowError("as if it were broken");
            }
        }
    }

    private Path routes(String route, String bean, String method) throws IOException {
        Path routes = CaravanFixture.quickRoutes(folder);
        Path file = routes.resolve(route + ".camel.yaml");
        String text = Files.readString(file);
        String step = "ref: " + bean + "\\s+method: " + method + "\n";
        assertThat(text).containsPattern(step);
        Files.writeString(
                file,
                text.replaceFirst(step, "beanType: \"" + Broken.class.getName().replace("$", "\\$") + "\"\n"));
        return routes;
    }

    @ParameterizedTest(name = "{0}, {2}")
    @CsvSource({
        "csv-import, csvImports, begin",
        "csv-import, csvImports, deliver",
        "csv-import, csvImports, finish",
        "csv-drop-file, csvDrops, done",
    })
    void anErrorOverAFileStopsIt(String route, String bean, String method) throws Exception {
        CaravanFixture fixture = new CaravanFixture(folder, server.url());
        Path file = fixture.rows("rows.csv", "A", "B");
        try (Caravan caravan = fixture.run(routes(route, bean, method))) {
            Files.move(file, fixture.inbox().resolve("rows.csv"), StandardCopyOption.ATOMIC_MOVE);

            assertStops(caravan);
            assertThat(fixture.inbox().resolve("rows.csv")).exists();
        }
    }

    @ParameterizedTest(name = "{0}, {2}")
    @CsvSource({
        "queue-deliver, queueBatches, begin",
        "queue-deliver, queueBatches, deliver",
        "queue-batch, queueBatches, finish",
        "queue-jms, jmsAnswers, send",
    })
    void anErrorOverAMessageStopsIt(String route, String bean, String method) throws Exception {
        try (Caravan caravan = new QueueFixture(folder, server.url()).start(routes(route, bean, method))) {
            try (QueueFixture.Client client = QueueFixture.Protocol.CORE.client(caravan)) {
                client.send("{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}");

                assertStops(caravan);
            }
        }
    }

    @Test
    void anErrorOverAnAttemptStopsItAndNothingHasAnOutcome() throws Exception {
        CaravanFixture fixture = new CaravanFixture(folder, server.url());
        Path file = fixture.rows("rows.csv", "A", "B");
        try (Caravan caravan = fixture.run(routes("dead-letter", "refusals", "settle"))) {
            server.script(request -> ScriptedServer.json(422, "{\"errors\":{}}"));
            Files.move(file, fixture.inbox().resolve("rows.csv"), StandardCopyOption.ATOMIC_MOVE);

            await().atMost(LONG).until(() -> caravan.stopped() != null);
            assertThat(fixture.inbox().resolve("rows.csv")).exists();
        }
    }

    private static void assertStops(Caravan caravan) {
        await().atMost(LONG).until(() -> caravan.stopped() != null);
        assertThat(caravan.stopped())
                .isEqualTo(
                        "Ticket Caravan is broken (java.lang.StackOverflowError: as if it were broken), and has to be"
                                + " started anew");
        assertThat(caravan.ledger().isBroken())
                .as("which run would wait for, instead of ending with 3")
                .isFalse();
    }
}
