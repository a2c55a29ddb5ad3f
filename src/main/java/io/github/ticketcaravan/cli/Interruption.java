package io.github.ticketcaravan.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * SIGTERM and Ctrl-C: the command under way is asked to end, and the process ends with that command's exit code
 * instead of the signal's.
 */
final class Interruption {

    private static final int PATIENCE_SECONDS = 10;

    private static final CountDownLatch ENDED = new CountDownLatch(1);
    private static volatile int exitCode = ExitCode.STOPPED;
    private static volatile @Nullable Runnable stop;

    private Interruption() {}

    /** Takes over what signals do, for the rest of the process. */
    static void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(Interruption::interrupted, "interruption"));
    }

    /** Has {@code action} called when a signal comes; it must make the command end soon. */
    static void on(Runnable action) {
        stop = action;
    }

    private static void interrupted() {
        Runnable action = stop;
        if (action == null || ENDED.getCount() == 0) {
            return;
        }
        action.run();
        try {
            if (ENDED.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.STOPPED);
    }

    /** Ends the process. */
    static void end(int code) {
        exitCode = code;
        ENDED.countDown();
        System.exit(code);
    }
}
