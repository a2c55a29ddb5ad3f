package io.github.ticketcaravan.wiring;

import static io.github.ticketcaravan.wiring.ScriptedServer.APPLIED;
import static io.github.ticketcaravan.wiring.ScriptedServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.LedgerDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What runs until it is stopped: what it holds, hands on, tells, and takes up again. */
@Timeout(90)
@ParameterizedClass
@EnumSource(LedgerDatabase.class)
class RunTest {

    private static final Duration LONG = Duration.ofSeconds(40);
    private static final String REFUSED = json(422, "{\"errors\":{\"status_id\":[\"can't be blank\"]}}");
    private static final DeadLetterFilter OPEN = DeadLetterFilter.inStates(DeadLetterFilter.PENDING);

    @Parameter
    private LedgerDatabase database;

    @TempDir
    private Path folder;

    private ScriptedServer server;
    private ScriptedServer hook;
    private CaravanFixture fixture;

    @BeforeEach
    void serve() throws IOException {
        server = new ScriptedServer(request -> request.ticket().startsWith("BAD") ? REFUSED : APPLIED);
        hook = new ScriptedServer(request -> json(200, ""));
        fixture = new CaravanFixture(folder, server.url()).with("caravan.ledger.url", database.fresh(folder));
    }

    @AfterEach
    void close() {
        server.close();
        hook.close();
    }

    private void drop(Path file) throws IOException {
        Files.move(file, fixture.inbox().resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String[] tickets(String prefix, int number) {
        return IntStream.range(0, number).mapToObj(row -> prefix + "-" + row).toArray(String[]::new);
    }

    private List<String> told() {
        return hook.requests().stream().map(ScriptedServer.Request::body).toList();
    }

    @Test
    void aFileThatIsRefusedForTheMostPartIsHeldAndNoOtherOne() throws Exception {
        fixture.with("caravan.notify.uri", hook.url() + "/notify").with("caravan.delivery.window", "50");
        Path bad = fixture.rows("bad.csv", tickets("BAD", 400));
        Path good = fixture.rows("good.csv", tickets("GOOD", 200));
        try (Caravan caravan = fixture.run()) {
            drop(bad);
            await().atMost(LONG).until(() -> fixture.filesIn("failed").size() == 2);
            drop(good);
            await().atMost(LONG).until(() -> fixture.filesIn("done").contains("good.csv"));

            assertThat(fixture.filesIn("failed")).containsExactly("bad.csv", "bad.error.txt");
            assertThat(Files.readString(errorText()))
                    .contains("of the first ", " rows were refused, more than caravan.delivery.brake=50%")
                    .contains("caravan import --no-brake FILE; rows that have an outcome are not sent again")
                    .containsPattern("  \\d+ x rejected: status_id can't be blank");
            long refused = server.requests().stream()
                    .filter(request -> request.ticket().startsWith("BAD"))
                    .count();
            assertThat(refused).as("100, and the window").isBetween(100L, 150L);
            assertThat(caravan.ledger().deadLetters().list(OPEN)).hasSize((int) refused);
            assertThat(server.requests()).hasSize((int) refused + 200);
        }
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(told())
                        .anySatisfy(
                                said -> assertThat(said).startsWith("bad.csv: ").contains("so the rest is held"))
                        .anySatisfy(said -> assertThat(said).startsWith("good.csv: 200 applied")));
    }

    private Path errorText() throws IOException {
        try (var files = Files.list(folder.resolve("data/failed"))) {
            return files.filter(file -> file.toString().endsWith(".error.txt"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aHeldFileDoesNotWaitForTheRetriesOfItsRows() throws Exception {
        fixture.with("caravan.delivery.retry.delay", "1h").with("caravan.delivery.retry.max-delay", "1h");
        AtomicBoolean asked = new AtomicBoolean();
        server.script(request -> {
            if (request.ticket().equals("SLOW")) {
                asked.set(true);
                return json(500, "");
            }
            // The brake comes when the slow one waits for its retry.
            while (!asked.get()) {
                Thread.onSpinWait();
            }
            return REFUSED;
        });
        String[] tickets = tickets("BAD", 150);
        tickets[1] = "SLOW";
        tickets[2] = "SLOW";
        Path file = fixture.rows("held.csv", tickets);
        try (Caravan caravan = fixture.start()) {
            ImportSummary summary = CaravanFixture.importFile(caravan, file);

            assertThat(summary.held()).isTrue();
            assertThat(summary.exitCode()).isEqualTo(3);
            assertThat(server.requests("SLOW")).isEqualTo(1);
            assertThat(CaravanFixture.results(file)).doesNotContainKeys(3L, 4L);
        }
    }

    @Test
    void eachDeadLetterIsForwardedOnceTheOtherEndIsThere() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        hook.script(request -> away.get() ? json(503, "") : json(200, ""));
        fixture.with("caravan.dead-letter.forward", hook.url() + "/letters");
        Path file = fixture.rows("mixed.csv", "BAD-1", "GOOD", "BAD-2", "BAD-3");
        List<DeadLetter> letters;
        try (Caravan caravan = fixture.run()) {
            drop(file);
            await().atMost(LONG).until(() -> fixture.filesIn("done").size() == 3);
            await().atMost(LONG).until(() -> hook.requests().size() >= 3);
            letters = caravan.ledger().deadLetters().list(OPEN);
            assertThat(letters).hasSize(3);
            assertThat(caravan.ledger().deadLetters().toForward(9)).hasSize(3);
        }
        // What was not forwarded when it ended is forwarded when it runs again.
        hook.forget();
        away.set(false);
        try (Caravan caravan = fixture.run()) {
            await().atMost(LONG)
                    .until(() -> caravan.ledger().deadLetters().toForward(9).isEmpty());
        }

        assertThat(hook.requests()).hasSize(3);
        ObjectMapper json = new ObjectMapper();
        List<String> forwarded = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            JsonNode sent = json.readTree(hook.requests().get(i).body());
            forwarded.add(sent.path("id").asText() + " " + sent.path("ticket").asText());
            assertThat(sent.path("errors").toString()).isEqualTo("{\"status_id\":[\"can't be blank\"]}");
            assertThat(sent.path("parameters").path("subject").asText()).startsWith("row ");
            for (String field : List.of(
                    "source",
                    "name",
                    "position",
                    "original",
                    "outcome",
                    "status",
                    "reason",
                    "attempts",
                    "first_at",
                    "last_at",
                    "replays")) {
                assertThat(sent.has(field)).as(field).isTrue();
            }
            assertThat(hook.requests().get(i).head().toString()
                            + hook.requests().get(i).body())
                    .doesNotContain(CaravanFixture.SECRET, CaravanFixture.TOKEN);
        }
        assertThat(forwarded)
                .containsExactlyInAnyOrderElementsOf(letters.stream()
                        .map(letter -> letter.id() + " " + letter.ticket())
                        .toList());
    }

    @Test
    void aForwardThatFailsIsReportedOnceAndItsRecoveryToo() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        try (ScriptedServer letters = new ScriptedServer(request -> away.get() ? json(500, "") : json(200, ""))) {
            fixture.with("caravan.dead-letter.forward", letters.url() + "/letters")
                    .with("caravan.notify.uri", hook.url() + "/notify");
            try (Caravan caravan = fixture.run()) {
                drop(fixture.rows("one.csv", "BAD"));
                await().atMost(LONG).until(() -> letters.requests().size() > 4);
                away.set(false);
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(told())
                                .anySatisfy(said -> assertThat(said).isEqualTo("Dead letters are forwarded again")));

                assertThat(told())
                        .filteredOn(said -> said.startsWith(
                                "Dead letters cannot be forwarded to" + " caravan.dead-letter.forward ("))
                        .hasSize(1);
                assertThat(caravan.ledger().deadLetters().toForward(9)).isEmpty();
            }
        }
    }

    @Test
    void aCommandForwardsItsLettersBeforeItEnds() throws Exception {
        fixture.with("caravan.dead-letter.forward", hook.url() + "/letters");
        Path file = fixture.rows("mixed.csv", "BAD-1", "GOOD", "BAD-2");
        try (Caravan caravan = fixture.start()) {
            CaravanFixture.importFile(caravan, file);
        }
        assertThat(hook.requests()).hasSize(2);
    }

    @Test
    void somebodyIsToldOfAnOutageAHaltAndTheirEnds() throws Exception {
        fixture.with("caravan.notify.uri", hook.url() + "/notify");
        server.script(request -> json(503, ""));
        try (Caravan caravan = fixture.run()) {
            drop(fixture.rows("rows.csv", tickets("T", 30)));
            awaitTold("The help desk is unavailable since ");
            server.script(request -> json(403, "{\"error\":\"Invalid token or secret\"}"));
            awaitTold("The help desk answered HTTP 403 (Invalid token or secret): mend caravan.endpoint.token");
            assertThat(caravan.ledger().deadLetters().list(OPEN)).isEmpty();
        }
        // A halt is probed every minute; the next start goes on at once.
        server.script(request -> APPLIED);
        try (Caravan caravan = fixture.run()) {
            awaitTold("rows.csv: 30 applied");
            assertThat(caravan.ledger().deadLetters().list(OPEN)).isEmpty();
        }
        assertThat(fixture.filesIn("done")).containsExactly("rows.csv", "rows.results.csv");
    }

    @Test
    void somebodyIsToldOfTheEndOfAnOutage() throws Exception {
        fixture.with("caravan.notify.uri", hook.url() + "/notify");
        server.script(request -> json(503, ""));
        try (Caravan caravan = fixture.run()) {
            drop(fixture.rows("rows.csv", tickets("T", 30)));
            awaitTold("The help desk is unavailable since ");
            server.script(request -> APPLIED);
            awaitTold("The help desk answers again, after ");
            awaitTold("rows.csv: 30 applied");
            assertThat(caravan.ledger().deadLetters().list(OPEN)).isEmpty();
        }
    }

    @Test
    void whoeverIsToldMayHangAndDeliveryGoesOn() throws Exception {
        fixture.with("caravan.notify.uri", hook.url() + "/notify").with("caravan.delivery.brake", "0%");
        AtomicBoolean hangs = new AtomicBoolean(true);
        hook.script(request -> hangs.get() ? ScriptedServer.SILENCE : json(200, ""));
        try (Caravan caravan = fixture.run()) {
            for (int i = 0; i < 1_010; i++) {
                caravan.announcements().tell("sentence " + i);
            }
            // An outage and its end are told of too, while there is no room.
            server.script(request -> server.requests().size() < 8 ? json(503, "") : APPLIED);
            drop(fixture.rows("rows.csv", tickets("T", 30)));
            await().atMost(LONG).until(() -> fixture.filesIn("done").contains("rows.csv"));
            assertThat(caravan.stopped()).isNull();

            hangs.set(false);
            hook.dropConnections();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(told())
                            .anySatisfy(said -> assertThat(said)
                                    .matches(
                                            "sentence \\d+\\. \\d+ notices were left out, because caravan.notify.uri did not"
                                                    + " accept them in time")));
        }
    }

    @Test
    void aHookThatDoesNotAnswerInTimeIsGivenUpAndTheNextSentenceSaysSo() throws Exception {
        fixture.with("caravan.notify.uri", hook.url() + "/notify")
                .withCamel("camel.component.http.responseTimeout", "200");
        hook.script(request -> hook.requests().size() < 3 ? ScriptedServer.SILENCE : json(200, ""));
        try (Caravan caravan = fixture.run()) {
            caravan.announcements().tell("one");
            caravan.announcements().tell("two");
            caravan.announcements().tell("three");
            caravan.announcements().tell("four");
            await().atMost(LONG).until(() -> told().size() == 4);

            String leftOut = " left out, because caravan.notify.uri did not accept them in time";
            assertThat(told())
                    .containsExactly("one", "two. 1 notice was" + leftOut, "three. 2 notices were" + leftOut, "four");
        }
    }

    private void awaitTold(String beginning) {
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(told()).anySatisfy(said -> assertThat(said).startsWith(beginning)));
    }
}
