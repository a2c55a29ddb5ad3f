package io.github.ticketcaravan.failures;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One pair: gives a source ordered work, strikes it with a failure at each of the moments, heals it, and judges. */
final class Trial {

    private static final int POLL_MILLIS = 100;
    private static final int PROGRESS_POLL_MILLIS = 5;
    private static final List<String> RUN = List.of("run");

    private final SourceKind kind;
    private final Failure failure;
    private final Set<Moment> moments;
    private final Pace pace;
    private final Path folder;
    private final Work work = new Work();
    private final List<Update> given = new ArrayList<>();
    private final Map<Moment, List<Update>> first = new EnumMap<>(Moment.class);
    private final Map<Moment, List<Update>> more = new EnumMap<>(Moment.class);
    private final List<String> faults = new ArrayList<>();
    private final Set<String> told = new LinkedHashSet<>();
    private @Nullable Process run;

    Trial(SourceKind kind, Failure failure, Set<Moment> moments, Pace pace, Path folder) {
        this.kind = kind;
        this.failure = failure;
        this.moments = EnumSet.copyOf(moments);
        if (!kind.isRun()) {
            // A command that is started and one that is given work are the same.
            this.moments.remove(Moment.IDLE);
        }
        this.pace = pace;
        this.folder = folder;
    }

    Row run() throws Exception {
        List<Update> all = new ArrayList<>();
        for (Moment moment : moments) {
            first.put(moment, work.next(moment.rounds()));
            more.put(moment, work.next(moment.more()));
            all.addAll(first.get(moment));
            all.addAll(more.get(moment));
        }
        try (Scene scene = new Scene(folder, failure, pace);
                Source source = kind.open(scene, all)) {
            boolean goesOn = true;
            for (Moment moment : moments) {
                goesOn = goesOn && strike(scene, source, moment);
            }
            if (goesOn) {
                await(pace.recovery(), 2 * POLL_MILLIS, () -> source.unfinished() == null);
            }
            String unfinished = source.unfinished();
            if (unfinished != null) {
                faults.add(unfinished);
            }
            end();
            return judge(scene, source);
        }
    }

    /** False if it did not get over it: another strike would tell nothing more. */
    private boolean strike(Scene scene, Source source, Moment moment) throws Exception {
        if (kind.isRun() && run == null && moment != Moment.START) {
            startRun(scene, source);
            awaitSaid(scene, 0, "Ctrl-C stops.");
        }
        source.stage(first.get(moment));
        int position = scene.said().length();
        switch (moment) {
            case START -> {
                give(source, first.get(moment), failure.isOnDisk());
                failure.strike(scene);
                give(source, first.get(moment), !failure.isOnDisk());
                if (kind.isRun()) {
                    startRun(scene, source);
                }
            }
            case IDLE -> {
                give(source, first.get(moment), failure.isOnDisk());
                failure.strike(scene);
                give(source, first.get(moment), !failure.isOnDisk());
            }
            case MIDDLE -> {
                int before = count(source);
                give(source, first.get(moment), true);
                awaitProgress(source, before + first.get(moment).size() / 3);
                source.stage(more.get(moment));
                give(source, more.get(moment), failure.isOnDisk());
                failure.strike(scene);
                give(source, more.get(moment), !failure.isOnDisk());
            }
        }
        boolean noticed = awaitTold(scene, position);
        TimeUnit.MILLISECONDS.sleep(hold(moment).toMillis());
        String said = scene.said().substring(position);
        told.addAll(Sentences.of(said, scene.folder()));
        if (!noticed) {
            faults.add(moment.words() + ": nothing was told for "
                    + pace.notice().plus(hold(moment)).toSeconds() + " s");
        }
        failure.heal(scene);
        source.resume();
        boolean all = awaitArrival(source);
        Process running = run;
        if (running != null && !running.isAlive()) {
            faults.add(moment.words() + ": run ended with exit code " + running.exitValue());
            startRun(scene, source);
            all = awaitArrival(source);
        }
        if (!all) {
            faults.add(moment.words() + ": not all was done " + pace.recovery().toSeconds() + " s after");
        }
        told.addAll(Sentences.of(scene.said().substring(position), scene.folder()));
        return all;
    }

    /** Where nothing is under way, it takes a time-out until the first item of a source fails, and only then the next. */
    private Duration hold(Moment moment) {
        return moment == Moment.IDLE && failure.needsPostgreSql() ? pace.idleHold() : pace.hold();
    }

    private void give(Source source, List<Update> updates, boolean now) throws Exception {
        if (now) {
            source.give();
            given.addAll(updates);
        }
    }

    private void startRun(Scene scene, Source source) throws IOException {
        run = scene.start(RUN, source.options());
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static boolean await(Duration limit, long pollMillis, Condition condition) throws Exception {
        long until = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > until) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(pollMillis);
        }
        return true;
    }

    private void awaitSaid(Scene scene, int position, String words) throws Exception {
        if (!await(
                pace.recovery(),
                POLL_MILLIS,
                () -> scene.said().substring(position).contains(words))) {
            faults.add("it did not start: " + Sentences.of(scene.said(), scene.folder()));
        }
    }

    private boolean awaitTold(Scene scene, int position) throws Exception {
        return await(
                pace.notice(),
                POLL_MILLIS,
                () -> !Sentences.of(scene.said().substring(position), scene.folder())
                        .isEmpty());
    }

    private void awaitProgress(Source source, int wanted) throws Exception {
        if (!await(pace.recovery(), PROGRESS_POLL_MILLIS, () -> count(source) >= wanted)) {
            faults.add("nothing was done before the failure");
        }
    }

    private static int count(Source source) throws Exception {
        return source.arrived().values().stream().mapToInt(List::size).sum();
    }

    /** Until all that was given has arrived, or nobody is there any more who works on it. */
    private boolean awaitArrival(Source source) throws Exception {
        Process running = run;
        return await(pace.recovery(), POLL_MILLIS, () -> arrived(source) >= given.size() || !isAlive(running))
                && arrived(source) >= given.size();
    }

    private static boolean isAlive(@Nullable Process process) {
        return process == null || process.isAlive();
    }

    private static long arrived(Source source) throws Exception {
        return source.arrived().values().stream()
                .mapToLong(numbers -> numbers.stream().distinct().count())
                .sum();
    }

    private void end() throws InterruptedException {
        Process running = run;
        if (running == null) {
            return;
        }
        running.destroy();
        if (!running.waitFor(pace.recovery().toSeconds(), TimeUnit.SECONDS)) {
            faults.add("run does not end when it is told to");
        } else if (running.exitValue() != 0) {
            faults.add("run ends with exit code " + running.exitValue() + " when it is told to end");
        }
    }

    private Row judge(Scene scene, Source source) throws Exception {
        Judge judge = new Judge(Work.byTicket(given), source.arrived());
        int unrecorded = given.size() - Judge.outcomes(scene.ledger(), source.outcome());
        if (unrecorded != 0) {
            faults.add("the ledger has " + (given.size() - unrecorded) + " outcomes of " + given.size());
        }
        return new Row(
                kind,
                failure,
                given.size(),
                judge.missing(),
                judge.outOfOrder(),
                judge.repeated(),
                moments.size() * Work.TICKETS,
                (kind.isRun() ? "it ran on and ended with 0; " : "") + source.state(),
                faults,
                List.copyOf(told));
    }
}
