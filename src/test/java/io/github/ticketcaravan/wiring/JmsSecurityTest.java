package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.nio.file.Path;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The embedded broker with TLS, user and password: who is let in, and by whom it can be read from elsewhere. */
@Timeout(120)
class JmsSecurityTest {

    private static final String UPDATE = "{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}";
    private static final String USER = "caravan";
    private static final String PASSWORD = "let me in";

    @TempDir
    private Path folder;

    private ScriptedServer helpDesk;
    private Path store;

    @BeforeEach
    void listen() throws Exception {
        helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
        store = SelfSigned.store(folder);
    }

    @AfterEach
    void close() {
        helpDesk.close();
    }

    private QueueFixture secured(QueueFixture fixture) {
        return fixture.with("caravan.queue.user", USER)
                .with("caravan.queue.password", PASSWORD)
                .with("caravan.queue.tls", "enabled");
    }

    private QueueFixture embedded() {
        return secured(new QueueFixture(folder, helpDesk.url()))
                .with("caravan.queue.tls.key-store", store.toString())
                .with("caravan.queue.tls.key-store-password", SelfSigned.PASSWORD);
    }

    private ConnectionFactory trusting(QueueFixture.Protocol protocol, int port) {
        String password = SelfSigned.PASSWORD;
        return protocol == QueueFixture.Protocol.CORE
                ? new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port + "?sslEnabled=true&trustStorePath=" + store
                        + "&trustStorePassword=" + password)
                : new JmsConnectionFactory("amqps://127.0.0.1:" + port + "?transport.trustStoreLocation=" + store
                        + "&transport.trustStorePassword=" + password);
    }

    /** Both wait for an answer that never comes, and longer than a test should. */
    private static ConnectionFactory withoutTls(QueueFixture.Protocol protocol, int port) {
        return protocol == QueueFixture.Protocol.CORE
                ? new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port + "?callTimeout=500")
                : new JmsConnectionFactory("amqp://127.0.0.1:" + port + "?jms.connectTimeout=500&amqp.saslLayer=false");
    }

    private static int port(Caravan caravan, QueueFixture.Protocol protocol) {
        return caravan.jmsBroker().port(protocol == QueueFixture.Protocol.CORE ? "core" : "amqp");
    }

    @ParameterizedTest
    @EnumSource
    void whoHasUserAndPasswordIsLetInAndNobodyElse(QueueFixture.Protocol protocol) throws Exception {
        try (Caravan caravan = embedded().start()) {
            ConnectionFactory factory = trusting(protocol, port(caravan, protocol));
            try (QueueFixture.Client client = new QueueFixture.Client(factory, USER, PASSWORD)) {
                assertThat(QueueFixture.Client.receive(client.ask(UPDATE)).getText())
                        .contains("\"outcome\":\"applied\"");
            }
            assertThatThrownBy(() -> new QueueFixture.Client(factory, USER, "guessed"))
                    .isInstanceOf(JMSException.class);
            assertThatThrownBy(() -> new QueueFixture.Client(factory)).isInstanceOf(JMSException.class);
            assertThatThrownBy(() ->
                            new QueueFixture.Client(withoutTls(protocol, port(caravan, protocol)), USER, PASSWORD))
                    .as("without TLS")
                    .isInstanceOf(JMSException.class);
            assertThat(helpDesk.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherCaravanReadsItWithTlsAndLogin(QueueFixture.Protocol protocol) throws Exception {
        boolean core = protocol == QueueFixture.Protocol.CORE;
        try (EmbeddedBroker broker =
                new EmbeddedBroker(embedded().settings().queue(), folder.resolve("broker"), unused -> {})) {
            broker.start();
            int port = broker.port(core ? "core" : "amqp");
            QueueFixture elsewhere = secured(new QueueFixture(folder, helpDesk.url()))
                    .with("caravan.queue.kind", core ? "jms" : "amqp")
                    .with("caravan.queue.url", (core ? "tcp" : "amqps") + "://127.0.0.1:" + port)
                    .with("caravan.queue.tls.trust-store", store.toString())
                    .with("caravan.queue.tls.trust-store-password", SelfSigned.PASSWORD);
            try (Caravan caravan = elsewhere.start();
                    QueueFixture.Client client = new QueueFixture.Client(trusting(protocol, port), USER, PASSWORD)) {
                assertThat(caravan.routeIds()).contains("queue-jms");
                assertThat(QueueFixture.Client.receive(client.ask(UPDATE)).getText())
                        .contains("\"outcome\":\"applied\"");
            }
            assertThat(new QueueCheck(elsewhere.settings()).find()).endsWith("lets us read ticket.updates");
            QueueFixture distrusting = secured(new QueueFixture(folder, helpDesk.url()))
                    .with("caravan.queue.kind", core ? "jms" : "amqp")
                    .with("caravan.queue.url", (core ? "tcp" : "amqps") + "://127.0.0.1:" + port);
            assertThatThrownBy(() -> new QueueCheck(distrusting.settings()).find())
                    .as("nobody has signed its certificate whom Java trusts")
                    .hasMessageContaining("does not let us connect (");
        }
    }
}
