package io.github.ticketcaravan.cli;

import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.wiring.Caravan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import picocli.CommandLine;

/** {@code caravan run} within this process, with a mailbox to read and a help desk to practise on. */
final class MailFixture implements AutoCloseable {

    final HelpDesk helpDesk = new HelpDesk();
    final MailServer server = new MailServer();
    private final Path folder;
    private final List<String> options;
    private Caravan caravan;

    MailFixture(Path folder) {
        this.folder = folder;
        this.options = server.options(folder);
    }

    /** A key, which wins over those before it. */
    MailFixture with(String key, Object value) {
        options.removeIf(option -> option.startsWith("--set=" + key + "="));
        options.add("--set=" + key + "=" + value);
        return this;
    }

    MailFixture withRoutes(Path routes) {
        options.add("--routes=" + routes);
        return this;
    }

    MailFixture start() {
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(words().toArray(String[]::new));
        caravan = holder.common.start(holder.common.settingsToSend(), Caravan.Mode.RUN);
        return this;
    }

    @CommandLine.Command
    private static final class Holder {

        @CommandLine.Mixin
        private final CommonOptions common = new CommonOptions();
    }

    private List<String> words() {
        List<String> words = new ArrayList<>(List.of(
                "--config",
                Cli.PROJECT.resolve("config").toString(),
                "--data",
                data().toString(),
                "--set=caravan.endpoint.url=" + helpDesk.url(),
                "--set=caravan.delivery.retry.delay=2ms",
                "--set=caravan.delivery.retry.max-delay=10ms"));
        words.addAll(options);
        return words;
    }

    Path data() {
        return folder.resolve("data");
    }

    /** A command beside it, with the same configuration. */
    Cli.Result run(String... command) {
        List<Object> all = new ArrayList<>(List.of(command));
        all.addAll(words());
        return Cli.run(all.toArray());
    }

    Caravan caravan() {
        return caravan;
    }

    void stop() {
        if (caravan != null) {
            caravan.close();
            caravan = null;
        }
    }

    static void eventually(ThrowingRunnable assertion) {
        // GreenMail's threads throw when a connection ends.
        await().dontCatchUncaughtExceptions()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(assertion);
    }

    @Override
    public void close() {
        stop();
        server.close();
        helpDesk.close();
    }
}
