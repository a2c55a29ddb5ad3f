package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.ledger.LedgerException;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.wiring.Caravan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private static final long AGAIN_SECONDS = 2;

    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile @Nullable Caravan current;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = common.settingsToSend();
        makeInbox(settings.csv().inbox());
        Caravan caravan = common.start(settings, Caravan.Mode.RUN);
        Interruption.on(this::stop);
        tell("Running for " + settings.endpoint().url() + ". Drop CSV files into "
                + settings.csv().inbox() + "; Ctrl-C stops.");
        while (true) {
            boolean ledgerIsBroken;
            String reason;
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
            // As after a kill: a source gives again whatever has no outcome.
            Caravan again = startAgain(settings);
            if (again == null) {
                return ExitCode.APPLIED;
            }
            tell("The ledger can be written again, and it goes on");
            caravan = again;
        }
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

    /** Tries until the ledger can be opened; null if it is stopped first. */
    private @Nullable Caravan startAgain(Settings settings) throws InterruptedException {
        while (!stopping.await(AGAIN_SECONDS, TimeUnit.SECONDS)) {
            try {
                return common.start(settings, Caravan.Mode.RUN);
            } catch (LedgerException notYet) {
                tell(notYet.getMessage() + "; it is tried again");
            }
        }
        return null;
    }

    private void tell(String sentence) {
        spec.commandLine().getErr().println(sentence);
    }

    private static void makeInbox(Path inbox) {
        try {
            Files.createDirectories(inbox);
        } catch (IOException e) {
            throw new SettingsException(
                    "caravan.csv.inbox=" + inbox + ": the folder cannot be made (" + e + "): choose another", e);
        }
    }
}
