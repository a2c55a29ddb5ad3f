package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.ledger.LedgerException;
import io.github.ticketcaravan.ledger.LedgerException.Remedy;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.wiring.Caravan;
import io.github.ticketcaravan.wiring.DataFolder;
import io.github.ticketcaravan.wiring.UnavailableException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description = "Runs every source that is configured until stopped.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped by a signal", "2:configuration", "3:it could not go on; the log tells why"})
final class RunCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 200;
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile @Nullable Caravan current;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = common.settingsToSend();
        Interruption.on(this::stop);
        Caravan caravan = start(settings, Duration.ZERO);
        if (caravan != null) {
            tell("Running for " + settings.endpoint().url() + ". Drop CSV files into "
                    + settings.csv().inbox() + "; Ctrl-C stops.");
        }
        Duration pause = LEAST_PAUSE;
        while (caravan != null) {
            boolean ledgerIsBroken;
            String reason;
            long started = System.nanoTime();
            try (Caravan running = caravan) {
                awaitEnd(running);
                ledgerIsBroken = running.ledger().isBroken() && !isStopping();
                reason = running.stopped();
                if (ledgerIsBroken) {
                    tell(reason + "; it goes on when the ledger can be written again");
                }
            }
            if (isStopping()) {
                return ExitCode.APPLIED;
            }
            if (!ledgerIsBroken) {
                tell("Stopped: " + reason);
                return ExitCode.STOPPED;
            }
            boolean heldOut = System.nanoTime() - started > LONGEST_PAUSE.toNanos();
            pause = heldOut ? LEAST_PAUSE : longer(pause);
            // As after a kill: a source gives again whatever has no outcome.
            try {
                caravan = start(settings, pause);
            } catch (LedgerException beyondWaiting) {
                tell("Stopped: " + beyondWaiting.getMessage());
                return ExitCode.STOPPED;
            }
            if (caravan != null) {
                tell("The ledger can be written again, and it goes on");
            }
        }
        return ExitCode.APPLIED;
    }

    private void stop() {
        stopping.countDown();
        Caravan running = current;
        if (running != null) {
            running.stop("Ticket Caravan is stopping");
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void awaitEnd(Caravan running) throws InterruptedException {
        current = running;
        if (isStopping()) {
            return;
        }
        while (running.stopped() == null && !stopping.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            // It runs.
        }
    }

    /**
     * Starts when what it needs is there; null if it is stopped first.
     *
     * @param pause before the first try; each further one comes after a longer one
     * @throws LedgerException where waiting does not help
     */
    private @Nullable Caravan start(Settings settings, Duration pause) throws InterruptedException {
        boolean again = !pause.isZero();
        Duration before = pause;
        while (!stopping.await(before.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                DataFolder.make("caravan.csv.inbox", settings.csv().inbox());
                return common.start(settings, Caravan.Mode.RUN);
            } catch (UnavailableException e) {
                before = waits(e, before);
            } catch (LedgerException e) {
                // What it had worked with may be refused for a while, as when a database is put back from a backup.
                if (e.remedy() == Remedy.REPAIR || (e.remedy() == Remedy.CONFIGURE && !again)) {
                    throw e;
                }
                before = waits(e, before);
            }
        }
        return null;
    }

    /** How long it waits now. */
    private Duration waits(RuntimeException failure, Duration before) {
        Duration pause = before.isZero() ? LEAST_PAUSE : longer(before);
        tell(failure.getMessage() + "; it is tried again in " + pause.toSeconds() + " s");
        return pause;
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    private void tell(String sentence) {
        spec.commandLine().getErr().println(sentence);
    }
}
