package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.Receipt;
import io.github.ticketcaravan.settings.DeliverySettings;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Whether the help desk is there and lets us in.
 *
 * <p>It is asked what it will be asked later, the same way: {@code tickets/update}, since a token may be allowed one
 * method and not another. Doubly harmless: of a ticket that cannot exist, and nothing of it is to be changed. Who is
 * let in is told that there is no such ticket (404 with JSON).
 */
public final class EndpointCheck implements Check {

    private static final DeliverySettings ONCE = new DeliverySettings(
            1, 0, 1, 1, Duration.ofMillis(100), Duration.ofMillis(100), Duration.ZERO, Duration.ofMillis(1), 0);

    private final Settings settings;
    private final Rehearsal rehearsal;

    public EndpointCheck(Settings settings, Rehearsal rehearsal) {
        this.settings = settings;
        this.rehearsal = rehearsal;
    }

    @Override
    public String name() {
        return "endpoint";
    }

    @Override
    public String find() throws Exception {
        if (settings.endpoint().url() == null) {
            throw new SettingsException("caravan.endpoint.url is empty: set it with caravan.endpoint.token and"
                    + " caravan.endpoint.secret; 'caravan sandbox' is a help desk to practise on");
        }
        return rehearsal.run(settings.tellingNobody().with(ONCE), Caravan.Mode.ONE_SHOT, this::ask);
    }

    private String ask(Caravan caravan) throws InterruptedException {
        TicketUpdate update = new TicketUpdate(
                new Origin(Source.CLI, "doctor", 1),
                Delivery.NO_SUCH_TICKET,
                Map.of(),
                Delivery.NO_SUCH_TICKET,
                List.of(),
                List.of(),
                null);
        Receipt receipt = caravan.send(update);
        return switch (receipt.outcome()) {
            case REJECTED ->
                settings.endpoint().url() + " lets us in (HTTP " + receipt.status() + ", " + receipt.reason() + ")";
            case APPLIED ->
                throw new IllegalStateException(settings.endpoint().url() + " answers HTTP "
                        + receipt.status()
                        + " for a ticket that cannot exist, so it is no help desk, or one that looks at"
                        + " nothing: check caravan.endpoint.url");
            case FAILED ->
                throw new IllegalStateException(settings.endpoint().url() + " is not available (" + receipt.reason()
                        + "): try again later, or ask who runs it");
            case INVALID -> throw new IllegalStateException("a route refused the update: " + receipt.reason());
        };
    }
}
