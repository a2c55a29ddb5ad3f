package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.files.OwnerOnly;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.wiring.Publication;
import io.github.ticketcaravan.wiring.Publisher;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "publish",
        description = "Publishes a file to the configured queue, for many machines to carry out: each row of a CSV, or"
                + " each line of JSON, is one message, keyed or grouped by its ticket.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all of it is published",
            "2:usage, configuration, an unreadable file, or a broker that does not take it"
        })
final class PublishCommand implements Callable<Integer> {

    private static final String STANDARD_INPUT = "-";

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "FILE", description = "CSV or lines of JSON, plain or gzip; - is standard input.")
    private String file = "";

    @Option(names = "--again", description = "Have it carried out even if the same file was published before.")
    private boolean again;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = common.settings();
        Logging.configure(common.configFolder(), common.isVerbose(), false);
        boolean isSpooled = file.equals(STANDARD_INPUT);
        Path input = isSpooled ? spool() : Path.of(file);
        try (Publisher publisher = new Publisher(settings, common.routesFolder(), common.camelKeys())) {
            publish(publisher, input, settings);
        } finally {
            if (isSpooled) {
                Files.deleteIfExists(input);
            }
        }
        return ExitCode.APPLIED;
    }

    private void publish(Publisher publisher, Path input, Settings settings) throws Exception {
        Instant start = Instant.now();
        AtomicLong published = new AtomicLong();
        try (Publication publication = publisher.read(input, again ? start.toString() : "")) {
            publisher.check();
            try (Progress progress = new Progress()) {
                progress.follow("messages", 0, publication.total(), published::get);
                publisher.publish(publication, published::set);
            }
            report(publication, settings.queue().name(), Duration.between(start, Instant.now()));
        }
    }

    private void report(Publication publication, String queue, Duration took) {
        double seconds = Math.max(0.001, took.toMillis() / 1000.0);
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%s: %,d messages published to %s in %.1f s (%,.0f a second).%n",
                        file.equals(STANDARD_INPUT)
                                ? "standard input"
                                : Path.of(file).getFileName(),
                        publication.total(),
                        queue,
                        seconds,
                        publication.total() / seconds);
        PrintWriter err = spec.commandLine().getErr();
        if (!publication.warning().isEmpty()) {
            err.println(Printable.line("Note: " + publication.warning() + "."));
        }
        err.println("Published again, the same file is not carried out again, unless with --again.");
        err.flush();
    }

    private static Path spool() throws IOException {
        Path spool = Files.createTempFile("caravan-publish-", ".input");
        try (OutputStream out = OwnerOnly.write(spool)) {
            System.in.transferTo(out);
        }
        return spool;
    }
}
