package io.github.ticketcaravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.delivery.Answer;
import io.github.ticketcaravan.delivery.AttemptFailed;
import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.Dispatch;
import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.delivery.Redaction;
import io.github.ticketcaravan.delivery.Refusals;
import io.github.ticketcaravan.settings.EndpointSettings;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept, in either kind of database. */
@ParameterizedClass
@EnumSource(LedgerDatabase.class)
class LedgerTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");
    private static final DeadLetterFilter ALL = DeadLetterFilter.inStates(java.util.Set.of());

    @Parameter
    private LedgerDatabase database;

    @TempDir
    private Path folder;

    private String url;

    @BeforeEach
    void chooseADatabase() {
        url = database.fresh(folder);
    }

    private Ledger open(Instant now) {
        return Ledger.open(url, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static Import begin(Ledger ledger, String fingerprint) {
        return ledger.begin(fingerprint, Source.CSV, fingerprint + ".csv", "ticket,subject", 3);
    }

    /** Has an update answered and kept. */
    static void keep(Ledger ledger, long importId, TicketUpdate update, int status, String body, Instant now)
            throws Exception {
        Settings settings = Settings.of(
                new Values(Map.of(), Map.of(), Map.of("caravan.delivery.retry.attempts", "1")), Path.of(""));
        EndpointSettings endpoint = settings.endpoint();
        Delivery[] delivery = new Delivery[1];
        delivery[0] = new Delivery(
                settings.delivery(),
                Delivery.Patience.ENDLESS,
                Clock.fixed(now, ZoneOffset.UTC),
                new Random(1),
                said -> {},
                new Delivery.Channel() {
                    @Override
                    public void send(Dispatch dispatch, Consumer<Exception> done) {
                        try {
                            delivery[0].permit(dispatch);
                            delivery[0].answered(
                                    dispatch,
                                    Answer.read(
                                            status,
                                            new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)),
                                            null,
                                            null,
                                            Redaction.of(endpoint)));
                        } catch (AttemptFailed refused) {
                            new Refusals(delivery[0]).settle(dispatch);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        try {
                            ledger.keep(dispatch);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        done.accept(null);
                    }
                });
        var unused = delivery[0].deliver(importId, update, () -> false).get(20, TimeUnit.SECONDS);
    }

    private static void apply(Ledger ledger, long importId, TicketUpdate update, Instant now) throws Exception {
        keep(ledger, importId, update, 200, "{\"id\":1}", now);
    }

    private static void reject(Ledger ledger, long importId, TicketUpdate update, Instant now) throws Exception {
        keep(ledger, importId, update, 422, "{\"errors\":{\"subject\":[\"größe 🎫 'quoted'\"]}}", now);
    }

    private static TicketUpdate update(long position, String ticket, String... parameters) {
        Map<String, String> values = new java.util.LinkedHashMap<>();
        for (String parameter : parameters) {
            values.put(parameter, "Ünï 🎫\nline two");
        }
        return new TicketUpdate(
                new Origin(Source.CSV, "größe.csv", position),
                ticket,
                values,
                "as,\"it\ncame\"",
                List.of(),
                List.of(),
                null);
    }

    private static List<OutcomeLine> outcomes(Ledger ledger, long importId) throws Exception {
        List<OutcomeLine> lines = new ArrayList<>();
        ledger.outcomes(importId, rows -> rows.forEachRemaining(lines::add));
        return lines;
    }

    @Test
    void whatIsWrittenIsThereWhenItIsOpenedAgain() {
        Import entry;
        try (Ledger ledger = open(NOON)) {
            entry = ledger.begin("fingerprint", Source.CSV, "größe 🎫.csv", "ticket,status", 17);
            ledger.finish(entry.id(), 1);
        }
        try (Ledger ledger = open(NOON.plusSeconds(1))) {
            Import again = ledger.latest("fingerprint").orElseThrow();

            assertThat(again.id()).isEqualTo(entry.id());
            assertThat(again.name()).isEqualTo("größe 🎫.csv");
            assertThat(again.header()).isEqualTo("ticket,status");
            assertThat(again.total()).isEqualTo(17);
            assertThat(again.startedAt()).isEqualTo(NOON);
            assertThat(again.finishedAt()).isEqualTo(NOON);
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(ledger.latest("another")).isEmpty();
        }
    }

    @Test
    void theNewestImportOfAFileIsTheOneThatCounts() {
        try (Ledger ledger = open(NOON)) {
            begin(ledger, "fingerprint");
            Import second = begin(ledger, "fingerprint");

            assertThat(ledger.latest("fingerprint")).contains(second);
        }
    }

    @Test
    void twoLedgersHaveDifferentMarks() throws Exception {
        List<String> ids = new ArrayList<>();
        for (String each : List.of(url, database.fresh(folder.resolve("other")))) {
            try (Ledger ledger = Ledger.open(each, Clock.fixed(NOON, ZoneOffset.UTC))) {
                reject(ledger, begin(ledger, "f").id(), update(2, "LF-1", "subject"), NOON);
                ids.add(ledger.deadLetters().list(ALL).get(0).id());
            }
        }
        assertThat(ids).doesNotHaveDuplicates().allSatisfy(id -> assertThat(id).endsWith("-1"));
        try (Ledger ledger = open(NOON)) {
            assertThat(ledger.deadLetters().find(ids.get(0))).isPresent();
            assertThat(ledger.deadLetters().find("1")).isEmpty();
            assertThat(ledger.deadLetters().typed("1")).isPresent();
            assertThat(ledger.deadLetters().find(ids.get(1))).isEmpty();
        }
    }

    @Test
    void anOutcomeThatIsThereStaysAsItIs() throws Exception {
        try (Ledger ledger = open(NOON)) {
            long importId = begin(ledger, "f").id();
            apply(ledger, importId, update(2, "LF-1", "subject"), NOON);
            reject(ledger, importId, update(2, "LF-1", "subject"), NOON.plusSeconds(1));
            reject(ledger, importId, update(3, "LF-2", "subject"), NOON.plusSeconds(2));
            apply(ledger, importId, update(3, "LF-2", "subject"), NOON.plusSeconds(3));

            assertThat(outcomes(ledger, importId))
                    .extracting(OutcomeLine::position, OutcomeLine::outcome, OutcomeLine::finishedAt)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(2L, Outcome.APPLIED, NOON),
                            org.assertj.core.groups.Tuple.tuple(3L, Outcome.REJECTED, NOON.plusSeconds(2)));
            assertThat(ledger.positions(importId).stream()).containsExactly(2, 3);
            assertThat(ledger.counts(importId))
                    .containsEntry(Outcome.APPLIED, 1L)
                    .containsEntry(Outcome.REJECTED, 1L)
                    .containsEntry(Outcome.FAILED, 0L);
            assertThat(ledger.reasons(importId, Outcome.REJECTED, 5))
                    .isEqualTo(Map.of("subject größe 🎫 'quoted'", 1L));
        }
    }

    @Test
    void aDeadLetterHasAllOfTheUpdateAndOfTheAnswer() throws Exception {
        try (Ledger ledger = open(NOON)) {
            TicketUpdate update = update(7, "LF-1", "subject", "custom[größe]");
            reject(ledger, begin(ledger, "f").id(), update, NOON);

            DeadLetter letter = ledger.deadLetters().list(ALL).get(0);
            assertThat(letter.source()).isEqualTo("csv");
            assertThat(letter.name()).isEqualTo("größe.csv");
            assertThat(letter.position()).isEqualTo(7);
            assertThat(letter.ticket()).isEqualTo("LF-1");
            assertThat(letter.parameters()).containsExactlyEntriesOf(update.parameters());
            assertThat(letter.original()).isEqualTo("as,\"it\ncame\"");
            assertThat(letter.outcome()).isEqualTo("rejected");
            assertThat(letter.status()).isEqualTo(422);
            assertThat(letter.errors()).isEqualTo(Map.of("subject", List.of("größe 🎫 'quoted'")));
            assertThat(letter.attempts()).isEqualTo(1);
            assertThat(letter.firstAt()).isEqualTo(NOON);
            assertThat(letter.lastAt()).isEqualTo(NOON);
            assertThat(letter.state()).isEqualTo("open");
            assertThat(letter.changedBy()).isNull();
        }
    }

    @Test
    void aLetterIsOvertakenByALaterUpdateOfTheSameTicketAndParameterOnly() throws Exception {
        try (Ledger ledger = open(NOON)) {
            long importId = begin(ledger, "f").id();
            apply(ledger, importId, update(2, "LF-1", "subject"), NOON.minusSeconds(1));
            reject(ledger, importId, update(3, "LF-1", "subject", "team"), NOON);
            apply(ledger, importId, update(4, "LF-1", "priority"), NOON.plusSeconds(1));
            apply(ledger, importId, update(5, "LF-2", "subject"), NOON.plusSeconds(1));
            reject(ledger, importId, update(6, "LF-1", "team"), NOON.plusSeconds(1));
            List<DeadLetter> letters = ledger.deadLetters().list(ALL);
            assertThat(ledger.deadLetters().overtaken(letters, -1)).isEmpty();

            apply(ledger, importId, update(7, "lf-1", "team"), NOON.plusSeconds(2));

            assertThat(ledger.deadLetters().overtaken(letters, -1))
                    .isEqualTo(
                            Map.of(letters.get(0).id(), "team", letters.get(1).id(), "team"));
            assertThat(ledger.deadLetters().overtaken(letters, importId)).isEmpty();
        }
    }

    @Test
    void oldOutcomesArePrunedButNeverADeadLetterNorWhatIsNotAtItsEnd() throws Exception {
        long whole;
        long refused;
        long unfinished;
        try (Ledger ledger = open(NOON)) {
            whole = begin(ledger, "whole").id();
            apply(ledger, whole, update(2, "LF-1", "subject"), NOON);
            ledger.finish(whole, 0);
            refused = begin(ledger, "refused").id();
            apply(ledger, refused, update(2, "LF-1", "subject"), NOON);
            reject(ledger, refused, update(3, "LF-1", "subject"), NOON);
            ledger.finish(refused, 1);
            unfinished = begin(ledger, "unfinished").id();
            apply(ledger, unfinished, update(2, "LF-1", "subject"), NOON);

            ledger.prune(NOON, Duration.ofMinutes(1));
            assertThat(outcomes(ledger, whole)).as("not old yet").hasSize(1);
            ledger.prune(NOON.plus(Duration.ofDays(90)), Duration.ofMinutes(1));

            assertThat(ledger.latest("whole")).isEmpty();
            assertThat(outcomes(ledger, whole)).isEmpty();
            assertThat(outcomes(ledger, refused)).isEmpty();
            assertThat(ledger.latest("refused")).isPresent();
            assertThat(ledger.deadLetters().list(ALL)).hasSize(1);
            assertThat(outcomes(ledger, unfinished)).hasSize(1);
        }
    }

    @Test
    void severalOpenItAtOnceAndEachMayWrite() throws Exception {
        List<Ledger> ledgers = new ArrayList<>();
        try {
            List<Thread> threads = new ArrayList<>();
            List<Exception> failures = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int number = 0; number < 4; number++) {
                int each = number;
                threads.add(new Thread(() -> {
                    try {
                        Ledger ledger = open(NOON);
                        synchronized (ledgers) {
                            ledgers.add(ledger);
                        }
                        long importId = begin(ledger, "f" + each).id();
                        for (int row = 2; row < 22; row++) {
                            reject(ledger, importId, update(row, "LF-" + row, "subject"), NOON);
                        }
                    } catch (Exception e) {
                        failures.add(e);
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            assertThat(ledgers.get(0).deadLetters().list(ALL))
                    .extracting(DeadLetter::id)
                    .hasSize(80)
                    .doesNotHaveDuplicates()
                    .as("one mark, however many opened it at once")
                    .allMatch(id -> id.startsWith(ids(ledgers.get(0))));
        } finally {
            ledgers.forEach(Ledger::close);
        }
    }

    private static String ids(Ledger ledger) {
        return ledger.deadLetters().typed("1").orElseThrow().id().replaceFirst("-.*", "-");
    }
}
