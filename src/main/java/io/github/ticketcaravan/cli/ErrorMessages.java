package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.settings.SettingsException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells an error in one sentence; with {@code --verbose}, where it came from too. */
final class ErrorMessages implements IParameterExceptionHandler, IExecutionExceptionHandler {

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(failure.getMessage());
        UnmatchedArgumentException.printSuggestions(failure, err);
        if (command.getSubcommands().isEmpty()) {
            err.println(command.getCommandSpec().qualifiedName() + " --help tells how it is used");
        } else {
            command.usage(err);
        }
        err.flush();
        return ExitCode.UNUSABLE;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments) {
        PrintWriter err = command.getErr();
        err.println(sentence(failure));
        if (isVerbose(command)) {
            failure.printStackTrace(err);
        }
        err.flush();
        return failure instanceof DeliveryStopped ? ExitCode.STOPPED : ExitCode.UNUSABLE;
    }

    static String sentence(Exception failure) {
        String message = failure.getMessage();
        if (failure instanceof SettingsException) {
            return "Configuration: " + message;
        }
        if (failure instanceof FileSystemException file) {
            String reason = file.getReason() == null ? file.getClass().getSimpleName() : file.getReason();
            return file.getFile() + " cannot be used (" + reason
                    + "): check the folder, its permissions and free space";
        }
        return message == null ? "Unexpected: " + failure + " (--verbose tells where)" : message;
    }

    private static boolean isVerbose(CommandLine command) {
        return command.getMixins().get("common") instanceof CommonOptions common && common.isVerbose();
    }
}
