package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.Settings;

/** Whether every route that {@code caravan run} would start can be; none is started. */
public final class RoutesCheck implements Check {

    private final Settings settings;
    private final Rehearsal rehearsal;

    public RoutesCheck(Settings settings, Rehearsal rehearsal) {
        this.settings = settings;
        this.rehearsal = rehearsal;
    }

    @Override
    public String name() {
        return "routes";
    }

    @Override
    public String find() throws Exception {
        return rehearsal.run(
                settings,
                Caravan.Mode.CHECK,
                caravan -> caravan.routeIds().size() + ": " + String.join(", ", caravan.routeIds()));
    }
}
