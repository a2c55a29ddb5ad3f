package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.sandbox.Sandbox;
import io.github.ticketcaravan.sandbox.SandboxOptions;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.wiring.Caravan;
import io.github.ticketcaravan.wiring.ImportRequest;
import io.github.ticketcaravan.wiring.ImportSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description = "Shows the main job on the embedded endpoint: applies a sample CSV file in a temporary folder and"
                + " prints what became of each row. Nothing real is touched.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DemoCommand implements Callable<Integer> {

    @Option(names = "--verbose", description = "Log more.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    /** Neither the environment nor a configuration of the user's is looked at, so it can reach nothing but itself. */
    @Override
    public Integer call() throws Exception {
        Path home = CommonOptions.home();
        Path distributed = home.resolve("config");
        Logging.configure(distributed, verbose, false);
        Path folder = Files.createTempDirectory("caravan-demo-");
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(distributed.resolve("sandbox.yaml")))) {
            Path file = Files.copy(samples(home).resolve("updates.csv"), folder.resolve("updates.csv"));
            Settings settings = Settings.of(
                    new Values(
                            Map.of(),
                            Map.of(),
                            Map.of("caravan.endpoint.url", sandbox.url().toString())),
                    folder.resolve("data"));
            Path routes = home.resolve("routes");
            try (Caravan caravan = Caravan.start(
                    settings, Caravan.Mode.ONE_SHOT, routes, Map.of(), Clock.systemUTC(), Version.current())) {
                show(caravan, file, sandbox);
            }
            DemoMail.show(spec.commandLine().getOut(), sandbox.url(), home, samples(home), folder);
            DemoQueue.show(spec.commandLine().getOut(), sandbox.url(), routes, folder.resolve("queue"));
            farewell();
        } finally {
            delete(folder);
        }
        return ExitCode.APPLIED;
    }

    private static Path samples(Path home) {
        Path distributed = home.resolve("samples");
        return Files.exists(distributed) ? distributed : home.resolve("src/main/dist/samples");
    }

    private void show(Caravan caravan, Path file, Sandbox sandbox) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println("A help desk to practise on listens on " + sandbox.url() + ". This file is applied to it:");
        print(out, Files.readAllLines(file));

        Instant start = Instant.now();
        ImportSummary summary = caravan.importFile(new ImportRequest(
                file,
                "updates.csv",
                entry -> file.resolveSibling("updates"),
                false,
                Long.MAX_VALUE,
                true,
                begun -> {}));
        out.println("What became of each row (updates.results.csv):");
        print(out, Files.readAllLines(file.resolveSibling("updates.results.csv")));
        out.println("What was refused, ready to be mended and dropped again (updates.rejected.csv):");
        print(out, Files.readAllLines(file.resolveSibling("updates.rejected.csv")));
        out.println("The dead letters (caravan dead list):");
        caravan.ledger()
                .deadLetters()
                .list(
                        DeadLetterFilter.ofImport(summary.ledgerEntry().id()),
                        letters -> letters.forEachRemaining(letter ->
                                out.println("  " + letter.id() + "  " + letter.ticket() + "  " + letter.reason())));
        out.println();
        ImportReport.print(out, summary, Duration.between(start, Instant.now()));
        out.println();
    }

    private void farewell() {
        spec.commandLine()
                .getOut()
                .println(
                        "That was the demo; its folder is removed. Practise on: caravan sandbox, and caravan import FILE"
                                + " --set caravan.endpoint.url=http://localhost:8089");
    }

    private static void print(PrintWriter out, List<String> lines) {
        lines.forEach(line -> out.println("  " + line));
        out.println();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
