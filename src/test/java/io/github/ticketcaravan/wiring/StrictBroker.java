package io.github.ticketcaravan.wiring;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.ServerConsumer;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;

/**
 * A broker as its operator has locked it down: nothing is made by using it, who comes needs a password, and nobody may
 * write to the queue {@code forbidden}.
 */
final class StrictBroker implements AutoCloseable {

    static final String USER = "caravan";
    static final String PASSWORD = "let me in";
    static final String FORBIDDEN = "forbidden";

    /** Blocks who sends there once it has twenty kilobytes. */
    static final String FULL = "full";

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();

    StrictBroker(String... queues) throws Exception {
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration
                .setName("strict")
                .setPersistenceEnabled(false)
                .setJMXManagementEnabled(false)
                .setSecurityEnabled(true)
                .addAddressSetting(
                        "#",
                        new AddressSettings()
                                .setAutoCreateQueues(false)
                                .setAutoCreateAddresses(false)
                                .setDefaultAddressRoutingType(RoutingType.ANYCAST)
                                .setDefaultQueueRoutingType(RoutingType.ANYCAST));
        configuration.addAddressSetting(
                FULL,
                new AddressSettings()
                        .setMaxSizeBytes(20_000)
                        .setAddressFullMessagePolicy(AddressFullMessagePolicy.BLOCK));
        for (String queue : queues) {
            configuration.addQueueConfiguration(
                    QueueConfiguration.of(queue).setAddress(queue).setRoutingType(RoutingType.ANYCAST));
        }
        for (String protocol : List.of("core", "amqp")) {
            configuration.addAcceptorConfiguration(new TransportConfiguration(
                    NettyAcceptorFactory.class.getName(),
                    Map.of("host", "127.0.0.1", "port", 0, "protocols", protocol.toUpperCase(java.util.Locale.ROOT)),
                    protocol));
        }
        broker.setConfiguration(configuration);
        broker.setSecurityManager(new Doorkeeper());
        broker.start();
    }

    int port(String protocol) {
        return ((NettyAcceptor) broker.getActiveMQServer().getRemotingService().getAcceptor(protocol)).getActualPort();
    }

    /** Gives out no more messages, and takes back those that consumers have. */
    void endConsumers(String queue) {
        Queue found = broker.getActiveMQServer().locateQueue(queue);
        found.pause();
        found.getConsumers().forEach(consumer -> {
            if (consumer instanceof ServerConsumer server) {
                server.disconnect();
            }
        });
    }

    int consumers(String queue) {
        return broker.getActiveMQServer().locateQueue(queue).getConsumerCount();
    }

    long unacknowledged(String queue) {
        return broker.getActiveMQServer().locateQueue(queue).getMessageCount();
    }

    @Override
    public void close() {
        try {
            broker.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Doorkeeper implements ActiveMQSecurityManager5 {

        @Override
        public boolean validateUser(String user, String password) {
            return USER.equals(user) && PASSWORD.equals(password);
        }

        @Override
        public boolean validateUserAndRole(String user, String password, Set<Role> roles, CheckType check) {
            return validateUser(user, password);
        }

        @Override
        public Subject authenticate(String user, String password, RemotingConnection connection, String domain) {
            if (!validateUser(user, password)) {
                return null;
            }
            Subject subject = new Subject();
            subject.getPrincipals().add(new UserPrincipal(user));
            return subject;
        }

        @Override
        public boolean authorize(Subject subject, Set<Role> roles, CheckType check, String address) {
            return check != CheckType.SEND || !address.startsWith(FORBIDDEN);
        }
    }
}
