package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.wiring.CsvImport;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error; nothing where that is no terminal. */
final class ImportProgress implements AutoCloseable {

    private final boolean isTerminal;
    private @Nullable ProgressBar bar;
    private @Nullable ScheduledExecutorService timer;
    private @Nullable CsvImport followed;

    /** The launcher knows whether standard error is a terminal; Java does not. */
    ImportProgress() {
        this.isTerminal = Boolean.getBoolean("caravan.terminal");
    }

    void follow(CsvImport csvImport) {
        if (!isTerminal) {
            return;
        }
        ProgressBar begun = new ProgressBarBuilder()
                .setTaskName("rows")
                .setInitialMax(csvImport.total())
                .startsFrom(csvImport.settledBefore(), java.time.Duration.ZERO)
                .showSpeed()
                .build();
        ScheduledExecutorService ticking = Executors.newSingleThreadScheduledExecutor(runnable -> {
            Thread thread = new Thread(runnable, "progress");
            thread.setDaemon(true);
            return thread;
        });
        var unused =
                ticking.scheduleAtFixedRate(() -> begun.stepTo(csvImport.settled()), 100, 100, TimeUnit.MILLISECONDS);
        bar = begun;
        timer = ticking;
        followed = csvImport;
    }

    @Override
    public void close() {
        if (timer != null && bar != null && followed != null) {
            timer.shutdownNow();
            bar.stepTo(followed.settled());
            bar.close();
        }
    }
}
