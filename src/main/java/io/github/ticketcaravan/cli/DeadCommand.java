package io.github.ticketcaravan.cli;

import com.fasterxml.jackson.databind.ObjectWriter;
import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.wiring.Caravan;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "dead",
        description = "Dead letters: what could not be applied, and why.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DeadCommand.ListLetters.class,
            DeadCommand.Show.class,
            DeadEditCommand.class,
            DeadReplayCommand.class,
            DeadDiscardCommand.class,
            DeadExportCommand.class
        })
final class DeadCommand {

    private static final ObjectWriter JSON = Caravan.deadLetterJson().writerWithDefaultPrettyPrinter();

    private DeadCommand() {}

    @Command(
            name = "list",
            description = "Lists the dead letters that wait for somebody to mend, replay or discard them.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    static final class ListLetters implements Callable<Integer> {

        @Mixin
        private CommonOptions common = new CommonOptions();

        @Mixin
        private DeadLetterOptions which = new DeadLetterOptions();

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            PrintWriter out = spec.commandLine().getOut();
            DeadLetterFilter filter = which.filter(DeadLetterFilter.PENDING);
            AtomicInteger number = new AtomicInteger();
            try (Ledger ledger = DeadLetterOptions.open(common)) {
                ledger.deadLetters().list(filter, letters -> {
                    if (json) {
                        out.print("[");
                    }
                    while (letters.hasNext()) {
                        DeadLetter letter = letters.next();
                        if (json) {
                            out.print(number.get() == 0 ? "" : ",");
                            out.print(JSON.writeValueAsString(letter));
                        } else {
                            printLine(out, letter, number.get() == 0);
                        }
                        number.incrementAndGet();
                    }
                    if (json) {
                        out.println("]");
                    }
                });
            }
            if (!json) {
                out.println(number + (number.get() == 1 ? " dead letter" : " dead letters"));
            }
            return ExitCode.APPLIED;
        }

        private static void printLine(PrintWriter out, DeadLetter letter, boolean first) {
            String format = "%-12s %-12s %-9s %6s  %-24s %s%n";
            if (first) {
                out.printf(format, "ID", "TICKET", "OUTCOME", "STATUS", "FROM", "REASON");
            }
            out.printf(
                    format,
                    letter.id(),
                    Printable.line(letter.ticket()),
                    letter.outcome(),
                    letter.status() == null ? "" : letter.status(),
                    Printable.line(letter.name()) + ":" + letter.position(),
                    Printable.line(letter.reason()));
            if (letter.sender() != null) {
                String command = Printable.lines(letter.original().strip()).replace("\n", " | ");
                out.printf(format, "", "", "", "", letter.sender(), command);
            }
        }
    }

    @Command(
            name = "show",
            description = "Shows all of a dead letter.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    static final class Show implements Callable<Integer> {

        @Mixin
        private CommonOptions common = new CommonOptions();

        @Parameters(arity = "1..*", paramLabel = "ID", description = "As dead list prints it; its number will do.")
        private List<String> ids = List.of();

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            PrintWriter out = spec.commandLine().getOut();
            try (Ledger ledger = DeadLetterOptions.open(common)) {
                for (String id : ids) {
                    Optional<DeadLetter> letter = ledger.deadLetters().typed(id);
                    if (letter.isEmpty()) {
                        spec.commandLine()
                                .getErr()
                                .println("There is no dead letter " + id
                                        + " in this ledger: caravan dead list shows them");
                        return ExitCode.UNUSABLE;
                    }
                    if (json) {
                        out.println(JSON.writeValueAsString(letter.get()));
                    } else {
                        print(out, letter.get());
                    }
                }
            }
            return ExitCode.APPLIED;
        }

        private static void print(PrintWriter out, DeadLetter letter) {
            out.println(letter.id() + ": " + letter.outcome()
                    + (letter.status() == null ? "" : " (HTTP " + letter.status() + ")") + ", " + letter.state());
            out.println("  from        " + letter.source() + " " + Printable.line(letter.name()) + ", position "
                    + letter.position());
            if (!letter.origin().isEmpty()) {
                out.println("  message     " + Printable.line(letter.origin().toString()));
            }
            if (letter.sender() != null) {
                out.println("  sender      " + letter.sender());
            }
            out.println("  ticket      " + Printable.line(letter.ticket()));
            letter.parameters().forEach((name, value) -> out.println(Printable.lines("    " + name + " = " + value)));
            out.println("  reason      " + Printable.line(letter.reason()));
            letter.errors()
                    .forEach((field, messages) ->
                            messages.forEach(message -> out.println(Printable.lines("    " + field + ": " + message))));
            if (!letter.problems().isEmpty()) {
                out.println("  stays       refused until it is edited (caravan dead edit " + letter.id() + ")");
            }
            out.println("  attempts    " + letter.attempts() + ", the first at " + letter.firstAt() + ", the last at "
                    + letter.lastAt());
            out.println("  replays     " + letter.replays());
            if (letter.changedBy() != null) {
                out.println("  changed     by " + letter.changedBy() + " at " + letter.changedAt());
            }
            out.println("  as it came  " + Printable.lines(letter.original()));
        }
    }
}
