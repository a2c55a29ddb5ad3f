package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.csv.CsvCheck;
import io.github.ticketcaravan.csv.CsvFile;
import io.github.ticketcaravan.csv.ReceiptNames;
import io.github.ticketcaravan.ledger.LedgerException;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.wiring.Caravan;
import io.github.ticketcaravan.wiring.CsvChecks;
import io.github.ticketcaravan.wiring.CsvImport;
import io.github.ticketcaravan.wiring.ImportRequest;
import io.github.ticketcaravan.wiring.ImportSummary;
import io.github.ticketcaravan.wiring.InputCopy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        description = "Applies CSV files of ticket updates, row by row. Run again after an interruption, it goes on"
                + " where it was.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every row was applied",
            "1:some rows were refused; they are in NAME.rejected.csv",
            "2:usage, configuration or an unreadable file; nothing was sent",
            "3:stopped before the end; the same command goes on"
        })
final class ImportCommand implements Callable<Integer> {

    private static final String STANDARD_INPUT = "-";

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "CSV files, plain or gzip; - is standard input.")
    private List<String> files = List.of();

    @Option(names = "--dry-run", description = "Only read: report every invalid row and what would be sent.")
    private boolean dryRun;

    @Option(names = "--limit", paramLabel = "N", description = "Apply only the first N rows of each file.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--again", description = "Send a file even if it was imported whole before.")
    private boolean again;

    @Option(names = "--no-brake", description = "Go on even if most rows are refused.")
    private boolean noBrake;

    @Spec
    private CommandSpec spec;

    /** A file as given, and where its receipts go. */
    private record Input(
            Path file, String name, Path receipts, @Nullable InputCopy copy) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (copy != null) {
                copy.close();
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit=" + limit + ": expected 1 or more");
        }
        return dryRun ? check(common.settings()) : apply(common.settingsToSend());
    }

    private int check(Settings settings) throws IOException {
        int exitCode = ExitCode.APPLIED;
        for (String file : files) {
            try (Input input = input(file, settings)) {
                CsvCheck check = CsvChecks.check(input.file, settings, this::printRow);
                out().printf(
                                Locale.ROOT,
                                "%s: %,d rows, %,d would be sent, %,d are invalid. Nothing was sent.%n",
                                input.name,
                                check.rows(),
                                check.rows() - check.invalid(),
                                check.invalid());
                exitCode = Math.max(exitCode, check.invalid() > 0 ? ExitCode.REFUSED : ExitCode.APPLIED);
            }
        }
        return exitCode;
    }

    private void printRow(TicketUpdate update) {
        String where = "row " + update.origin().position() + "  " + update.ticket() + "  ";
        if (!update.isValid()) {
            out().println(Printable.line(where + "invalid: " + Problem.sentence(update.problems())));
            return;
        }
        String parameters = update.parameters().entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + quoted(parameter.getValue()))
                .collect(Collectors.joining(" "));
        String warnings = update.warnings().isEmpty() ? "" : "  (warning: " + Problem.sentence(update.warnings()) + ")";
        out().println(Printable.line(where + parameters + warnings));
    }

    private static String quoted(String value) {
        boolean plain = !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c != '"');
        return plain
                ? value
                : '"' + value.replace("\"", "\"\"").replace("\r", "\\r").replace("\n", "\\n") + '"';
    }

    private int apply(Settings settings) throws Exception {
        int exitCode = ExitCode.APPLIED;
        if (files.size() > 1) {
            // Nothing is sent before every file is known to be readable.
            for (String file : files) {
                if (!file.equals(STANDARD_INPUT)) {
                    CsvChecks.check(Path.of(file), settings, update -> {});
                }
            }
        }
        try (Caravan caravan = common.start(settings, Caravan.Mode.ONE_SHOT)) {
            Interruption.on(() -> caravan.stop("Stopped"));
            boolean isFirst = true;
            for (String file : files) {
                try (Input input = input(file, settings)) {
                    exitCode = Math.max(exitCode, apply(caravan, input));
                } catch (IOException | LedgerException e) {
                    if (isFirst) {
                        throw e;
                    }
                    // Those before it are applied.
                    out().println("Stopped: " + ErrorMessages.sentence(e));
                    out().println("The same command goes on; rows that have an outcome are not sent again.");
                    exitCode = ExitCode.STOPPED;
                }
                isFirst = false;
                if (exitCode == ExitCode.STOPPED) {
                    break;
                }
            }
        }
        return exitCode;
    }

    private int apply(Caravan caravan, Input input) throws IOException {
        Instant start = Instant.now();
        AtomicReference<@Nullable CsvImport> underWay = new AtomicReference<>();
        ImportSummary summary;
        try (Progress progress = new Progress()) {
            summary = caravan.importFile(new ImportRequest(
                    input.file, input.name, entry -> input.receipts, again, limit, !noBrake, begun -> {
                        underWay.set(begun);
                        follow(progress, begun);
                    }));
        } catch (LedgerException e) {
            CsvImport begun = underWay.get();
            if (begun == null) {
                throw e;
            }
            summary = begun.asFarAsKnown(e);
        }
        ImportReport.print(out(), summary, Duration.between(start, Instant.now()));
        return summary.exitCode();
    }

    private static void follow(Progress progress, CsvImport begun) {
        progress.follow("rows", begun.settledBefore(), begun.total(), begun::settled);
    }

    private Input input(String file, Settings settings) throws IOException {
        if (file.equals(STANDARD_INPUT)) {
            String name = "stdin-"
                    + Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replace(':', '-');
            InputCopy copy = InputCopy.of(System.in, settings);
            return new Input(copy.file(), "standard input", Path.of(name).toAbsolutePath(), copy);
        }
        Path path = Path.of(file);
        String name = String.valueOf(path.getFileName());
        return new Input(
                CsvFile.named(path), name, path.toAbsolutePath().resolveSibling(ReceiptNames.nameOf(path)), null);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
