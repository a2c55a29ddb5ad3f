package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.LedgerDatabase;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.JmsDestination;
import org.apache.qpid.jms.JmsSession;
import org.apache.qpid.jms.message.JmsMessageIDBuilder;
import org.apache.qpid.jms.policy.JmsMessageIDPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The embedded broker, with programs that speak Artemis' own protocol and AMQP 1.0 to it. */
class JmsQueueTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String UPDATE = "{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}";

    @TempDir
    private Path folder;

    private ScriptedServer helpDesk;

    @BeforeEach
    void listen() throws Exception {
        helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
    }

    @AfterEach
    void close() {
        helpDesk.close();
    }

    private QueueFixture fixture() {
        return new QueueFixture(folder, helpDesk.url());
    }

    @ParameterizedTest
    @EnumSource
    void aMessageIsCarriedOutAnsweredAndAcknowledged(QueueFixture.Protocol protocol) throws Exception {
        try (Caravan caravan = fixture().start();
                QueueFixture.Client client = protocol.client(caravan)) {
            TextMessage message =
                    client.session.createTextMessage("{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}");
            message.setJMSCorrelationID("order 17");

            TextMessage answer = QueueFixture.Client.receive(client.ask(message));

            assertThat(answer.getText())
                    .isEqualTo(
                            "{\"ticket\":\"LF-616004\",\"outcome\":\"applied\",\"status\":200,\"attempts\":1,\"errors\":{}}");
            assertThat(answer.getJMSCorrelationID()).isEqualTo("order 17");
            assertThat(helpDesk.requests()).hasSize(1);
            await().atMost(PATIENCE).until(() -> caravan.jmsBroker().unacknowledged(QueueFixture.QUEUE) == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void updatesOfATicketArriveInTheOrderOfTheQueue(QueueFixture.Protocol protocol) throws Exception {
        int messages = 300;
        try (Caravan caravan = fixture().start();
                QueueFixture.Client client = protocol.client(caravan)) {
            for (int i = 0; i < messages; i++) {
                client.send("{\"ticket\":\"LF-00000" + i % 3 + "\",\"subject\":\"" + i + "\"}");
            }
            await().atMost(PATIENCE).until(() -> helpDesk.requests().size() == messages);

            for (int ticket = 0; ticket < 3; ticket++) {
                int rest = ticket;
                List<String> expected = IntStream.range(0, messages)
                        .filter(i -> i % 3 == rest)
                        .mapToObj(Integer::toString)
                        .toList();
                assertThat(helpDesk.requests().stream()
                                .filter(request -> request.ticket().equals("LF-00000" + rest))
                                .map(request -> request.form().get("subject")))
                        .containsExactlyElementsOf(expected);
            }
            await().atMost(PATIENCE).until(() -> caravan.jmsBroker().unacknowledged(QueueFixture.QUEUE) == 0);
        }
    }

    /** The broker gives each group to one of the three. */
    @ParameterizedTest
    @EnumSource
    void ofGroupsByTicketSeveralConsumersKeepTheOrder(QueueFixture.Protocol protocol) throws Exception {
        int messages = 200;
        try (Caravan caravan = fixture().with("caravan.queue.consumers", "3").start();
                QueueFixture.Client client = protocol.client(caravan)) {
            await().atMost(PATIENCE).until(() -> caravan.jmsBroker().consumers(QueueFixture.QUEUE) == 3);
            for (int i = 0; i < messages; i++) {
                TextMessage message = client.session.createTextMessage(
                        "{\"ticket\":\"LF-00000" + i % 5 + "\",\"subject\":\"" + i + "\"}");
                message.setStringProperty("JMSXGroupID", "LF-00000" + i % 5);
                client.send(message);
            }
            await().atMost(PATIENCE).until(() -> helpDesk.requests().size() == messages);

            for (int ticket = 0; ticket < 5; ticket++) {
                int rest = ticket;
                assertThat(helpDesk.requests().stream()
                                .filter(request -> request.ticket().equals("LF-00000" + rest))
                                .map(request -> request.form().get("subject")))
                        .containsExactlyElementsOf(IntStream.range(0, messages)
                                .filter(i -> i % 5 == rest)
                                .mapToObj(Integer::toString)
                                .toList());
            }
            await().atMost(PATIENCE).until(() -> caravan.jmsBroker().unacknowledged(QueueFixture.QUEUE) == 0);
        }
    }

    /** In any case, as it is spelt, and as AMQP and Camel spell it. */
    @ParameterizedTest
    @EnumSource
    void propertiesSteerNothingWhateverTheyAreCalled(QueueFixture.Protocol protocol) throws Exception {
        try (Caravan caravan = fixture()
                        .with("caravan.queue.results", "ticket.results")
                        .start();
                QueueFixture.Client client = protocol.client(caravan)) {
            TextMessage message =
                    client.session.createTextMessage("{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}");
            for (String name : List.of(
                    "CamelHttpUri",
                    "camelhttpuri",
                    "CAMELHTTPURI",
                    "CamelHttpMethod",
                    "CamelHttpQuery",
                    "CamelJmsDestinationName",
                    "camelJmsDestinationName",
                    "CAMELJMSDESTINATION",
                    "org_apache_camel_x",
                    "givenUp",
                    "queueBatch",
                    "jmsWindow",
                    "X_Auth_Token",
                    "Host",
                    "Authorization")) {
                message.setStringProperty(name, "http://127.0.0.1:1/elsewhere");
            }
            MessageConsumer results = client.consumer("ticket.results");

            assertThat(QueueFixture.Client.receive(client.ask(message)).getText())
                    .contains("\"outcome\":\"applied\"");

            TextMessage result = QueueFixture.Client.receive(results);
            assertThat(result.getText()).contains("\"outcome\":\"applied\"");
            assertThat(helpDesk.requests()).hasSize(1);
            ScriptedServer.Request request = helpDesk.requests().get(0);
            assertThat(request.line()).isEqualTo("POST /api/v2/tickets/update HTTP/1.1");
            assertThat(request.form()).containsOnlyKeys("ticket", "status");
            assertThat(String.join("\n", request.head())).doesNotContain("elsewhere");
            await().atMost(PATIENCE).until(() -> caravan.jmsBroker().unacknowledged(QueueFixture.QUEUE) == 0);
        }
    }

    @Test
    void onALedgerInPostgresqlItIsTheSame() throws Exception {
        QueueFixture fixture = fixture()
                .with("caravan.ledger.url", LedgerDatabase.POSTGRESQL.fresh(folder))
                .with("caravan.queue.results", "ticket.results");
        String other = "{\"ticket\":\"LF-616004\",\"status\":\"New\"}";
        try (Caravan caravan = fixture.start();
                QueueFixture.Client client = QueueFixture.Protocol.CORE.client(caravan)) {
            List<String> answers = new ArrayList<>();
            for (String json : List.of(UPDATE, UPDATE, other, "[" + UPDATE + ",{\"ticket\":\"\"}]")) {
                TextMessage message = client.session.createTextMessage(json);
                message.setStringProperty("caravan_id", json.startsWith("[") ? "two" : "one");
                answers.add(QueueFixture.Client.receive(client.ask(message)).getText());
            }
            assertThat(answers.get(0)).contains("\"outcome\":\"applied\"");
            assertThat(answers.get(1)).isEqualTo(answers.get(0));
            assertThat(answers.get(2)).contains("\"outcome\":\"invalid\"", "is known with other content");
            assertThat(answers.get(3)).contains("\"outcome\":\"applied\"", "\"outcome\":\"invalid\"");
            assertThat(helpDesk.requests()).hasSize(2);
            assertThat(caravan.ledger().deadLetters().list(DeadLetterFilter.inStates(Set.of())))
                    .hasSize(2);
            await().atMost(PATIENCE).until(() -> caravan.jmsBroker().unacknowledged(QueueFixture.QUEUE) == 0);
        }
    }

    private static final String HALF_A_PAIR = "{\"ticket\":\"LF-616004\",\"subject\":\"half of \ud83d\"}";

    @Test
    void textThatNoUtf8CanHoldIsInvalid() throws Exception {
        try (Caravan caravan = fixture().start();
                QueueFixture.Client client = QueueFixture.Protocol.CORE.client(caravan)) {
            assertThat(QueueFixture.Client.receive(client.ask(HALF_A_PAIR)).getText())
                    .contains("\"outcome\":\"invalid\"", "half of a surrogate pair");
            await().atMost(PATIENCE).until(() -> caravan.jmsBroker().unacknowledged(QueueFixture.QUEUE) == 0);
            assertThat(helpDesk.requests()).isEmpty();
        }
    }

    /** Artemis could not translate it for us, and would try for ever. */
    @Test
    void overAmqpSuchTextIsNotTakenInAndTheQueueGoesOn() throws Exception {
        try (Caravan caravan = fixture().start();
                LogLines log = new LogLines();
                QueueFixture.Client client = QueueFixture.Protocol.AMQP.client(caravan)) {
            assertThatThrownBy(() -> client.send(HALF_A_PAIR))
                    .isInstanceOf(JMSException.class)
                    .hasMessageContaining("the message cannot be read");

            assertThat(QueueFixture.Client.receive(client.ask(UPDATE)).getText())
                    .contains("\"outcome\":\"applied\"");
            assertThat(log.lines()).singleElement().asString().contains("not taken in, and its sender is told");
            assertThat(helpDesk.requests()).hasSize(1);
        }
    }

    @Test
    void theIdOfSuchAMessageAddsNoLineToTheLog() throws Exception {
        try (Caravan caravan = fixture().start();
                LogLines log = new LogLines()) {
            JmsConnectionFactory factory = new JmsConnectionFactory(
                    "amqp://127.0.0.1:" + caravan.jmsBroker().port("amqp"));
            factory.setMessageIDPolicy(ids("1\n2026-11-25T13:00:00Z WARN \u001b[31mforged"));
            try (QueueFixture.Client client = new QueueFixture.Client(factory)) {
                assertThatThrownBy(() -> client.send(HALF_A_PAIR)).isInstanceOf(JMSException.class);
            }
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("forged", "not taken in")
                    .doesNotContain("\n", "\u001b");
        }
    }

    private static JmsMessageIDPolicy ids(String all) {
        return new JmsMessageIDPolicy() {
            @Override
            public JmsMessageIDPolicy copy() {
                return this;
            }

            @Override
            public JmsMessageIDBuilder getMessageIDBuilder(JmsSession session, JmsDestination destination) {
                return (producer, number) -> all;
            }
        };
    }

    @Test
    void withoutACorrelationIdTheAnswerHasTheMessagesOwn() throws Exception {
        try (Caravan caravan = fixture().start();
                QueueFixture.Client client = QueueFixture.Protocol.CORE.client(caravan)) {
            TextMessage message = client.session.createTextMessage("[]");
            MessageConsumer answers = client.ask(message);

            TextMessage answer = QueueFixture.Client.receive(answers);

            assertThat(answer.getJMSCorrelationID()).isEqualTo(message.getJMSMessageID());
            assertThat(answer.getText()).contains("\"outcome\":\"invalid\"", "the array is empty");
        }
    }
}
