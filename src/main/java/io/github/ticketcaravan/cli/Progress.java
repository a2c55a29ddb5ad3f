package io.github.ticketcaravan.cli;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error; nothing where that is no terminal. */
final class Progress implements AutoCloseable {

    private final boolean isTerminal;
    private @Nullable ProgressBar bar;
    private @Nullable ScheduledExecutorService timer;
    private LongSupplier done = () -> 0;

    /** The launcher knows whether standard error is a terminal; Java does not. */
    Progress() {
        this.isTerminal = Boolean.getBoolean("caravan.terminal");
    }

    /**
     * Shows it from now on.
     *
     * @param what is counted, such as "rows"
     * @param before how many of the total were done earlier
     * @param doneSoFar asked ten times a second
     */
    void follow(String what, long before, long total, LongSupplier doneSoFar) {
        if (!isTerminal) {
            return;
        }
        ProgressBar begun = new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(total)
                .startsFrom(before, Duration.ZERO)
                .showSpeed()
                .build();
        ScheduledExecutorService ticking = Executors.newSingleThreadScheduledExecutor(runnable -> {
            Thread thread = new Thread(runnable, "progress");
            thread.setDaemon(true);
            return thread;
        });
        var unused =
                ticking.scheduleAtFixedRate(() -> begun.stepTo(doneSoFar.getAsLong()), 100, 100, TimeUnit.MILLISECONDS);
        bar = begun;
        timer = ticking;
        done = doneSoFar;
    }

    @Override
    public void close() {
        if (timer != null && bar != null) {
            timer.shutdownNow();
            bar.stepTo(done.getAsLong());
            bar.close();
            timer = null;
        }
    }
}
