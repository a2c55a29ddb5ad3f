package io.github.ticketcaravan.wiring;

import static io.github.ticketcaravan.wiring.ScriptedServer.APPLIED;
import static io.github.ticketcaravan.wiring.ScriptedServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.LedgerDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole imports: outcomes, receipts, dead letters, and exactly as many requests as there should be. */
@Timeout(60)
@ParameterizedClass
@EnumSource(LedgerDatabase.class)
class ImportTest {

    private static final String REFUSED = json(422, "{\"errors\":{\"status_id\":[\"can't be blank\"]}}");

    @Parameter
    private LedgerDatabase database;

    @TempDir
    private Path folder;

    private ScriptedServer server;
    private CaravanFixture fixture;

    @BeforeEach
    void serve() throws IOException {
        server = new ScriptedServer(request -> APPLIED);
        fixture = new CaravanFixture(folder, server.url()).with("caravan.ledger.url", database.fresh(folder));
    }

    private ImportSummary importFile(Path file) throws IOException {
        try (Caravan caravan = fixture.start()) {
            return CaravanFixture.importFile(caravan, file);
        }
    }

    private static List<String> outcomes(Path file) {
        return CaravanFixture.results(file).values().stream()
                .map(row -> row.get("ticket") + " " + row.get("outcome"))
                .toList();
    }

    private List<DeadLetter> deadLetters() throws IOException {
        try (Caravan caravan = fixture.start()) {
            return caravan.ledger().deadLetters().list(new DeadLetterFilter(null, null, null, null, null, Set.of()));
        }
    }

    @Test
    void everyRowHasOneReceiptWhateverBecomesOfIt() throws IOException {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        server.script(request -> switch (request.ticket()) {
            case "REFUSED" -> REFUSED;
            case "MISSING" -> json(404, "{\"error\":\"Ticket not found\"}");
            case "FALSE" -> json(200, "false");
            case "RETRIED" -> asked.add("RETRIED") ? json(503, "") : APPLIED;
            default -> APPLIED;
        });
        Path file = fixture.file(
                "mixed.csv",
                "ticket,subject,department",
                "GOOD,a,",
                "REFUSED,b,",
                "MISSING,c,",
                "FALSE,d,",
                "RETRIED,e,",
                ",f,",
                "GOOD,g,not an id",
                "GOOD,h,3,too many");

        ImportSummary summary = importFile(file);

        assertThat(summary.exitCode()).isEqualTo(1);
        assertThat(summary.stopped()).isNull();
        assertThat(outcomes(file))
                .containsExactly(
                        "GOOD applied",
                        "REFUSED rejected",
                        "MISSING rejected",
                        "FALSE rejected",
                        "RETRIED applied",
                        " invalid",
                        "GOOD invalid",
                        "GOOD invalid");
        assertThat(server.requests()).hasSize(6);
        assertThat(CaravanFixture.results(file).get(3L))
                .containsEntry("status", "422")
                .containsEntry("attempts", "1")
                .containsEntry("reason", "status_id can't be blank");
        assertThat(deadLetters())
                .extracting(DeadLetter::position, DeadLetter::outcome, DeadLetter::errors)
                .startsWith(org.assertj.core.groups.Tuple.tuple(
                        3L, "rejected", Map.of("status_id", List.of("can't be blank"))))
                .hasSize(6);
    }

    @Test
    void theSameFileImportedWholeIsNotSentAgain() throws IOException {
        Path file = fixture.rows("twice.csv", "A", "B", "A");

        assertThat(importFile(file).exitCode()).isZero();
        ImportSummary again = importFile(file);

        assertThat(again.before()).isNotNull();
        assertThat(again.exitCode()).isZero();
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void aSecretThatIsChangedInTheMiddleStopsTheImportAndMendedItGoesOn() throws IOException {
        String[] tickets =
                IntStream.range(0, 200).mapToObj(row -> "T-" + row % 40).toArray(String[]::new);
        Path file = fixture.rows("halted.csv", tickets);
        AtomicInteger requests = new AtomicInteger();
        Set<String> applied = ConcurrentHashMap.newKeySet();
        server.script(request -> {
            if (requests.incrementAndGet() > 100) {
                return json(403, "{\"error\":\"Invalid token or secret\"}");
            }
            applied.add(request.form().get("subject"));
            return APPLIED;
        });

        ImportSummary halted = importFile(file);

        assertThat(halted.exitCode()).isEqualTo(3);
        assertThat(halted.stopped()).contains("HTTP 403 (Invalid token or secret): mend caravan.endpoint.token");
        assertThat(halted.counts())
                .isEqualTo(
                        Map.of(Outcome.APPLIED, 100L, Outcome.INVALID, 0L, Outcome.REJECTED, 0L, Outcome.FAILED, 0L));
        assertThat(server.requests()).hasSizeBetween(101, 100 + 4);
        assertThat(CaravanFixture.results(file)).hasSize(100);

        server.forget();
        server.script(request -> {
            assertThat(applied.add(request.form().get("subject"))).isTrue();
            return APPLIED;
        });
        ImportSummary resumed = importFile(file);

        assertThat(resumed.exitCode()).isZero();
        assertThat(server.requests()).hasSize(100);
        assertThat(applied).hasSize(200);
        assertThat(CaravanFixture.results(file)).hasSize(200);
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void aTicketThatIsUnavailableWhileOthersAreAnsweredFailsAndIsADeadLetter() throws IOException {
        String[] tickets = IntStream.range(0, 400)
                .mapToObj(row -> row == 7 ? "BAD" : "T-" + row)
                .toArray(String[]::new);
        fixture.with("caravan.delivery.rate", "300");
        server.script(request -> request.ticket().equals("BAD") ? json(500, "{\"error\":\"oops\"}") : APPLIED);
        Path file = fixture.rows("one-bad.csv", tickets);

        ImportSummary summary = importFile(file);

        assertThat(summary.exitCode()).isEqualTo(1);
        Map<String, String> receipt = CaravanFixture.results(file).get(9L);
        assertThat(receipt).containsEntry("outcome", "failed").containsEntry("status", "500");
        assertThat(server.requests("BAD"))
                .isEqualTo(Long.parseLong(receipt.get("attempts")))
                .isBetween(6L, 12L);
        assertThat(server.requests()).hasSize(399 + (int) server.requests("BAD"));
    }

    @Test
    void theLastFewTicketsThatAreAlwaysRefusedASensibleAnswerFail() throws IOException {
        server.script(request -> request.ticket().startsWith("BAD")
                ? json(500, "{\"error\":\"oops\"}")
                : request.ticket().equals(Delivery.NO_SUCH_TICKET)
                        ? json(404, "{\"error\":\"no such ticket\"}")
                        : APPLIED);
        Path file = fixture.rows("few-bad.csv", "GOOD-1", "GOOD-2", "BAD-1", "BAD-2", "BAD-3");

        ImportSummary summary = importFile(file);

        assertThat(summary.exitCode()).isEqualTo(1);
        assertThat(summary.counts()).containsEntry(Outcome.APPLIED, 2L).containsEntry(Outcome.FAILED, 3L);
        assertThat(deadLetters()).hasSize(3);
        assertThat(server.requests(Delivery.NO_SUCH_TICKET)).isPositive();
    }

    @Test
    void whenEverythingIsUnavailableForAWhileNothingIsLost() throws IOException {
        String[] tickets =
                IntStream.range(0, 300).mapToObj(row -> "T-" + row % 50).toArray(String[]::new);
        AtomicInteger requests = new AtomicInteger();
        server.script(request -> {
            int number = requests.incrementAndGet();
            return number > 100 && number < 140 ? json(503, "") : APPLIED;
        });
        Path file = fixture.rows("outage.csv", tickets);

        assertThat(importFile(file).exitCode()).isZero();
        assertThat(server.requests()).hasSize(300 + 39);
        assertThat(CaravanFixture.results(file))
                .hasSize(300)
                .allSatisfy((row, receipt) -> assertThat(receipt).containsEntry("outcome", "applied"));
    }

    @Test
    void whenTheEndpointIsGoneInTheMiddleTheImportEndsAndGoesOnWhenItIsBack() throws IOException {
        String[] tickets = IntStream.range(0, 100).mapToObj(row -> "T-" + row).toArray(String[]::new);
        fixture.with("caravan.delivery.outage.give-up", "200ms");
        AtomicInteger requests = new AtomicInteger();
        server.script(request -> {
            if (requests.incrementAndGet() > 50) {
                server.close();
                return ScriptedServer.RESET;
            }
            return APPLIED;
        });
        Path file = fixture.rows("gone.csv", tickets);

        ImportSummary gone = importFile(file);

        assertThat(gone.exitCode()).isEqualTo(3);
        assertThat(gone.stopped()).contains("longer than caravan.delivery.outage.give-up");
        assertThat(gone.counts().get(Outcome.FAILED)).isZero();
        long before = gone.counts().get(Outcome.APPLIED);
        assertThat(before).isBetween(40L, 50L);

        try (ScriptedServer back = server.again(request -> APPLIED)) {
            assertThat(importFile(file).exitCode()).isZero();
            assertThat(back.requests()).hasSize(100 - (int) before);
        }
        assertThat(CaravanFixture.results(file)).hasSize(100);
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void aRejectedFileMendedAndDroppedAgainMarksItsDeadLettersApplied() throws IOException {
        server.script(request -> String.valueOf(request.form().get("status")).equals("Wartet") ? REFUSED : APPLIED);
        Path file = fixture.file(
                "first.csv",
                "ticket,status,custom[größe]",
                "LF-1,Wartet,🎫 Ünï \"x\"",
                "LF-2,Closed,ok",
                "LF-3,Wartet,'=1+1");
        assertThat(importFile(file).exitCode()).isEqualTo(1);
        List<DeadLetter> letters = deadLetters();
        assertThat(letters).extracting(DeadLetter::state).containsExactly("open", "open");
        String rejected = Files.readString(CaravanFixture.rejected(file));
        assertThat(rejected).contains(letters.get(0).id(), letters.get(1).id());

        Path mended = fixture.file("mended.csv", rejected.replace("Wartet", "Waiting for Staff"));
        server.forget();
        assertThat(importFile(mended).exitCode()).isZero();

        assertThat(server.requests())
                .extracting(ScriptedServer.Request::form)
                .containsExactlyInAnyOrder(
                        Map.of("ticket", "LF-1", "status", "Waiting for Staff", "custom[größe]", "🎫 Ünï \"x\""),
                        Map.of("ticket", "LF-3", "status", "Waiting for Staff", "custom[größe]", "'=1+1"));
        assertThat(deadLetters())
                .extracting(DeadLetter::id, DeadLetter::state, DeadLetter::replays)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(letters.get(0).id(), "applied", 1),
                        org.assertj.core.groups.Tuple.tuple(letters.get(1).id(), "applied", 1));
    }

    @Test
    void manyInvalidRowsBehindASlowOneOfTheSameTicketAreAllSettled() throws IOException {
        fixture.with("caravan.delivery.brake", "0");
        server.script(request -> {
            try {
                Thread.sleep(300);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return APPLIED;
        });
        String[] lines = new String[1_501];
        lines[0] = "ticket,department";
        for (int i = 1; i < lines.length; i++) {
            lines[i] = "LF-1," + (i == 1 ? "3" : "none");
        }
        Path file = fixture.file("invalid.csv", lines);

        assertThat(importFile(file).counts()).containsEntry(Outcome.APPLIED, 1L).containsEntry(Outcome.INVALID, 1_499L);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aCredentialThatIsRepeatedToUsIsKeptNowhere() throws IOException {
        server.script(request -> json(
                422,
                "{\"errors\":{\"base\":[\"" + CaravanFixture.TOKEN + "\"]},\"error\":\"" + CaravanFixture.SECRET
                        + "\"}"));
        Path file = fixture.rows("leak.csv", "A");
        importFile(file);

        assertThat(deadLetters().get(0).toString()).doesNotContain(CaravanFixture.TOKEN, CaravanFixture.SECRET);
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(
                                    new String(Files.readAllBytes(each), java.nio.charset.StandardCharsets.ISO_8859_1))
                            .doesNotContain(CaravanFixture.TOKEN)
                            .doesNotContain(CaravanFixture.SECRET));
        }
    }
}
