package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.wiring.Caravan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description = "Runs every source that is configured until stopped.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = common.settingsToSend();
        makeInbox(settings.csv().inbox());
        CountDownLatch stopping = new CountDownLatch(1);
        try (Caravan caravan = common.start(settings, Caravan.Mode.RUN)) {
            Interruption.on(() -> {
                caravan.stop("Ticket Caravan is stopping");
                stopping.countDown();
            });
            spec.commandLine()
                    .getErr()
                    .println("Running for " + settings.endpoint().url() + ". Drop CSV files into "
                            + settings.csv().inbox() + "; Ctrl-C stops.");
            stopping.await();
        }
        return ExitCode.APPLIED;
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
