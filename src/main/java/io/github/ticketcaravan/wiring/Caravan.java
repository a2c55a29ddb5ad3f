package io.github.ticketcaravan.wiring;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.delivery.Receipt;
import io.github.ticketcaravan.delivery.Redaction;
import io.github.ticketcaravan.delivery.Refusals;
import io.github.ticketcaravan.ledger.Import;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.ledger.LedgerException;
import io.github.ticketcaravan.queue.MessageReader;
import io.github.ticketcaravan.settings.EndpointSettings;
import io.github.ticketcaravan.settings.MailSettings;
import io.github.ticketcaravan.settings.QueueSettings;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/**
 * The running application: a Camel context with the routes of a folder, the ledger, and delivery between them.
 *
 * <p>{@link #importFile} and {@link #send} may be called from several threads; {@link #close} once. What is being
 * sent when it is closed is still settled; the rest is left without an outcome.
 */
public final class Caravan implements AutoCloseable {

    private static final int SHUTDOWN_SECONDS = 3;

    /** It is in a hurry; what is left is for the next one, or for a process that runs. */
    private static final Duration PRUNING_OF_A_COMMAND = Duration.ofSeconds(1);

    /** Whether sources that wait for work are started. */
    public enum Mode {
        /** One command: it ends where delivery cannot go on. */
        ONE_SHOT,
        /** Until it is stopped, with the inbox and whatever else is configured; it waits where it cannot go on. */
        RUN,
        /** As {@link #RUN}, but no route is started: only to see that each can be. */
        CHECK
    }

    /**
     * A route's {@code {{key}}} is what the settings say. By itself Camel would look first whether the environment has a
     * variable of that name, which would win over {@code --set}, and be taken as it stands.
     */
    static final Map<String, String> ONLY_OURS = Map.of(
            "camel.component.properties.environmentVariableMode",
            Integer.toString(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER),
            "camel.component.properties.systemPropertiesMode",
            Integer.toString(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER));

    private final Main main = new Main();
    private final Settings settings;
    private final Mode mode;
    private final DataFolder dataFolder;
    private final Ledger ledger;
    private final Delivery delivery;
    private final Announcements announcements;
    private final RequestThreads requests;
    private @Nullable JmsQueue jmsQueue;
    private @Nullable Mailbox mailbox;
    private @Nullable AsyncProducer ticketUpdate;
    private @Nullable ProducerTemplate template;

    private Caravan(Settings settings, Mode mode, DataFolder dataFolder, Ledger ledger, Clock clock, String version) {
        this.settings = settings;
        this.mode = mode;
        this.dataFolder = dataFolder;
        this.ledger = ledger;
        requests = new RequestThreads(settings.delivery().concurrency());
        Notices notices = new Notices(this::notify);
        main.bind("notices", notices);
        announcements = new Announcements(notices::hand);
        delivery = new Delivery(
                settings.delivery(),
                mode == Mode.RUN ? Delivery.Patience.ENDLESS : Delivery.Patience.LIMITED,
                clock,
                new Random(),
                announcements::warn,
                new TicketUpdateChannel(requests::queue, this::ticketUpdate));

        main.bind("failedExchanges", new FailedExchanges(delivery));
        main.bind("ledger", ledger);
        main.bind("delivery", delivery);
        main.bind("refusals", new Refusals(delivery));
        main.bind("redelivery", new Redelivery(delivery));
        bindSteps(new UpdateSteps(delivery, ledger, Redaction.of(settings.endpoint())));
        main.bind("answerHeaders", new AnswerHeaders());
        main.bind("http", new HelpDeskHttp());
        main.bind("https", new HelpDeskHttp());
        main.bind("requests", requests);
        main.bind("endpointClient", new EndpointClient(settings.endpoint(), "ticket-caravan/" + version));
        main.bind("csvDrops", new CsvDrops(settings.csv(), ledger, delivery, clock, announcements));
        main.bind("pollTrouble", new PollTrouble(announcements));
        main.bind("ledgerKeeping", new LedgerKeeping(ledger, settings.ledger().keep(), clock));
        main.bind("replays", new Replays(ledger, delivery, SenderRights.letterUpdates(settings)));
        main.bind(
                "queueBatches",
                new QueueBatches(ledger, delivery, new MessageReader(new UpdateRules(settings.timeZone()))));
        main.bind("queueMessages", new QueueMessages(settings.queue().maxSize()));
        main.bind("kafkaBatches", new KafkaBatches(delivery, settings.queue().maxSize()));
        if (settings.queue().kind() == QueueSettings.Kind.KAFKA) {
            main.bind("kafka-component", kafka());
        }
        main.bind("deadLetterForwards", new DeadLetterForwards(ledger, forward(), announcements));
        main.bind("deadLetterJson", deadLetterJson());
        if (readsMails()) {
            mailbox = new Mailbox(settings.mail(), clock);
            mailbox.beans(settings, ledger, delivery, clock, announcements).forEach(main::bind);
        }
    }

    private void bindSteps(UpdateSteps steps) {
        main.bind("valid", (Predicate) UpdateSteps::valid);
        main.bind("request", (Processor) steps::request);
        main.bind("answered", (Processor) steps::answered);
        main.bind("missed", (Processor) steps::missed);
        main.bind("keep", (Processor) steps::keep);
    }

    private KafkaComponent kafka() {
        return new KafkaConnection(settings.queue(), properties -> new KafkaSource(properties, delivery, announcements))
                .component();
    }

    /** How a dead letter is written as JSON. */
    public static JsonMapper deadLetterJson() {
        return JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build();
    }

    /**
     * Takes the data folder, opens the ledger and starts every route of the folder whose {@code precondition} holds.
     *
     * @param camel keys {@code camel.*} of the configuration, passed on
     * @throws io.github.ticketcaravan.ledger.LedgerException if outcomes could not be kept
     * @throws UnavailableException if something else is not to be had at the moment
     */
    public static Caravan start(
            Settings settings, Mode mode, Path routes, Map<String, String> camel, Clock clock, String version) {
        DataFolder dataFolder = DataFolder.take(settings.data(), mode);
        Ledger ledger;
        try {
            InputCopy.removeLeft(settings.data());
            ledger = Ledger.open(settings.ledger().url(), settings.csv().done(), clock);
        } catch (RuntimeException e) {
            dataFolder.close();
            throw e;
        }
        Caravan caravan = new Caravan(settings, mode, dataFolder, ledger, clock, version);
        try {
            if (mode == Mode.RUN) {
                ledger.probe();
            }
            if (mode == Mode.ONE_SHOT) {
                new LedgerKeeping(ledger, settings.ledger().keep(), clock).pruneFor(PRUNING_OF_A_COMMAND);
            }
            caravan.startRoutes(routes, camel);
            return caravan;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            caravan.close();
            throw new DeliveryStopped("interrupted while it started");
        } catch (RuntimeException e) {
            caravan.close();
            throw e;
        }
    }

    private void startRoutes(Path routes, Map<String, String> camel) {
        Properties properties = new Properties();
        properties.putAll(camelProperties());
        properties.putAll(camel);
        properties.putAll(routeProperties());
        main.setInitialProperties(properties);
        main.setPropertyPlaceholderLocations("false");
        main.configure()
                .withName("caravan")
                .withRoutesIncludePattern("file:" + routes.toAbsolutePath() + "/*.camel.yaml")
                .withJmxEnabled(false)
                .withAutoStartup(mode != Mode.CHECK)
                .withShutdownTimeout(SHUTDOWN_SECONDS)
                .withShutdownSuppressLoggingOnTimeout(true)
                .withShutdownLogInflightExchangesOnTimeout(false);
        try {
            if (usesJms()) {
                jmsQueue = JmsQueue.open(settings, delivery, announcements);
                jmsQueue.beans().forEach(main::bind);
            }
            main.init();
            CamelContext context = main.getCamelContext();
            main.bind(
                    "csvImports",
                    new CsvImports(settings, ledger, delivery, new CamelCsvParser(context), announcements));
            // Sources may have something to tell, and to send, as soon as they start.
            template = context.createProducerTemplate();
            AsyncProducer producer = context.getEndpoint("direct:ticket-update").createAsyncProducer();
            producer.start();
            ticketUpdate = producer;
            main.start();
            for (String called :
                    List.of("direct:csv-import", "direct:dead-replay", "direct:queue-batch", "direct:queue-deliver")) {
                context.getEndpoint(called);
            }
            RouteCheck.check(context, String.valueOf(settings.endpoint().url()));
        } catch (Exception e) {
            throw notStarted("the routes in " + routes + " cannot be started: " + RouteCheck.because(e), e);
        }
    }

    /** The cause is left out where it has something secret in it, since the error may be shown with all its causes. */
    private SettingsException notStarted(String message, Exception cause) {
        String shown = new ForeignEndpoint(settings.notification().uri())
                .redact(new ForeignEndpoint(settings.deadLetter().forward()).redact(message));
        return shown.equals(message) ? new SettingsException(message, cause) : new SettingsException(shown);
    }

    private Map<String, String> camelProperties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("camel.main.startupSummaryLevel", "Off");
        // It would log the values that routes use, secret addresses among them.
        properties.put("camel.main.autoConfigurationLogSummary", "false");
        properties.putAll(ONLY_OURS);
        // Bodies are read once; each step would look whether there is a stream to keep.
        properties.put("camel.main.streamCachingEnabled", "false");
        String concurrency = Integer.toString(settings.delivery().concurrency());
        for (String component : List.of("camel.component.http.", "camel.component.https.")) {
            properties.put(component + "connectionsPerRoute", concurrency);
            properties.put(component + "maxTotalConnections", concurrency);
            // The client's own retries would be attempts that nobody counts.
            properties.put(component + "automaticRetriesDisabled", "true");
            properties.put(component + "cookieManagementDisabled", "true");
        }
        return properties;
    }

    /** What routes may use as {@code {{key}}}: every setting they need, but never the credentials. */
    private Map<String, String> routeProperties() {
        EndpointSettings endpoint = settings.endpoint();
        String forward = forward();
        String notify = settings.notification().uri();
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("caravan.run", Boolean.toString(mode != Mode.ONE_SHOT));
        // Only a check has none, and calls nothing.
        properties.put(
                "caravan.endpoint.url",
                endpoint.url() == null ? "http://localhost" : endpoint.url().toString());
        properties.put(
                "caravan.endpoint.connect-timeout",
                Long.toString(endpoint.connectTimeout().toMillis()));
        properties.put(
                "caravan.endpoint.response-timeout",
                Long.toString(endpoint.responseTimeout().toMillis()));
        properties.put("caravan.csv.inbox", settings.csv().inbox().toString());
        properties.putAll(queueProperties());
        properties.put("caravan.dead-letter.forwards", Boolean.toString(forward != null));
        properties.put("caravan.dead-letter.forward", forward == null ? "" : forward);
        properties.putAll(mailProperties(settings, mailbox));
        properties.put("caravan.notify.configured", Boolean.toString(notify != null));
        properties.put("caravan.notify.uri", notify == null ? "" : notify);
        return properties;
    }

    private boolean readsMails() {
        return mode != Mode.ONE_SHOT && settings.mail().host() != null;
    }

    private static Map<String, String> mailProperties(Settings settings, @Nullable Mailbox mailbox) {
        MailSettings mail = settings.mail();
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("caravan.mail.runs", Boolean.toString(mailbox != null));
        properties.put(
                "caravan.mail.answers",
                Boolean.toString(mailbox != null && mail.smtp().host() != null));
        if (mailbox != null) {
            properties.put("caravan.mail.protocol", mailbox.imapProtocol());
            properties.put("caravan.mail.host", String.valueOf(mail.host()));
            properties.put("caravan.mail.port", Integer.toString(mail.port()));
            properties.put("caravan.mail.folder", mail.folder());
            properties.put("caravan.mail.poll", Long.toString(mail.poll().toMillis()));
            properties.put("caravan.mail.smtp.protocol", mailbox.smtpProtocol());
            properties.put("caravan.mail.smtp.host", String.valueOf(mail.smtp().host()));
            properties.put(
                    "caravan.mail.smtp.port", Integer.toString(mail.smtp().port()));
        }
        return properties;
    }

    /** Only {@code run} reads queues and has the embedded broker; but every command may forward to one elsewhere. */
    private boolean usesJms() {
        String forward = settings.deadLetter().forward();
        boolean forwards = forward != null && forward.startsWith("jms:");
        QueueSettings.Kind kind = settings.queue().kind();
        return kind.isJms() && (mode == Mode.RUN || (forwards && kind != QueueSettings.Kind.EMBEDDED));
    }

    /** Where dead letters go too; null: nowhere, or nowhere just now, so that they are left to {@code run}. */
    private @Nullable String forward() {
        String forward = settings.deadLetter().forward();
        boolean isEmbedded = settings.queue().kind() == QueueSettings.Kind.EMBEDDED;
        return forward != null && forward.startsWith("jms:") && isEmbedded && !usesJms() ? null : forward;
    }

    private Map<String, String> queueProperties() {
        QueueSettings queue = settings.queue();
        QueueSettings.Destination results = queue.results();
        int batches = KafkaSource.BATCHES * queue.consumers();
        int batch = Math.max(1, Math.min(500, settings.delivery().window() / batches));
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(
                "caravan.queue.jms",
                Boolean.toString(mode == Mode.RUN && queue.kind().isJms()));
        properties.put(
                "caravan.queue.kafka", Boolean.toString(mode == Mode.RUN && queue.kind() == QueueSettings.Kind.KAFKA));
        properties.put("caravan.queue.kafka.batches", Integer.toString(batches));
        properties.put("caravan.queue.kafka.batch", Integer.toString(batch));
        properties.put("caravan.queue.name", queue.name());
        properties.put("caravan.queue.consumers", Integer.toString(queue.consumers()));
        properties.put("caravan.queue.group", queue.group());
        properties.put("caravan.queue.answers", Boolean.toString(results != null));
        properties.put("caravan.queue.results", results == null ? "none" : results.name());
        properties.put("caravan.publish.kafka", "false");
        properties.put("caravan.publish.jms", "false");
        return properties;
    }

    private AsyncProducer ticketUpdate() {
        return Objects.requireNonNull(ticketUpdate, "not started");
    }

    private void notify(String sentence) {
        if (template != null && settings.notification().uri() != null) {
            template.sendBody("seda:notify", sentence);
        }
    }

    /**
     * Applies one CSV file, row by row, and writes its receipts; goes on where an earlier run stopped.
     *
     * @throws IOException naming file, place and remedy, if it cannot be read; then nothing was sent
     */
    public ImportSummary importFile(ImportRequest request) throws IOException {
        return Objects.requireNonNull(request("direct:csv-import", request).getBody(ImportSummary.class));
    }

    /** Sends the dead letters again that were asked for; returns when each is settled, or left because it stopped. */
    public Replay replay() throws IOException {
        return Objects.requireNonNull(request("direct:dead-replay", null).getBody(Replay.class));
    }

    private org.apache.camel.Message request(String uri, @Nullable Object body) throws IOException {
        Exchange answer = Objects.requireNonNull(template)
                .request(uri, exchange -> exchange.getIn().setBody(body));
        Exception failure = answer.getException();
        while (failure instanceof CamelExecutionException && failure.getCause() != null) {
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            failure = (Exception) failure.getCause();
        }
        if (failure instanceof IOException unreadable) {
            throw unreadable;
        }
        if (failure instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        if (failure != null) {
            throw new IOException(failure);
        }
        return answer.getMessage();
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
            finish(entry, receipt);
            return receipt;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LedgerException cause) {
                throw new DeliveryStopped("The update of " + update.ticket()
                        + " may have been sent, but its outcome was not recorded. " + cause.getMessage());
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Its outcome is in the ledger; that nothing follows it matters only to how long that is kept. */
    private void finish(Import entry, Receipt receipt) {
        try {
            ledger.finish(entry.id(), receipt.outcome().isDeadLetter() ? 1 : 0);
        } catch (LedgerException e) {
            announcements.warn(String.valueOf(e.getMessage()));
        }
    }

    /** The routes that run. */
    List<String> routeIds() {
        return main.getCamelContext().getRoutes().stream().map(Route::getId).toList();
    }

    /** The broker of the queue that is read; only where its kind is one of Jakarta Messaging. */
    public JmsBroker jmsBroker() {
        return Objects.requireNonNull(jmsQueue, "no such queue is read").broker();
    }

    public Ledger ledger() {
        return ledger;
    }

    Announcements announcements() {
        return announcements;
    }

    /** Why nothing more is sent: it was told to stop, or could not go on; else null. */
    public @Nullable String stopped() {
        return delivery.stopped();
    }

    /** Has delivery stop: what is being sent is still settled, and imports end soon after. */
    public void stop(String reason) {
        delivery.stop(reason);
    }

    @Override
    public void close() {
        stop("Ticket Caravan is stopping");
        if (template != null && forward() != null && mode == Mode.ONE_SHOT) {
            // A command may end before the next poll. What runs must not wait for the other end; the next start goes
            // on.
            template.send("direct:dead-letter-forward", exchange -> {});
        }
        main.stop();
        if (jmsQueue != null) {
            jmsQueue.close();
        }
        requests.shutdownNow();
        ledger.close();
        dataFolder.close();
    }
}
