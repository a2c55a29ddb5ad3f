package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.update.Parameter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "edit",
        description =
                "Changes what a dead letter would send; what came is kept. A request to replay it is withdrawn, and what it"
                        + " was refused for when it was read is taken for mended.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DeadEditCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "ID", description = "As dead list prints it; its number will do.")
    private String id = "";

    @Parameters(
            index = "1..*",
            paramLabel = "NAME=VALUE",
            description = "A parameter, or ticket; an empty value clears it in the help desk.")
    private List<String> changes = List.of();

    @Option(names = "--remove", paramLabel = "NAME", description = "Leaves this parameter alone. Repeatable.")
    private List<String> removed = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Map<String, String> changed = NamedValues.of(changes, spec.commandLine());
        try (Ledger ledger = DeadLetterOptions.open(common)) {
            DeadLetter letter = new DeadLetterOptions()
                    .chosen(ledger, List.of(id), false, Set.of(), spec.commandLine())
                    .get(0);
            Map<String, String> parameters = new LinkedHashMap<>(letter.parameters());
            parameters.putAll(changed);
            for (String name : removed) {
                parameters.remove(NamedValues.name(name, spec.commandLine()));
            }
            String newTicket = parameters.remove(Parameter.TICKET.apiName());
            String ticket = newTicket == null ? letter.ticket() : newTicket;
            if (!ledger.deadLetters().edit(letter.id(), ticket, parameters, DeadLetterOptions.who())) {
                spec.commandLine()
                        .getErr()
                        .println(letter.id() + " is " + letter.state() + ": only one that waits can be edited");
                return ExitCode.UNUSABLE;
            }
            spec.commandLine()
                    .getOut()
                    .println(Printable.line(letter.id() + "  " + ticket + "  " + parameters + "  (caravan dead replay "
                            + letter.id() + " sends it)"));
        }
        return ExitCode.APPLIED;
    }
}
