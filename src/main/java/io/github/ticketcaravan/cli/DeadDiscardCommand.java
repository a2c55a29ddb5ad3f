package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.Ledger;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "discard",
        description =
                "Gives dead letters up; they are kept, with who did it and when. A request to replay them is withdrawn.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DeadDiscardCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private DeadLetterOptions which = new DeadLetterOptions();

    @Parameters(arity = "0..*", paramLabel = "ID", description = "As dead list prints it; its number will do.")
    private List<String> ids = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        int exitCode = ExitCode.APPLIED;
        try (Ledger ledger = DeadLetterOptions.open(common)) {
            for (DeadLetter letter : which.chosen(ledger, ids, false, DeadLetterFilter.PENDING, spec.commandLine())) {
                if (ledger.deadLetters().discard(letter.id(), DeadLetterOptions.who())) {
                    spec.commandLine()
                            .getOut()
                            .println(letter.id() + "  " + Printable.line(letter.ticket()) + "  discarded");
                } else {
                    spec.commandLine()
                            .getErr()
                            .println(letter.id() + " is " + letter.state() + ": only one that waits can be discarded");
                    exitCode = ExitCode.UNUSABLE;
                }
            }
        }
        return exitCode;
    }
}
