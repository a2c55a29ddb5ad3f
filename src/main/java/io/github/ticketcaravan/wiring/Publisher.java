package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.queue.OutgoingMessage;
import io.github.ticketcaravan.settings.QueueSettings.Kind;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.SettingsException;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.LongConsumer;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.main.Main;
import org.apache.camel.support.DefaultMessage;
import org.jspecify.annotations.Nullable;

/** Publishes files to the configured queue, by the route {@code publish-...} of its kind. For one thread. */
public final class Publisher implements AutoCloseable {

    private static final int AT_ONCE = 500;

    private final Settings settings;
    private final Main main = new Main();
    private final ProducerTemplate template;
    private final @Nullable JmsPublisher jms;

    /** @param camel keys {@code camel.*} of the configuration, passed on */
    public Publisher(Settings settings, Path routes, Map<String, String> camel) {
        this.settings = settings;
        Kind kind = settings.queue().kind();
        if (kind == Kind.OFF) {
            throw new SettingsException("caravan.queue.kind is off, so there is no queue to publish to:"
                    + " set it, and caravan.queue.url, to the broker that the consumers read from");
        }
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "camel.main.startupSummaryLevel", "Off",
                "caravan.publish.kafka", Boolean.toString(kind == Kind.KAFKA),
                "caravan.publish.jms", Boolean.toString(kind.isJms()),
                "caravan.queue.name", settings.queue().name()));
        properties.putAll(Caravan.ONLY_OURS);
        properties.putAll(camel);
        main.setInitialProperties(properties);
        main.setPropertyPlaceholderLocations("false");
        main.configure()
                .withName("caravan-publish")
                .withRoutesIncludePattern("file:" + routes.toAbsolutePath() + "/publish-*.camel.yaml")
                .withJmxEnabled(false);
        main.bind("publisher", this);
        if (kind == Kind.KAFKA) {
            main.bind("kafka-component", new KafkaConnection(settings.queue()).component());
        }
        jms = kind.isJms() ? new JmsPublisher(settings.queue()) : null;
        if (jms != null) {
            main.bind("jmsPublisher", jms);
        }
        try {
            main.start();
            template = context().createProducerTemplate();
        } catch (Exception e) {
            main.stop();
            throw new SettingsException("the routes in " + routes + " cannot be started: " + RouteCheck.because(e), e);
        }
    }

    private CamelContext context() {
        return main.getCamelContext();
    }

    /**
     * Reads all of a file, so that what makes it unreadable is known before anything is published.
     *
     * @param edition another for the same file has it carried out again; usually empty
     */
    public Publication read(Path file, String edition) throws IOException {
        return Publication.open(file, settings, new CamelCsvParser(context()), edition);
    }

    /**
     * Looks whether messages can be published at all.
     *
     * @throws RuntimeException telling in a sentence what is wrong, and the remedy
     */
    public void check() throws InterruptedException {
        if (jms == null) {
            new KafkaCheck(settings.queue()).findToPublish();
            return;
        }
        try {
            jms.connect();
        } catch (JMSException e) {
            throw new SettingsException(
                    "the broker at " + address() + " does not take messages for the queue "
                            + settings.queue().name() + " (" + RouteCheck.because(e)
                            + "): check caravan.queue.url, caravan.queue.user, and whether it runs",
                    e);
        }
    }

    private String address() {
        String url = settings.queue().url();
        return url == null ? settings.queue().listenCore().toString() : url;
    }

    /**
     * Publishes all of it, in order.
     *
     * @param progress told how many are published
     * @throws IOException telling how far it came
     */
    public void publish(Publication publication, LongConsumer progress) throws IOException {
        Iterator<OutgoingMessage> messages = publication.messages();
        long published = 0;
        while (messages.hasNext()) {
            List<OutgoingMessage> some = new ArrayList<>(AT_ONCE);
            while (some.size() < AT_ONCE && messages.hasNext()) {
                some.add(messages.next());
            }
            Exchange answer = template.request(
                    "direct:publish", exchange -> exchange.getIn().setBody(some));
            Exception failure = answer.getException();
            if (failure != null) {
                throw new IOException(
                        published + " of " + publication.total() + " messages were published, then "
                                + settings.queue().name() + " at " + address() + " took no more ("
                                + RouteCheck.because(failure)
                                + "). The same command begins again; what was published twice is carried out once",
                        failure);
            }
            published += some.size();
            progress.accept(published);
        }
    }

    /** A step of the route {@code publish-kafka}: what Kafka's component takes for records of their own. */
    public List<Message> records(@Body List<OutgoingMessage> messages) {
        return messages.stream().map(this::record).toList();
    }

    private Message record(OutgoingMessage message) {
        Message record = new DefaultMessage(context());
        record.setBody(message.body());
        record.setHeader(QueueMessages.CARAVAN_ID, message.id());
        if (message.key() != null) {
            record.setHeader(KafkaConstants.KEY, message.key());
        }
        if (message.replayOf() != null) {
            record.setHeader(QueueMessages.DEAD_LETTER, message.replayOf());
        }
        return record;
    }

    /** The routes that run. */
    List<String> routeIds() {
        return context().getRoutes().stream().map(Route::getId).toList();
    }

    @Override
    public void close() {
        main.stop();
        if (jms != null) {
            try {
                jms.close();
            } catch (JMSException connectionIsGone) {
                // So there is nothing to close.
            }
        }
    }
}
