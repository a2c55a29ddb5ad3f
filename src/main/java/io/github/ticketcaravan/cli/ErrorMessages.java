package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.settings.SettingsException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells an error in one sentence; with {@code --verbose}, where it came from too. */
final class ErrorMessages implements IExecutionExceptionHandler {

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

    private static String sentence(Exception failure) {
        String message = failure.getMessage();
        if (failure instanceof SettingsException) {
            return "Configuration: " + message;
        }
        return message == null ? "Unexpected: " + failure + " (--verbose tells where)" : message;
    }

    private static boolean isVerbose(CommandLine command) {
        return command.getMixins().get("common") instanceof CommonOptions common && common.isVerbose();
    }
}
