package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.delivery.Receipt;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Parameter;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import io.github.ticketcaravan.wiring.Caravan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "send",
        description = "Sends one update: caravan send LF-616004 status=Resolved \"custom[phone_number]=01234 123123\"",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class SendCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "TICKET", description = "The ticket's reference.")
    private String ticket = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "NAME=VALUE",
            description = "What to change; a name as in a CSV header. An empty value clears.")
    private List<String> parameters = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = common.settingsToSend();
        TicketUpdate update = update(settings);
        Receipt receipt;
        try (Caravan caravan = common.start(settings, false)) {
            Interruption.on(() -> caravan.stop("Stopped"));
            receipt = caravan.send(update);
        }
        spec.commandLine()
                .getOut()
                .println(update.ticket() + ": " + receipt.outcome().word()
                        + (receipt.status() == null ? "" : " (HTTP " + receipt.status() + ")")
                        + (receipt.reason().isEmpty() ? "" : ": " + receipt.reason()));
        return receipt.outcome().isDeadLetter() ? ExitCode.REFUSED : ExitCode.APPLIED;
    }

    private TicketUpdate update(Settings settings) {
        Map<String, String> values = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (String pair : parameters) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new ParameterException(
                        spec.commandLine(), "'" + pair + "': expected NAME=VALUE, such as status=Resolved");
            }
            String written = pair.substring(0, equals);
            String name = Parameter.canonicalName(written)
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(),
                            "'" + written + "' is no parameter of a ticket update"
                                    + Parameter.nearest(written).stream()
                                            .findFirst()
                                            .map(near -> "; did you mean " + near + "?")
                                            .orElse("")));
            if (values.put(name, pair.substring(equals + 1)) != null) {
                problems.add(new Problem(name, "is given twice: give it once"));
            }
        }
        String original = ticket + " " + String.join(" ", parameters);
        return new UpdateRules(settings.timeZone())
                .check(new Origin(Source.CLI, "send", 1), ticket, values, original, problems, null);
    }
}
