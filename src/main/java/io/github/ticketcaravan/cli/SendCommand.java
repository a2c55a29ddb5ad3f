package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.delivery.Receipt;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import io.github.ticketcaravan.wiring.Caravan;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
        try (Caravan caravan = common.start(settings, Caravan.Mode.ONE_SHOT)) {
            Interruption.on(() -> caravan.stop("Stopped"));
            receipt = caravan.send(update);
        }
        spec.commandLine()
                .getOut()
                .println(Printable.line(
                        update.ticket() + ": " + receipt.outcome().word()
                                + (receipt.status() == null ? "" : " (HTTP " + receipt.status() + ")")
                                + (receipt.reason().isEmpty() ? "" : ": " + receipt.reason())));
        return receipt.outcome().isDeadLetter() ? ExitCode.REFUSED : ExitCode.APPLIED;
    }

    private TicketUpdate update(Settings settings) {
        Map<String, String> values = NamedValues.of(parameters, spec.commandLine());
        String original = ticket + " " + String.join(" ", parameters);
        return new UpdateRules(settings.timeZone())
                .check(new Origin(Source.CLI, "send", 1), ticket, values, original, List.of(), null);
    }
}
