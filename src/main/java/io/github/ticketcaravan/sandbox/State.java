package io.github.ticketcaravan.sandbox;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything that requests change; any thread reads it. */
final class State {

    final SandboxOptions options;
    final RequestLog log;
    volatile Methods methods;
    volatile FaultInjector injector;
    private final Supplier<Methods> start;

    /** @param start makes the help desk as it is at the start, each time anew */
    State(SandboxOptions options, RequestLog log, Supplier<Methods> start) {
        this.options = options;
        this.log = log;
        this.start = start;
        this.methods = start.get();
        this.injector = new FaultInjector(options.faults(), options.clock());
    }

    void setFaults(Faults faults) {
        injector = new FaultInjector(faults, options.clock());
    }

    /** Everything is as it was at the start. Takes as long as the start. */
    synchronized @Nullable Void reset() {
        methods = start.get();
        setFaults(options.faults());
        log.clear();
        return null;
    }
}
