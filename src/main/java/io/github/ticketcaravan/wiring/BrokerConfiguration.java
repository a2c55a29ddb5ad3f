package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.QueueSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** How the embedded broker is set up. */
final class BrokerConfiguration {

    private static final int IN_MEMORY_BYTES = 20 << 20;
    private static final int PAGE_BYTES = 2 << 20;
    private static final int WITHOUT_LIMIT = -1;

    /** Artemis' usual names: where messages go that a sender let expire; the other stays empty, and is asked for. */
    private static final String EXPIRED = "ExpiryQueue";

    private static final String UNDELIVERABLE = "DLQ";

    private BrokerConfiguration() {}

    /**
     * @param folder of its journal
     * @param number of its acceptor for clients in this process
     */
    static Configuration of(QueueSettings settings, Path folder, int number, BrokerDoor door) {
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
                // Above a share of the disk Artemis would let its senders wait in silence.
                .setMaxDiskUsage(WITHOUT_LIMIT)
                .addAddressSetting("#", all)
                .addQueueConfiguration(queue(settings.name()))
                .addQueueConfiguration(queue(EXPIRED))
                .addQueueConfiguration(queue(UNDELIVERABLE))
                .addAcceptorConfiguration(new TransportConfiguration(
                        InVMAcceptorFactory.class.getName(), Map.of("serverId", Integer.toString(number)), "vm"))
                .addAcceptorConfiguration(listening("core", "CORE", settings.listenCore(), settings.tls()))
                .addAcceptorConfiguration(listening("amqp", "AMQP", settings.listenAmqp(), settings.tls()));
        configuration.registerBrokerPlugin(door);
        return configuration;
    }

    private static QueueConfiguration queue(String name) {
        return QueueConfiguration.of(name)
                .setAddress(name)
                .setRoutingType(RoutingType.ANYCAST)
                .setDurable(true);
    }

    private static TransportConfiguration listening(
            String name, String protocol, QueueSettings.Listen listen, QueueSettings.Tls tls) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put(TransportConstants.HOST_PROP_NAME, listen.host());
        parameters.put(TransportConstants.PORT_PROP_NAME, listen.port());
        parameters.put(TransportConstants.PROTOCOLS_PROP_NAME, protocol);
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
}
