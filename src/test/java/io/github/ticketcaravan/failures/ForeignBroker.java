package io.github.ticketcaravan.failures;

import java.util.List;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** ActiveMQ Artemis as a broker elsewhere, with its own protocol and AMQP 1.0. */
final class ForeignBroker implements AutoCloseable {

    private final ActiveMQServer server;

    ForeignBroker(String... queues) throws Exception {
        Configuration configuration = new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                // As the documentation asks for: the default of ten is soon used up by failures.
                .addAddressSetting("#", new AddressSettings().setMaxDeliveryAttempts(-1));
        for (String queue : queues) {
            configuration.addQueueConfiguration(
                    QueueConfiguration.of(queue).setAddress(queue).setRoutingType(RoutingType.ANYCAST));
        }
        for (String protocol : List.of("CORE", "AMQP")) {
            configuration.addAcceptorConfiguration(protocol, "tcp://127.0.0.1:0?protocols=" + protocol);
        }
        server = new ActiveMQServerImpl(configuration);
        server.start();
    }

    /** @param protocol {@code CORE} or {@code AMQP} */
    int port(String protocol) {
        return ((NettyAcceptor) server.getRemotingService().getAcceptor(protocol)).getActualPort();
    }

    /** Messages that are not acknowledged. */
    long messages(String queue) {
        return server.locateQueue(queue).getMessageCount();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
