package io.github.ticketcaravan.cli;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.ticketcaravan.mail.CsvAttachment;
import io.github.ticketcaravan.mail.MailCommands;
import io.github.ticketcaravan.mail.MailDecision;
import io.github.ticketcaravan.mail.MailFile;
import io.github.ticketcaravan.mail.Senders;
import io.github.ticketcaravan.settings.MailSettings;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "mail",
        description = "Commands by mail.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = MailCommand.Check.class)
final class MailCommand {

    private MailCommand() {}

    @Command(
            name = "check",
            description = "Tells what mails would do, and why. Nothing is sent, and no connection is made.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:every file was read, whatever is decided of it", "2:usage, configuration or no such file"
            })
    static final class Check implements Callable<Integer> {

        private static final ObjectWriter JSON = new JsonMapper().writerWithDefaultPrettyPrinter();

        @Mixin
        private CommonOptions common = new CommonOptions();

        @Parameters(arity = "1..*", paramLabel = "FILE.eml", description = "Mails as they were sent (RFC 5322).")
        private List<Path> files = List.of();

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            for (Path file : files) {
                if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                    throw new ParameterException(
                            spec.commandLine(), file + ": there is no such file, or it may not be read");
                }
            }
            Settings settings = common.settings();
            MailSettings mail = settings.mail();
            MailCommands commands = new MailCommands(
                    mail, Senders.read(mail.senders()), new UpdateRules(settings.timeZone()), Clock.systemUTC());
            List<CheckedMail> checked = new ArrayList<>();
            for (Path file : files) {
                try (MailFile open = MailFile.open(file)) {
                    MailDecision decision = commands.decide(open);
                    if (json) {
                        checked.add(CheckedMail.of(file.toString(), decision));
                    } else {
                        print(file, decision, mail);
                    }
                }
            }
            if (json) {
                out().println(JSON.writeValueAsString(checked));
            }
            return ExitCode.APPLIED;
        }

        private void print(Path file, MailDecision decision, MailSettings mail) {
            out().println(file + ": " + consequence(decision, mail));
            printLine("why", decision.reason());
            if (decision.sender() != null) {
                printLine("sender", decision.sender());
            }
            for (TicketUpdate update : decision.updates()) {
                printLine(update.isValid() ? "update" : "invalid", update.ticket() + "  " + detail(update));
            }
            for (CsvAttachment attachment : decision.attachments()) {
                printLine("import", attachment.fileName());
            }
            if (!decision.endedBy().isEmpty()) {
                printLine("ended by", decision.endedBy());
            }
        }

        private static String consequence(MailDecision decision, MailSettings mail) {
            return switch (decision.decision()) {
                case EXECUTE -> "would be executed, and moved to " + mail.done();
                case REFUSE -> "would be refused, and moved to " + mail.refused();
                case IGNORE -> "would be ignored, and moved to " + mail.ignored();
                case QUARANTINE -> "would be moved to " + mail.quarantine() + ", and nobody answered";
            };
        }

        private static String detail(TicketUpdate update) {
            if (!update.isValid()) {
                return Problem.sentence(update.problems());
            }
            String warnings =
                    update.warnings().isEmpty() ? "" : "  (warning: " + Problem.sentence(update.warnings()) + ")";
            return update.parameters().entrySet().stream()
                            .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                            .collect(Collectors.joining(", "))
                    + warnings;
        }

        private void printLine(String what, String text) {
            out().printf("  %-10s%s%n", what, Printable.line(text));
        }

        private PrintWriter out() {
            return spec.commandLine().getOut();
        }
    }
}
