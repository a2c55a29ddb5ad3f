package io.github.ticketcaravan.failures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.ticketcaravan.cli.Cli;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever fails under a source, and whenever: nothing is lost, nothing goes out of order, nothing is sent twice that
 * was not in flight, and the program says what is wrong, waits and goes on. This is the gravest part of it, in short;
 * {@code src/bench/failures} tries all of it, with the time-outs that users have, and writes {@code docs/failures.md}.
 */
class FailureMatrixTest {

    /** {@code all}, or pairs such as {@code INBOX-DISK_FULL,MAIL-LEDGER_AWAY}; empty: those of the suite. */
    private static final String WHICH = System.getProperty("caravan.failures", "");

    private static final int AT_ONCE = Integer.getInteger("caravan.failures.at-once", 3);
    private static final Pace PACE = Boolean.getBoolean("caravan.failures.long") ? Pace.LONG : Pace.QUICK;
    private static final String PAGE = System.getProperty("caravan.failures.page", "");

    /** The longest first, so that the others pass beside it. */
    private static final List<Pair> SUITE = List.of(
            new Pair(SourceKind.INBOX, Failure.LEDGER_AWAY),
            new Pair(SourceKind.INBOX, Failure.DISK_FULL),
            new Pair(SourceKind.MAIL, Failure.DISK_FULL),
            new Pair(SourceKind.IMPORT, Failure.LEDGER_AWAY),
            new Pair(SourceKind.AMQP, Failure.BROKER_SILENT));

    @TempDir
    private static Path folder;

    private static final List<Row> ROWS = new ArrayList<>();
    private static final long BEGAN = System.nanoTime();
    private static boolean hasDisks;

    private record Pair(SourceKind source, Failure failure) {

        static Pair parse(String text) {
            String[] parts = text.strip().split("-", 2);
            return new Pair(SourceKind.valueOf(parts[0]), Failure.valueOf(parts[1]));
        }

        static List<Pair> all() {
            return Arrays.stream(SourceKind.values())
                    .flatMap(source -> Arrays.stream(Failure.values())
                            .filter(failure -> source.cannot(failure) == null)
                            .map(failure -> new Pair(source, failure)))
                    .toList();
        }
    }

    private static List<Pair> chosen() {
        if (WHICH.isEmpty()) {
            return SUITE;
        }
        return WHICH.equals("all")
                ? Pair.all()
                : Arrays.stream(WHICH.split(",", -1)).map(Pair::parse).toList();
    }

    @BeforeAll
    static void lookForDisks() throws Exception {
        hasDisks = Disk.isPossible(folder);
    }

    @TestFactory
    List<DynamicTest> whateverFailsNothingIsLostOutOfOrderOrStuck() {
        ExecutorService trials = Executors.newFixedThreadPool(AT_ONCE);
        List<DynamicTest> tests = new ArrayList<>();
        for (Pair pair : chosen()) {
            Future<Row> trial = hasDisks || pair.failure != Failure.DISK_FULL ? trials.submit(() -> tried(pair)) : null;
            tests.add(DynamicTest.dynamicTest(pair.source + " x " + pair.failure, () -> {
                assumeThat(trial)
                        .as("a small disk of its own needs mount(8), and the superuser")
                        .isNotNull();
                check(pair, trial);
            }));
        }
        trials.shutdown();
        return tests;
    }

    private static Row tried(Pair pair) throws Exception {
        Set<Moment> moments = WHICH.isEmpty() ? EnumSet.of(Moment.IDLE, Moment.MIDDLE) : EnumSet.allOf(Moment.class);
        return new Trial(pair.source, pair.failure, moments, PACE, folderOf(pair)).run();
    }

    private static Path folderOf(Pair pair) {
        return folder.resolve(pair.source + "-" + pair.failure);
    }

    private static void check(Pair pair, Future<Row> trial) throws Exception {
        Path log = folderOf(pair).resolve("said.log");
        try {
            Row row = trial.get();
            ROWS.add(row);
            write();
            new PrintStream(System.out, true, StandardCharsets.UTF_8).println(row);
            assertThat(row.isRight())
                    .as(row + System.lineSeparator() + Files.readString(log))
                    .isTrue();
        } catch (ExecutionException e) {
            throw new AssertionError(Files.exists(log) ? Files.readString(log) : "it did not start", e);
        }
    }

    /** After each pair, so that nothing is lost of a run that is broken off. */
    private static void write() throws Exception {
        if (!PAGE.isEmpty()) {
            long minutes = Duration.ofNanos(System.nanoTime() - BEGAN).toMinutes();
            new FailuresPage(ROWS, PACE)
                    .write(
                            Cli.PROJECT.resolve(PAGE),
                            minutes,
                            hasDisks ? "" : "Full disks need mount(8) and the superuser, and were not tried.");
        }
    }
}
