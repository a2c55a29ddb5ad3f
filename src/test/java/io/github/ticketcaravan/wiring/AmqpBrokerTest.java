package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.ScriptedAmqp;
import jakarta.jms.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Brokers of AMQP 1.0 that end what they are asked for, or never answer, and RabbitMQ's addresses by its version. */
@Timeout(60)
class AmqpBrokerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CONDITION = "amqp:precondition-failed";
    private static final String WORDS = "PRECONDITION_FAILED - inequivalent arg 'durable' for queue";

    @TempDir
    private Path folder;

    private QueueFixture fixture(ScriptedAmqp broker, String options) {
        return new QueueFixture(folder, "http://127.0.0.1:1")
                .with("caravan.queue.kind", "amqp")
                .with("caravan.queue.url", broker.url() + options);
    }

    private void publish(QueueFixture fixture) throws Exception {
        Path file = Files.writeString(folder.resolve("updates.csv"), "ticket,status\nLF-616004,Resolved\n");
        try (Publisher publisher = new Publisher(fixture.settings(), CaravanFixture.ROUTES, Map.of());
                Publication publication = publisher.read(file, "")) {
            publisher.check();
            publisher.publish(publication, published -> {});
        }
    }

    private static void assertSoonTells(ThrowingCallable asked, String words) {
        long before = System.nanoTime();
        assertThatThrownBy(asked).hasMessageContaining(words);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    private static void assertRunTells(QueueFixture fixture, String words) {
        try (LogLines log = new LogLines();
                Caravan caravan = fixture.start()) {
            await().atMost(PATIENCE).until(() -> !log.lines().isEmpty());
            assertThat(log.lines()).singleElement().asString().contains("cannot be read (" + words);
            assertThat(caravan.routeIds()).contains("queue-jms");
        }
    }

    @Test
    void whereTheSessionIsEndedInsteadOfAnAnswerTheBrokersWordsAreTold() throws Exception {
        try (ScriptedAmqp broker = new ScriptedAmqp(Map.of(), false, ScriptedAmqp.end(CONDITION, WORDS))) {
            QueueFixture fixture = fixture(broker, "");
            String expected = WORDS + " [condition = " + CONDITION + "]";

            assertSoonTells(() -> new QueueCheck(fixture.settings()).find(), "(" + expected + ")");
            assertSoonTells(() -> publish(fixture), "(" + expected + ")");
            assertRunTells(fixture, expected);
        }
    }

    /** Whoever asks next on this thread must not find it interrupted. */
    @Test
    void aRefusalLeavesTheThreadAsItWas() throws Exception {
        try (ScriptedAmqp broker = new ScriptedAmqp(Map.of(), false, ScriptedAmqp.end(CONDITION, WORDS));
                JmsBroker jms = JmsBroker.of(fixture(broker, "").settings().queue(), folder, 1, embedded -> {});
                BrokerConnection connection = jms.connectToSend()) {
            for (int i = 0; i < 50; i++) {
                Session session = connection.session(Session.AUTO_ACKNOWLEDGE);
                assertThatThrownBy(() -> connection.consumer(session, session.createQueue("ticket.updates")))
                        .hasMessageContaining(WORDS);
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            }
        }
    }

    @Test
    void whereABrokerNeverAnswersTheTimeIsLimited() throws Exception {
        try (ScriptedAmqp broker = new ScriptedAmqp(Map.of(), false, ScriptedAmqp.SILENCE)) {
            QueueFixture fixture = fixture(broker, "?jms.requestTimeout=1000&jms.closeTimeout=300");
            String expected = "the broker did not answer within 1 s";

            assertSoonTells(() -> new QueueCheck(fixture.settings()).find(), "(" + expected + ")");
            assertSoonTells(() -> publish(fixture), "(" + expected + ")");
            assertRunTells(fixture, expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "failover:"})
    void whereABrokerTakesConnectionsAndSaysNothingTheTimeIsLimited(String failover) throws Exception {
        try (ScriptedAmqp broker = ScriptedAmqp.mute()) {
            String options = "?jms.connectTimeout=1000&jms.requestTimeout=1000&jms.closeTimeout=300";
            QueueFixture fixture = fixture(broker, options)
                    .with(
                            "caravan.queue.url",
                            failover.isEmpty()
                                    ? broker.url() + options
                                    : failover + "(" + broker.url() + ")" + options);

            assertSoonTells(() -> new QueueCheck(fixture.settings()).find(), "does not let us connect (");
            assertSoonTells(() -> publish(fixture), "does not take messages for the queue ticket.updates (");
        }
    }

    @Test
    void theClientsOwnLimitsAreNoneSoOursHold() {
        var queue = new QueueFixture(folder, "http://127.0.0.1:1")
                .with("caravan.queue.kind", "amqp")
                .with("caravan.queue.url", "amqp://127.0.0.1:1")
                .settings()
                .queue();

        assertThat(JmsBroker.qpid(queue, 1, 7_000))
                .returns(10_000L, JmsConnectionFactory::getRequestTimeout)
                .returns(10_000L, JmsConnectionFactory::getConnectTimeout)
                .returns(5_000L, JmsConnectionFactory::getCloseTimeout)
                .returns(7_000L, JmsConnectionFactory::getSendTimeout);
    }

    @ParameterizedTest
    @CsvSource({
        "apache-activemq-artemis, 2.55.0, false, ticket.updates, ticket.results, ticket.updates.dead",
        "RabbitMQ, 3.13.7, false, /amq/queue/ticket.updates, /amq/queue/ticket.results, /amq/queue/ticket.updates.dead",
        "RabbitMQ, 4.0.0, true, /queues/ticket.updates, /queues/ticket.results, /queues/ticket.updates.dead",
        "RabbitMQ, 4.2.1, true, /queues/ticket.updates, /queues/ticket.results, /queues/ticket.updates.dead",
    })
    void queuesAreAddressedAsTheBrokerThatAnswersWantsIt(
            String product, String version, boolean anonymous, String queue, String results, String dead)
            throws Exception {
        try (ScriptedAmqp broker =
                new ScriptedAmqp(Map.of("product", product, "version", version), anonymous, ScriptedAmqp.GRANT)) {
            QueueFixture fixture = fixture(broker, "").with("caravan.queue.results", "ticket.results");

            publish(fixture);
            assertThat(broker.targets()).containsOnly(queue);

            assertThat(new QueueCheck(fixture.settings()).find()).endsWith("and send to ticket.results");
            assertThat(broker.sources()).contains(queue).isSubsetOf(queue, results);
            assertThat(broker.targets()).containsOnly(queue, results);

            try (JmsBroker jms = JmsBroker.of(fixture.settings().queue(), folder, 1, embedded -> {});
                    DefaultCamelContext context = new DefaultCamelContext()) {
                context.addComponent("jms", jms.component());
                context.start();
                ProducerTemplate sender = context.createProducerTemplate();
                sender.sendBody("jms:queue:ticket.updates.dead", "{}");
                sender.sendBody("jms:topic:news", "{}");
            }
            assertThat(broker.targets())
                    .contains(dead)
                    .contains(AmqpAddress.of(product, version).ofTopic("news"));
        }
    }
}
