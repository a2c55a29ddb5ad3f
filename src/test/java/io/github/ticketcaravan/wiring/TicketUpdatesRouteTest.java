package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A route file of a user's own, with a component that we know nothing of, ends in {@code direct:ticket-updates}. */
class TicketUpdatesRouteTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String UPDATE = "{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}";

    @TempDir
    private Path folder;

    private ScriptedServer helpDesk;
    private Path routes;

    @BeforeEach
    void writeTheRoute() throws Exception {
        helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
        routes = CaravanFixture.quickRoutes(folder);
        Files.writeString(routes.resolve("queue-files.camel.yaml"), """
                - route:
                    id: queue-files
                    precondition: "{{caravan.run}}"
                    from:
                      uri: file:%1$s/in
                      parameters:
                        initialDelay: 0
                        delay: 20
                      steps:
                        - setHeader:
                            name: CamelHttpUri
                            expression:
                              constant:
                                expression: http://127.0.0.1:1/elsewhere
                        - setHeader:
                            name: caravan-id
                            expression:
                              simple:
                                expression: ${file:name}
                        - setProperty:
                            name: answerFile
                            expression:
                              simple:
                                expression: ${file:name}
                        - to:
                            uri: direct:ticket-updates
                        - setHeader:
                            name: CamelFileName
                            expression:
                              simple:
                                expression: ${exchangeProperty.answerFile}
                        - to:
                            uri: file:%1$s/out
                            parameters:
                              tempPrefix: .
                """.formatted(folder));
        Files.createDirectories(folder.resolve("in"));
    }

    @AfterEach
    void close() {
        helpDesk.close();
    }

    private Caravan start() {
        return new QueueFixture(folder, helpDesk.url())
                .with("caravan.queue.kind", "off")
                .start(routes);
    }

    private String answer(String name) throws Exception {
        Path answer = folder.resolve("out").resolve(name);
        await().atMost(PATIENCE).until(() -> Files.exists(answer));
        return Files.readString(answer);
    }

    @Test
    void aBodyGoesInAndTheAnswerComesOut() throws Exception {
        Files.writeString(folder.resolve("in/one"), UPDATE);
        Files.writeString(folder.resolve("in/two"), UPDATE + "\n{\"ticket\":\"OC-820409\",\"statsu\":\"New\"}\n");
        Files.writeString(folder.resolve("in/three"), "rubbish");
        try (Caravan caravan = start()) {
            assertThat(caravan.routeIds()).contains("queue-files").doesNotContain("queue-jms");

            assertThat(answer("one"))
                    .isEqualTo(
                            "{\"ticket\":\"LF-616004\",\"outcome\":\"applied\",\"status\":200,\"attempts\":1,\"errors\":{}}");
            assertThat(answer("two"))
                    .startsWith("[{\"ticket\":\"LF-616004\",\"outcome\":\"applied\"")
                    .contains("{\"ticket\":\"OC-820409\",\"outcome\":\"invalid\"", "the nearest is status");
            assertThat(answer("three")).contains("\"outcome\":\"invalid\"", "not JSON");
            await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve("in/.camel/three")));
            assertThat(helpDesk.requests()).hasSize(2);
            assertThat(helpDesk.requests().get(0).line()).startsWith("POST /api/v2/tickets/update");
        }
    }

    @Test
    void whereDeliveryStopsFirstTheSourceKeepsWhatItHasAndItIsCarriedOutAtTheNextStart() throws Exception {
        helpDesk.script(request -> ScriptedServer.json(401, "{}"));
        Path file = Files.writeString(folder.resolve("in/one"), UPDATE);
        try (Caravan caravan = start()) {
            assertThat(caravan.routeIds()).contains("queue-files");
            await().atMost(PATIENCE).until(() -> helpDesk.requests().size() == 1);
        }
        assertThat(file).as("what was not acknowledged").hasContent(UPDATE);
        assertThat(folder.resolve("out")).doesNotExist();
        helpDesk.forget();
        helpDesk.script(request -> ScriptedServer.APPLIED);

        try (Caravan caravan = start()) {
            assertThat(caravan.routeIds()).contains("queue-files");
            assertThat(answer("one")).contains("\"outcome\":\"applied\"");
            await().atMost(PATIENCE).until(() -> Files.notExists(file));
            assertThat(helpDesk.requests()).hasSize(1);
        }
    }

    @Test
    void whatTheSourceGivesAgainUnderItsOwnIdIsOnlyAnsweredAgain() throws Exception {
        try (Caravan caravan = start()) {
            assertThat(caravan.routeIds()).contains("queue-files");
            Files.writeString(folder.resolve("in/one"), UPDATE);
            String first = answer("one");
            await().atMost(PATIENCE).until(() -> Files.notExists(folder.resolve("in/one")));
            Files.delete(folder.resolve("out/one"));

            Files.writeString(folder.resolve("in/one"), UPDATE);

            assertThat(answer("one")).isEqualTo(first);
            assertThat(helpDesk.requests()).hasSize(1);
        }
    }
}
