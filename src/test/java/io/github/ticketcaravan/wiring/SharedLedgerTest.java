package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.ledger.LedgerDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two of {@code caravan run}, as on two machines, with one ledger in PostgreSQL. */
class SharedLedgerTest {

    private static final int LETTERS = 40;

    @TempDir
    private Path folder;

    private ScriptedServer helpDesk;
    private volatile String says = ScriptedServer.json(422, "{\"errors\":{\"status_id\":[\"can't be blank\"]}}");
    private String url;

    @BeforeEach
    void start() throws Exception {
        helpDesk = new ScriptedServer(request -> says);
        url = LedgerDatabase.POSTGRESQL.fresh(folder);
    }

    @AfterEach
    void stop() {
        helpDesk.close();
    }

    private CaravanFixture machine(String name) throws Exception {
        return new CaravanFixture(Files.createDirectories(folder.resolve(name)), helpDesk.url())
                .with("caravan.ledger.url", url)
                .with("caravan.dead-letter.forward", "file:" + folder.resolve("forwarded") + "?fileName=${id}");
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    private long forwarded() throws Exception {
        if (!Files.exists(folder.resolve("forwarded"))) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder.resolve("forwarded"))) {
            return files.filter(file -> !file.toString().endsWith(".camelLock")).count();
        }
    }

    private static List<DeadLetter> letters(Caravan caravan) throws Exception {
        return caravan.ledger().deadLetters().list(DeadLetterFilter.inStates(Set.of()));
    }

    private void refuse(CaravanFixture machine) throws Exception {
        List<String> tickets = new ArrayList<>();
        for (int i = 0; i < LETTERS; i++) {
            tickets.add("T-" + i);
        }
        Path file = machine.rows("refused.csv", tickets.toArray(String[]::new));
        Files.move(file, Files.createDirectories(machine.inbox()).resolve("refused.csv"));
    }

    private static void requestAll(Caravan caravan) throws Exception {
        for (DeadLetter letter : letters(caravan)) {
            assertThat(caravan.ledger().deadLetters().request(letter.id())).isTrue();
        }
    }

    @Test
    void eachDeadLetterIsForwardedOnceAndReplayedOnce() throws Exception {
        CaravanFixture second = machine("b");
        try (Caravan one = machine("a").run();
                Caravan other = second.run()) {
            // Whoever forwards, it may be letters of another.
            refuse(second);
            soon().until(() -> one.ledger().deadLetters().toForward(1).isEmpty()
                    && letters(one).size() == LETTERS);
            assertThat(forwarded()).isEqualTo(LETTERS);

            helpDesk.forget();
            says = ScriptedServer.APPLIED;
            requestAll(one);
            soon().until(() ->
                    letters(other).stream().allMatch(letter -> letter.state().equals("applied")));
        }

        assertThat(helpDesk.requests()).hasSize(LETTERS);
        assertThat(forwarded()).isEqualTo(LETTERS);
    }

    @Test
    void whatOneLeavesTheOtherTakesUp() throws Exception {
        CaravanFixture first = machine("a");
        Caravan one = first.run();
        try (Ledger ledger = Ledger.open(url, Clock.systemUTC())) {
            refuse(first);
            soon().until(() -> letters(one).size() == LETTERS
                    && one.ledger().deadLetters().toForward(1).isEmpty());
            try (Caravan other = machine("b").run()) {
                helpDesk.forget();
                // Not done by the one that has begun with them.
                says = ScriptedServer.json(503, "{}");
                requestAll(one);
                soon().until(() -> !helpDesk.requests().isEmpty());
                one.close();
                assertThat(ledger.deadLetters().list(DeadLetterFilter.inStates(Set.of("requested"))))
                        .isNotEmpty();
                says = ScriptedServer.APPLIED;
                soon().until(() -> letters(other).stream()
                        .allMatch(letter -> letter.state().equals("applied")));
            }
        }
    }

    @Test
    void oneProcessAtATimeIsOnDutyAndTheNextAsSoonAsItsConnectionIsGone() {
        try (Ledger other = Ledger.open(url, Clock.systemUTC())) {
            try (Ledger one = Ledger.open(url, Clock.systemUTC())) {
                assertThat(one.isOnDuty()).isTrue();
                assertThat(other.isOnDuty()).isFalse();
                assertThat(one.isOnDuty()).isTrue();
            }
            soon().until(other::isOnDuty);
        }
    }

    @Test
    void eachDutyMayBeAnotherProcesss() {
        try (Ledger other = Ledger.open(url, Clock.systemUTC())) {
            try (Ledger one = Ledger.open(url, Clock.systemUTC())) {
                assertThat(one.isOnDuty("mailbox a")).isTrue();
                assertThat(other.isOnDuty("mailbox a")).isFalse();
                assertThat(other.isOnDuty("mailbox b")).isTrue();
                assertThat(one.isOnDuty("mailbox b")).isFalse();
                assertThat(one.isOnDuty()).isTrue();
                assertThat(other.isOnDuty()).isFalse();
                assertThat(one.isOnDuty("mailbox a")).isTrue();
            }
            soon().until(() -> other.isOnDuty("mailbox a") && other.isOnDuty());
            assertThat(other.isOnDuty("mailbox b")).isTrue();
        }
    }

    @Test
    void anImportThatIsUnderWayElsewhereIsNotSentTwice() throws Exception {
        CaravanFixture first = machine("a");
        CaravanFixture second = machine("b");
        Path file = first.rows("rows.csv", "T-1", "T-2", "T-3");
        Path copy = Files.copy(file, folder.resolve("b/rows.csv"));
        CountDownLatch answers = new CountDownLatch(1);
        helpDesk.script(request -> {
            hold(answers);
            return ScriptedServer.APPLIED;
        });
        try (Caravan one = first.start();
                Caravan other = second.start()) {
            CompletableFuture<ImportSummary> imported = CompletableFuture.supplyAsync(() -> importFile(one, file));
            soon().until(() -> helpDesk.requests().size() == 3);

            assertThatThrownBy(() -> CaravanFixture.importFile(other, copy))
                    .isInstanceOf(DeliveryStopped.class)
                    .hasMessageStartingWith("rows.csv is being imported by another caravan, process "
                            + ProcessHandle.current().pid() + " on ")
                    .hasMessageEndingWith(": wait for its end, then try again; what has an outcome is not sent twice");

            answers.countDown();
            assertThat(imported.get().exitCode()).isZero();
            assertThat(CaravanFixture.importFile(other, copy).before()).isNotNull();
        }

        assertThat(helpDesk.requests()).hasSize(3);
    }

    private static ImportSummary importFile(Caravan caravan, Path file) {
        try {
            return CaravanFixture.importFile(caravan, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void hold(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As after a failover: the database has let another process have it, and this one was not told. */
    @Test
    void whatAnotherProcessHasTakenOverIsSentNoMore() throws Exception {
        CaravanFixture first = machine("a");
        Path file = first.rows("rows.csv", "T-1", "T-2", "T-3");
        says = ScriptedServer.json(503, "{}");
        try (Caravan one = first.start();
                Connection database = DriverManager.getConnection(url);
                Statement sql = database.createStatement()) {
            CompletableFuture<ImportSummary> imported = CompletableFuture.supplyAsync(() -> importFile(one, file));
            soon().until(() -> helpDesk.requests().size() > 5);

            assertThat(sql.executeUpdate("update lease set owner = 'another' where name like 'import %'"))
                    .isOne();

            assertThat(imported.get(60, TimeUnit.SECONDS).exitCode()).isEqualTo(3);
            assertThat(imported.get().stopped()).startsWith("Another process may have taken it over: ");
            assertThat(imported.get().counts().values()).containsOnly(0L);
        }
    }
}
