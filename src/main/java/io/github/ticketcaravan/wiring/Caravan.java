package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.Receipt;
import io.github.ticketcaravan.delivery.Redaction;
import io.github.ticketcaravan.delivery.Refusals;
import io.github.ticketcaravan.ledger.Import;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.settings.EndpointSettings;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.update.TicketUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running application: a Camel context with the routes of a folder, the ledger, and delivery between them.
 *
 * <p>{@link #importFile} and {@link #send} may be called from several threads; {@link #close} once. What is being
 * sent when it is closed is still settled; the rest is left without an outcome.
 */
public final class Caravan implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Caravan.class);
    private static final int SHUTDOWN_SECONDS = 5;

    private final Main main = new Main();
    private final DataFolder dataFolder;
    private final Ledger ledger;
    private final Delivery delivery;
    private final ThreadPoolExecutor requests;
    private @Nullable AsyncProducer ticketUpdate;

    private Caravan(Settings settings, DataFolder dataFolder, Ledger ledger, boolean run, Clock clock, String version) {
        this.dataFolder = dataFolder;
        this.ledger = ledger;
        int concurrency = settings.delivery().concurrency();
        requests = new ThreadPoolExecutor(
                concurrency, concurrency, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), runnable -> {
                    Thread thread = new Thread(runnable, "request");
                    thread.setDaemon(true);
                    return thread;
                });
        delivery = new Delivery(
                settings.delivery(),
                run ? Delivery.Patience.ENDLESS : Delivery.Patience.LIMITED,
                clock,
                new java.util.Random(),
                LOG::warn,
                new TicketUpdateChannel(this::ticketUpdate));

        main.bind("ledger", ledger);
        main.bind("delivery", delivery);
        main.bind("refusals", new Refusals(delivery));
        main.bind("redelivery", new Redelivery(delivery));
        main.bind("answers", new Answers(delivery, Redaction.of(settings.endpoint())));
        main.bind("requests", requests);
        main.bind("endpointClient", new EndpointClient(settings.endpoint(), "ticket-caravan/" + version));
        main.bind("csvDrops", new CsvDrops(settings.csv(), clock));
    }

    /**
     * Takes the data folder, opens the ledger and starts every route of the folder that its {@code precondition} lets start.
     *
     * @param camel keys {@code camel.*} of the configuration, passed on
     * @param run whether sources that wait for work (the inbox) are started
     */
    public static Caravan start(
            Settings settings, Path routes, Map<String, String> camel, boolean run, Clock clock, String version) {
        DataFolder dataFolder = DataFolder.take(settings.data());
        Ledger ledger;
        try {
            ledger = Ledger.open(settings.ledger().url(), clock);
        } catch (RuntimeException e) {
            dataFolder.close();
            throw e;
        }
        Caravan caravan = new Caravan(settings, dataFolder, ledger, run, clock, version);
        try {
            caravan.startRoutes(settings, routes, camel, run);
            return caravan;
        } catch (RuntimeException e) {
            caravan.close();
            throw e;
        }
    }

    private void startRoutes(Settings settings, Path routes, Map<String, String> camel, boolean run) {
        Properties properties = new Properties();
        properties.setProperty("camel.main.startupSummaryLevel", "Off");
        properties.putAll(camel);
        routeProperties(settings, run).forEach(properties::setProperty);
        String concurrency = Integer.toString(settings.delivery().concurrency());
        for (String component : List.of("camel.component.http.", "camel.component.https.")) {
            properties.setProperty(component + "connectionsPerRoute", concurrency);
            properties.setProperty(component + "maxTotalConnections", concurrency);
            // The client's own retries would be attempts that nobody counts.
            properties.setProperty(component + "automaticRetriesDisabled", "true");
            properties.setProperty(component + "cookieManagementDisabled", "true");
        }
        main.setInitialProperties(properties);
        main.setPropertyPlaceholderLocations("false");
        main.configure()
                .withName("caravan")
                .withRoutesIncludePattern("file:" + routes.toAbsolutePath() + "/*.camel.yaml")
                .withJmxEnabled(false)
                .withShutdownTimeout(SHUTDOWN_SECONDS)
                .withShutdownSuppressLoggingOnTimeout(true)
                .withShutdownLogInflightExchangesOnTimeout(false);
        main.init();
        main.bind("csvImports", new CsvImports(settings, ledger, delivery, new CamelCsvParser(main.getCamelContext())));
        main.start();
        Endpoint endpoint = main.getCamelContext().getEndpoint("direct:ticket-update");
        try {
            AsyncProducer producer = endpoint.createAsyncProducer();
            producer.start();
            ticketUpdate = producer;
        } catch (Exception e) {
            throw new IllegalStateException("direct:ticket-update cannot be used: is its route in " + routes + "?", e);
        }
    }

    /** What routes may use as {@code {{key}}}: every setting in force but the credentials. */
    private static Map<String, String> routeProperties(Settings settings, boolean run) {
        EndpointSettings endpoint = settings.endpoint();
        return Map.of(
                "caravan.run", Boolean.toString(run),
                "caravan.endpoint.url", String.valueOf(endpoint.url()),
                "caravan.endpoint.connect-timeout",
                        Long.toString(endpoint.connectTimeout().toMillis()),
                "caravan.endpoint.response-timeout",
                        Long.toString(endpoint.responseTimeout().toMillis()),
                "caravan.csv.inbox", settings.csv().inbox().toString());
    }

    private AsyncProducer ticketUpdate() {
        AsyncProducer producer = ticketUpdate;
        if (producer == null) {
            throw new IllegalStateException("not started");
        }
        return producer;
    }

    /**
     * Applies one CSV file, row by row, and writes its receipts; goes on where an earlier run stopped.
     *
     * @throws IOException naming file, place and remedy, if it cannot be read; then nothing was sent
     */
    public ImportSummary importFile(ImportRequest request) throws IOException {
        ProducerTemplate template = main.getCamelContext().createProducerTemplate();
        Exchange answer = template.request(
                "direct:csv-import", exchange -> exchange.getIn().setBody(request));
        Exception failure = answer.getException();
        if (failure instanceof IOException unreadable) {
            throw unreadable;
        }
        if (failure instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        if (failure != null) {
            throw new IOException(failure);
        }
        return Objects.requireNonNull(answer.getMessage().getBody(ImportSummary.class));
    }

    /**
     * Sends one update and waits for its outcome.
     *
     * @throws io.github.ticketcaravan.delivery.DeliveryStopped if it was left without one
     */
    public Receipt send(TicketUpdate update) throws InterruptedException {
        Import entry = ledger.begin(
                UUID.randomUUID().toString(),
                update.origin().source(),
                update.origin().name(),
                null,
                1);
        try {
            Receipt receipt = delivery.deliver(entry.id(), update, () -> false).get();
            ledger.finish(entry.id(), receipt.outcome().isDeadLetter() ? 1 : 0);
            return receipt;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    public Ledger ledger() {
        return ledger;
    }

    /** Has delivery stop: what is being sent is still settled, and imports end soon after. */
    public void stop(String reason) {
        delivery.stop(reason);
    }

    @Override
    public void close() {
        stop("Ticket Caravan is stopping");
        main.stop();
        requests.shutdownNow();
        ledger.close();
        dataFolder.close();
    }
}
