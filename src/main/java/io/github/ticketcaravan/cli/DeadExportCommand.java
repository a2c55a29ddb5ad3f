package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.csv.CsvLine;
import io.github.ticketcaravan.csv.RejectedFile;
import io.github.ticketcaravan.csv.RejectedRow;
import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.update.Parameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        description = "Writes dead letters into a CSV file to be mended and imported as it is, as a rejected file.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DeadExportCommand implements Callable<Integer> {

    private static final String CLEARED = "\\empty";

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private DeadLetterOptions which = new DeadLetterOptions();

    @Parameters(paramLabel = "FILE.csv", description = "The file to write.")
    private Path file = Path.of("");

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (Ledger ledger = DeadLetterOptions.open(common)) {
            List<DeadLetter> letters = ledger.deadLetters().list(which.filter(DeadLetterFilter.PENDING));
            Set<String> header = new LinkedHashSet<>();
            header.add(Parameter.TICKET.apiName());
            letters.forEach(letter -> header.addAll(letter.parameters().keySet()));
            if (header.size() == 1) {
                header.add(Parameter.STATUS.apiName()); // a column to mend in, where no letter has a parameter
            }
            long rows = RejectedFile.write(
                    file,
                    List.copyOf(header),
                    letters.stream().map(letter -> row(letter, header)).iterator());
            spec.commandLine().getOut().println(rows + (rows == 1 ? " dead letter in " : " dead letters in ") + file);
        }
        return ExitCode.APPLIED;
    }

    private static RejectedRow row(DeadLetter letter, Set<String> header) {
        List<String> cells = new ArrayList<>();
        for (String name : header) {
            String value = letter.parameters().get(name);
            cells.add(value == null ? "" : value.isEmpty() ? CLEARED : value);
        }
        cells.set(0, letter.ticket());
        return new RejectedRow(CsvLine.encode(cells), letter.outcome(), letter.status(), letter.reason(), letter.id());
    }
}
