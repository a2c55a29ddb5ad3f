package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.files.OwnerOnly;
import io.github.ticketcaravan.settings.QueueSettings;
import io.github.ticketcaravan.settings.SettingsException;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.meta.JmsConnectionInfo;
import org.apache.qpid.jms.policy.JmsDefaultPrefetchPolicy;
import org.jspecify.annotations.Nullable;
import org.springframework.jms.connection.UserCredentialsConnectionFactoryAdapter;

/**
 * The broker of {@code caravan.queue.*} for clients that speak Jakarta Messaging; the embedded one is started and
 * stopped with this. Safe for several threads.
 */
public final class JmsBroker implements AutoCloseable {

    /** In the data folder. */
    static final String EMBEDDED_FOLDER = "queue";

    private static final int MOST_AHEAD = 1_000;
    private static final int SEND_MILLIS = 10_000;

    /** What AMQP's client waits for the broker to answer, where the URL has nothing else. */
    private static final int REQUEST_MILLIS = 10_000;

    /** Who publishes limits the time himself, whatever the broker. */
    private static final int ENDLESS = -1;

    private static final int CLOSE_MILLIS = 5_000;

    private final QueueSettings settings;
    private final @Nullable EmbeddedBroker embedded;
    private final ConnectionFactory reading;
    private final ConnectionFactory sending;
    private final ConnectionFactory forwarding;
    private final @Nullable Duration timeToLive;

    private JmsBroker(
            QueueSettings settings,
            @Nullable EmbeddedBroker embedded,
            ConnectionFactory reading,
            ConnectionFactory sending,
            ConnectionFactory forwarding) {
        this.settings = settings;
        this.embedded = embedded;
        this.reading = reading;
        this.sending = sending;
        this.forwarding = forwarding;
        this.timeToLive = timeToLive(reading);
    }

    /** Artemis' client tells the broker after what time without a word of us it may take us for dead. */
    private static @Nullable Duration timeToLive(ConnectionFactory reading) {
        return reading instanceof ActiveMQConnectionFactory artemis && artemis.getConnectionTTL() > 0
                ? Duration.ofMillis(artemis.getConnectionTTL())
                : null;
    }

    /**
     * Connects to nothing yet.
     *
     * @param data the data folder, for the journal of the embedded broker
     * @param window messages that a consumer takes at once
     * @param announce told what an operator should know of the embedded broker
     */
    static JmsBroker of(QueueSettings settings, Path data, int window, Consumer<String> announce) {
        if (settings.kind() == QueueSettings.Kind.AMQP) {
            // An answer or a dead letter to a queue that is full and blocks must not wait there.
            return new JmsBroker(
                    settings,
                    null,
                    qpid(settings, ahead(settings, window), SEND_MILLIS),
                    qpid(settings, 1, ENDLESS),
                    qpid(settings, 1, SEND_MILLIS));
        }
        EmbeddedBroker embedded = null;
        String url = String.valueOf(settings.url());
        QueueSettings.Tls tls = settings.tls();
        if (settings.kind() == QueueSettings.Kind.EMBEDDED) {
            embedded = new EmbeddedBroker(settings, journal(data), announce);
            embedded.start();
            url = embedded.url();
            tls = null;
        }
        ActiveMQConnectionFactory reading = artemis(url, tls);
        reading.getServerLocator().addIncomingInterceptor(new LargeBodies(settings.maxSize()));
        // Who reads connects anew by itself, for what is in hand is others' by then.
        reading.setReconnectAttempts(0);
        // As above; Artemis' client has no time-out for it, but need not ask whether there is room.
        reading.setProducerWindowSize(-1);
        ActiveMQConnectionFactory forwarding = artemis(url, tls);
        forwarding.setProducerWindowSize(-1);
        return new JmsBroker(settings, embedded, reading, artemis(url, tls), forwarding);
    }

    private static Path journal(Path data) {
        Path folder = data.resolve(EMBEDDED_FOLDER);
        try {
            return OwnerOnly.makeFolders(folder);
        } catch (IOException e) {
            throw new SettingsException(
                    "The folder " + folder + " for the embedded broker's journal cannot be made (" + e
                            + "): make it writable, or choose another with --data",
                    e);
        }
    }

    /**
     * AMQP's credit counts messages, whatever their size: as many may wait here as fit into an eighth of the heap. Of
     * Artemis' own protocol it counts bytes, and its default is right.
     */
    private static int ahead(QueueSettings settings, int window) {
        long fit = Runtime.getRuntime().maxMemory() / 8 / settings.maxSize() / settings.consumers();
        return (int) Math.max(1, Math.min(fit, Math.min(window, MOST_AHEAD)));
    }

    private static ActiveMQConnectionFactory artemis(String url, QueueSettings.@Nullable Tls tls) {
        ActiveMQConnectionFactory factory;
        try {
            factory = new ActiveMQConnectionFactory(url);
        } catch (RuntimeException e) {
            throw refused(url, e);
        }
        // An acknowledgement that was lost would be found out only when the messages come again.
        factory.setBlockOnAcknowledge(true);
        if (tls != null && tls.enabled()) {
            for (TransportConfiguration connector : factory.getStaticConnectors()) {
                Map<String, Object> parameters = connector.getParams();
                parameters.put("sslEnabled", true);
                putStore(parameters, "trustStore", tls.trustStore(), tls.trustStorePassword());
                putStore(parameters, "keyStore", tls.keyStore(), tls.keyStorePassword());
            }
        }
        return factory;
    }

    private static void putStore(
            Map<String, Object> parameters, String name, @Nullable Path store, @Nullable String password) {
        if (store != null) {
            parameters.put(name + "Path", store.toString());
            parameters.put(name + "Password", password);
        }
    }

    static JmsConnectionFactory qpid(QueueSettings settings, int ahead, int sendMillis) {
        String url = String.valueOf(settings.url());
        JmsConnectionFactory factory;
        try {
            factory = new JmsConnectionFactory(withoutFailover(url));
        } catch (RuntimeException e) {
            throw refused(url, e);
        }
        JmsDefaultPrefetchPolicy prefetch = new JmsDefaultPrefetchPolicy();
        prefetch.setAll(ahead);
        factory.setPrefetchPolicy(prefetch);
        // What is not here yet comes by itself; to ask for it would cost a round trip, and RabbitMQ 3 fails at it.
        factory.setReceiveNoWaitLocalOnly(true);
        factory.setReceiveLocalOnly(true);
        // AMQP allows any name; JMS would have only those of Java, and refuse to look for the others.
        factory.setValidatePropertyNames(false);
        limitTime(factory, sendMillis);
        if (settings.tls().enabled()) {
            factory.setSslContext(context(settings.tls()));
        }
        return factory;
    }

    /**
     * Of several brokers the first that answers is taken, once: who asks is told where there is none, and who reads
     * begins anew where the connection is lost, for messages that are in hand then are others' by now.
     */
    private static String withoutFailover(String url) {
        if (!url.startsWith("failover:") || url.contains("ReconnectAttempts=")) {
            return url;
        }
        return url + (url.contains(")?") ? "&" : "?")
                + "failover.startupMaxReconnectAttempts=1&failover.maxReconnectAttempts=0";
    }

    /** Its own limits are none at all, or too long for a stop, unless the URL says otherwise. */
    private static void limitTime(JmsConnectionFactory factory, int sendMillis) {
        if (factory.getRequestTimeout() < 0) {
            factory.setRequestTimeout(REQUEST_MILLIS);
        }
        if (factory.getSendTimeout() < 0) {
            factory.setSendTimeout(sendMillis);
        }
        if (factory.getConnectTimeout() == JmsConnectionInfo.DEFAULT_CONNECT_TIMEOUT) {
            factory.setConnectTimeout(REQUEST_MILLIS);
        }
        if (factory.getCloseTimeout() == JmsConnectionInfo.DEFAULT_CLOSE_TIMEOUT) {
            factory.setCloseTimeout(CLOSE_MILLIS);
        }
    }

    private static SettingsException refused(String url, RuntimeException cause) {
        return new SettingsException(
                "caravan.queue.url=" + url + " cannot be used (" + RouteCheck.because(cause) + ")", cause);
    }

    private static SSLContext context(QueueSettings.Tls tls) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store("caravan.queue.tls.trust-store", tls.trustStore(), tls.trustStorePassword()));
            KeyManagerFactory key = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            key.init(
                    store("caravan.queue.tls.key-store", tls.keyStore(), tls.keyStorePassword()),
                    characters(tls.keyStorePassword()));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(key.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new SettingsException("caravan.queue.tls: the stores cannot be used (" + e.getMessage() + ")", e);
        }
    }

    private static @Nullable KeyStore store(String key, @Nullable Path file, @Nullable String password)
            throws GeneralSecurityException {
        if (file == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, characters(password));
            return store;
        } catch (IOException e) {
            throw new SettingsException(
                    key + "=" + file + " cannot be read (" + e + "): expected a PKCS #12 or JKS file and its password",
                    e);
        }
    }

    private static char @Nullable [] characters(@Nullable String password) {
        return password == null ? null : password.toCharArray();
    }

    /** A new connection, not yet started. */
    public Connection connect() throws JMSException {
        return connect(sending);
    }

    /** The same, to send what is published, or to look. */
    BrokerConnection connectToSend() throws JMSException {
        return new BrokerConnection(connect(sending), null);
    }

    /** The same, for {@link JmsWindow}: with bounded memory, and answers that wait for nobody. */
    BrokerConnection connectToRead() throws JMSException {
        return new BrokerConnection(connect(reading), timeToLive);
    }

    private Connection connect(ConnectionFactory factory) throws JMSException {
        String trouble = trouble();
        if (trouble != null) {
            throw new JMSException(trouble);
        }
        return settings.user() == null
                ? factory.createConnection()
                : factory.createConnection(settings.user(), settings.password());
    }

    /** Why the embedded broker does not run just now; null if it does, or the broker is elsewhere. */
    @Nullable
    String trouble() {
        return embedded == null ? null : embedded.trouble();
    }

    QueueSettings settings() {
        return settings;
    }

    /** The port that the embedded broker listens at, for {@code core} or {@code amqp}. */
    public int port(String protocol) {
        return embedded().port(protocol);
    }

    /** Messages of a queue of the embedded broker that are not acknowledged yet. */
    public long unacknowledged(String queue) {
        return embedded().unacknowledged(queue);
    }

    /** Who reads a queue of the embedded broker just now. */
    int consumers(String queue) {
        return embedded().consumers(queue);
    }

    private EmbeddedBroker embedded() {
        return Objects.requireNonNull(embedded, "there is no embedded broker");
    }

    /** Camel's component for the same broker: for dead letters, and for routes of users. */
    JmsComponent component() {
        ConnectionFactory target = forwarding;
        if (settings.user() != null) {
            UserCredentialsConnectionFactoryAdapter withUser = new UserCredentialsConnectionFactoryAdapter();
            withUser.setTargetConnectionFactory(forwarding);
            withUser.setUsername(settings.user());
            withUser.setPassword(String.valueOf(settings.password()));
            target = withUser;
        }
        JmsComponent component = JmsComponent.jmsComponentAutoAcknowledge(new CamelConnections(target));
        component.setDestinationResolver(CamelConnections::destination);
        return component;
    }

    @Override
    public void close() {
        if (embedded != null) {
            embedded.close();
        }
    }
}
