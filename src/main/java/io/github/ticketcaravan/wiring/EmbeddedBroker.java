package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.QueueSettings;
import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.update.Problem;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.LargeServerMessage;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.protocol.amqp.exceptions.ActiveMQAMQPResourceLimitExceededException;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Apache ActiveMQ Artemis within this process: persistent, and listening for Artemis' own protocol and for AMQP 1.0.
 *
 * <p>Nothing is ever swallowed: there is no limit to redelivery, and what does not fit in memory is paged to disk.
 */
final class EmbeddedBroker implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int IN_MEMORY_BYTES = 20 << 20;
    private static final int PAGE_BYTES = 2 << 20;
    private static final int WITHOUT_LIMIT = -1;

    /** Artemis' usual names: where messages go that a sender let expire; the other stays empty, and is asked for. */
    private static final String EXPIRED = "ExpiryQueue";

    private static final String UNDELIVERABLE = "DLQ";

    private final QueueSettings settings;
    private final int number = NUMBER.getAndIncrement();
    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();

    /** @param folder of its journal */
    EmbeddedBroker(QueueSettings settings, Path folder) {
        this.settings = settings;
        broker.setConfiguration(configuration(folder));
        String user = settings.user();
        if (user != null) {
            broker.setSecurityManager(new OneUser(user, String.valueOf(settings.password())));
        }
    }

    /** @throws SettingsException if it cannot listen, or not use its journal */
    void start() {
        try {
            broker.start();
            for (String protocol : Set.of("core", "amqp")) {
                port(protocol);
            }
        } catch (Exception e) {
            try {
                close();
            } catch (IllegalStateException notStopped) {
                e.addSuppressed(notStopped);
            }
            throw new SettingsException(
                    "the embedded broker cannot be started (" + RouteCheck.because(e) + "): look at"
                            + " caravan.queue.listen.core=" + settings.listenCore() + " and caravan.queue.listen.amqp="
                            + settings.listenAmqp() + ", and whether something else listens there",
                    e);
        }
    }

    /** For clients in this process. */
    String url() {
        return "vm://" + number;
    }

    /** The port that {@code core} or {@code amqp} really listens at. */
    int port(String protocol) {
        NettyAcceptor acceptor =
                (NettyAcceptor) broker.getActiveMQServer().getRemotingService().getAcceptor(protocol);
        if (acceptor == null || !acceptor.isStarted()) {
            throw new IllegalStateException("nothing listens for " + protocol);
        }
        return acceptor.getActualPort();
    }

    /** Messages of a queue that are not acknowledged, those that a consumer has in hand included. */
    long unacknowledged(String queue) {
        return broker.getActiveMQServer().locateQueue(queue).getMessageCount();
    }

    int consumers(String queue) {
        return broker.getActiveMQServer().locateQueue(queue).getConsumerCount();
    }

    private Configuration configuration(Path folder) {
        AddressSettings all = new AddressSettings()
                .setMaxDeliveryAttempts(WITHOUT_LIMIT)
                .setRedeliveryDelay(0)
                .setDeadLetterAddress(SimpleString.of(UNDELIVERABLE))
                .setExpiryAddress(SimpleString.of(EXPIRED))
                .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
                .setMaxSizeBytes(IN_MEMORY_BYTES)
                .setPageSizeBytes(PAGE_BYTES)
                // Two pages would be less than a window of large messages, which would wait in vain for the rest.
                .setMaxReadPageBytes(IN_MEMORY_BYTES)
                .setDefaultAddressRoutingType(RoutingType.ANYCAST)
                .setDefaultQueueRoutingType(RoutingType.ANYCAST);
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration
                .setName("ticket-caravan")
                .setPersistenceEnabled(true)
                .setSecurityEnabled(settings.user() != null)
                .setJMXManagementEnabled(false)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(folder.resolve("journal").toString())
                .setBindingsDirectory(folder.resolve("bindings").toString())
                .setLargeMessagesDirectory(folder.resolve("large-messages").toString())
                .setPagingDirectory(folder.resolve("paging").toString())
                .setJournalFileSize(4 << 20)
                .setThreadPoolMaxSize(8)
                .setScheduledThreadPoolMaxSize(2)
                .addAddressSetting("#", all)
                .addQueueConfiguration(queue(settings.name()))
                .addQueueConfiguration(queue(EXPIRED))
                .addQueueConfiguration(queue(UNDELIVERABLE))
                .addAcceptorConfiguration(new TransportConfiguration(
                        InVMAcceptorFactory.class.getName(), Map.of("serverId", Integer.toString(number)), "vm"))
                .addAcceptorConfiguration(listening("core", "CORE", settings.listenCore()))
                .addAcceptorConfiguration(listening("amqp", "AMQP", settings.listenAmqp()));
        configuration.registerBrokerPlugin(new AmqpAtTheDoor(settings.maxSize()));
        return configuration;
    }

    private static QueueConfiguration queue(String name) {
        return QueueConfiguration.of(name)
                .setAddress(name)
                .setRoutingType(RoutingType.ANYCAST)
                .setDurable(true);
    }

    private TransportConfiguration listening(String name, String protocol, QueueSettings.Listen listen) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put(TransportConstants.HOST_PROP_NAME, listen.host());
        parameters.put(TransportConstants.PORT_PROP_NAME, listen.port());
        parameters.put(TransportConstants.PROTOCOLS_PROP_NAME, protocol);
        QueueSettings.Tls tls = settings.tls();
        if (tls.enabled()) {
            parameters.put(TransportConstants.SSL_ENABLED_PROP_NAME, true);
            parameters.put(TransportConstants.KEYSTORE_PATH_PROP_NAME, String.valueOf(tls.keyStore()));
            parameters.put(TransportConstants.KEYSTORE_PASSWORD_PROP_NAME, tls.keyStorePassword());
            if (tls.trustStore() != null) {
                parameters.put(
                        TransportConstants.TRUSTSTORE_PATH_PROP_NAME,
                        tls.trustStore().toString());
                parameters.put(TransportConstants.TRUSTSTORE_PASSWORD_PROP_NAME, tls.trustStorePassword());
                parameters.put(TransportConstants.NEED_CLIENT_AUTH_PROP_NAME, true);
            }
        }
        return new TransportConfiguration(NettyAcceptorFactory.class.getName(), parameters, name);
    }

    @Override
    public void close() {
        try {
            broker.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the embedded broker did not stop: " + e, e);
        }
    }

    /**
     * Refuses at the door what came by AMQP and could not be read: Artemis translates it for the reader, with all of it
     * in memory several times, and where that fails neither this message nor those behind it are ever delivered. The
     * sender is told. What comes by Artemis' own protocol needs no translation, and is never in memory as a whole.
     */
    private record AmqpAtTheDoor(int maxSize) implements ActiveMQServerMessagePlugin {

        private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

        /** For what is not the body. */
        private static final int HEADERS = 64_000;

        @Override
        public void beforeSend(
                ServerSession session,
                @Nullable Transaction transaction,
                Message message,
                boolean direct,
                boolean noAutoCreateQueue)
                throws ActiveMQException {
            if (message instanceof ICoreMessage) {
                return;
            }
            String problem = problem(message);
            if (problem != null) {
                LOG.warn(
                        "{}, message {}: not taken in, and its sender is told: {}",
                        Problem.quote(message.getAddress()),
                        Problem.quote(String.valueOf(message.getUserID())),
                        problem);
                if (message instanceof LargeServerMessage large) {
                    delete(large);
                }
                throw new ActiveMQAMQPResourceLimitExceededException(problem);
            }
        }

        private @Nullable String problem(Message message) throws ActiveMQException {
            if (message instanceof LargeServerMessage large
                    && large.getLargeBody().getBodySize() > (long) maxSize + HEADERS) {
                return "the message has " + large.getLargeBody().getBodySize()
                        + " bytes, and caravan.queue.max-size is " + maxSize
                        + ": expected a smaller one, with fewer updates";
            }
            try {
                message.toCore();
                return null;
            } catch (RuntimeException e) {
                return "the message cannot be read (" + RouteCheck.because(e) + "): expected text in UTF-8, or bytes";
            }
        }

        private static void delete(LargeServerMessage large) {
            try {
                large.deleteFile();
            } catch (Exception e) {
                LOG.warn("a file of the embedded broker cannot be deleted; its next start does so", e);
            }
        }
    }

    /** Lets in who has the user and the password of the settings, to everything. */
    private record OneUser(String user, String password) implements ActiveMQSecurityManager5 {

        @Override
        public boolean validateUser(@Nullable String name, @Nullable String secret) {
            return user.equals(name) && password.equals(secret);
        }

        @Override
        public boolean validateUserAndRole(
                @Nullable String name, @Nullable String secret, Set<Role> roles, CheckType check) {
            return validateUser(name, secret);
        }

        @Override
        public @Nullable Subject authenticate(
                @Nullable String name, @Nullable String secret, RemotingConnection connection, String domain) {
            if (!validateUser(name, secret)) {
                return null;
            }
            Subject subject = new Subject();
            subject.getPrincipals().add(new UserPrincipal(user));
            return subject;
        }

        @Override
        public boolean authorize(Subject subject, Set<Role> roles, CheckType check, String address) {
            return true;
        }
    }
}
