package io.github.ticketcaravan.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code caravan}. */
@Command(
        name = "caravan",
        description = "Carries ticket updates, in bulk and by e-mail, into a help desk.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            ImportCommand.class,
            SendCommand.class,
            PublishCommand.class,
            DeadCommand.class,
            MailCommand.class,
            DoctorCommand.class,
            SandboxCommand.class
        },
        footer = {"", "caravan COMMAND --help tells the options of a command."})
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        Interruption.install();
        int exitCode = run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments);
        Interruption.end(exitCode);
    }

    /** Runs one command to its end; returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        ErrorMessages errors = new ErrorMessages();
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .execute(arguments);
    }
}
