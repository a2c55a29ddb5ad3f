package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import jakarta.jms.MessageConsumer;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers to reply-to and results, dead letters on a queue of their own, and what is known already. */
class JmsAnswersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String DEAD = "ticket.updates.dead";
    private static final String UPDATE = "{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}";

    @TempDir
    private Path folder;

    private volatile String helpDeskSays = ScriptedServer.APPLIED;
    private ScriptedServer helpDesk;

    @BeforeEach
    void listen() throws Exception {
        helpDesk = new ScriptedServer(request -> helpDeskSays);
    }

    @AfterEach
    void close() {
        helpDesk.close();
    }

    private QueueFixture fixture() {
        return new QueueFixture(folder, helpDesk.url())
                .with("caravan.queue.results", "ticket.results")
                .with("caravan.dead-letter.forward", DEAD);
    }

    @ParameterizedTest
    @EnumSource
    void everyAnswerGoesToTheResultsToo(QueueFixture.Protocol protocol) throws Exception {
        try (Caravan caravan = fixture().start();
                QueueFixture.Client client = protocol.client(caravan)) {
            TextMessage message = client.session.createTextMessage("[" + UPDATE + "," + "{\"ticket\":7,\"stats\":1}]");
            message.setJMSCorrelationID("17");
            client.send(message);

            TextMessage result = QueueFixture.Client.receive(client.consumer("ticket.results"));

            assertThat(result.getJMSCorrelationID()).isEqualTo("17");
            assertThat(result.getStringProperty("caravan_message_id")).isEqualTo(message.getJMSMessageID());
            JsonNode answers = new ObjectMapper().readTree(result.getText());
            assertThat(answers).hasSize(2);
            assertThat(answers.get(0).path("outcome").asText()).isEqualTo("applied");
            assertThat(answers.get(1).path("outcome").asText()).isEqualTo("invalid");
            assertThat(answers.get(1).path("errors").path("stats").path(0).asText())
                    .contains("the nearest is status");
            assertThat(helpDesk.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeadLetterSaysOnItsQueueWhereItComesFromAndMovedBackItIsReplayed(QueueFixture.Protocol protocol)
            throws Exception {
        helpDeskSays = ScriptedServer.json(422, "{\"errors\":{\"status_id\":[\"can't be blank\"]}}");
        try (Caravan caravan = fixture().start();
                QueueFixture.Client client = protocol.client(caravan)) {
            MessageConsumer dead = client.consumer(DEAD);
            client.send("{\"ticket\":\"OC-820409\",\"status\":\"New\"}");
            QueueFixture.Client.receive(dead);
            String id = client.send(UPDATE).getJMSMessageID();

            TextMessage letter = QueueFixture.Client.receive(dead);

            assertThat(letter.getStringProperty("caravan_name")).isEqualTo(QueueFixture.QUEUE);
            assertThat(letter.getStringProperty("caravan_message_id")).isEqualTo(id);
            assertThat(letter.getStringProperty("caravan_status")).isEqualTo("422");
            assertThat(letter.getStringProperty("caravan_reason")).isEqualTo("status_id can't be blank");
            assertThat(letter.getStringProperty("caravan_position")).isEqualTo("1");
            JsonNode json = new ObjectMapper().readTree(letter.getText());
            assertThat(json.path("ticket").asText()).isEqualTo("LF-616004");
            assertThat(json.path("original").asText()).isEqualTo(UPDATE);
            assertThat(json.path("origin").path("message_id").asText()).isEqualTo(id);
            assertThat(letters(caravan)).extracting(DeadLetter::state).containsExactly("open", "open");

            helpDeskSays = ScriptedServer.APPLIED;
            helpDesk.forget();
            TextMessage again = QueueFixture.Client.receive(client.ask(letter.getText()));

            assertThat(again.getText()).contains("\"ticket\":\"LF-616004\",\"outcome\":\"applied\"");
            assertThat(helpDesk.requests()).hasSize(1);
            assertThat(helpDesk.requests().get(0).form()).containsEntry("status", "Resolved");
            assertThat(letters(caravan))
                    .filteredOn(each -> each.id().equals(json.path("id").asText()))
                    .extracting(DeadLetter::state)
                    .containsExactly("applied");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKnownCaravanIdIsNotSentAgainButAnsweredAgainAndOtherContentIsInvalid(QueueFixture.Protocol protocol)
            throws Exception {
        try (Caravan caravan = fixture().start();
                QueueFixture.Client client = protocol.client(caravan)) {
            TextMessage first = client.session.createTextMessage(UPDATE);
            first.setStringProperty("caravan_id", "order 17");
            String answer = QueueFixture.Client.receive(client.ask(first)).getText();
            TextMessage again = client.session.createTextMessage(UPDATE);
            again.setStringProperty("caravan_id", "order 17");
            TextMessage other = client.session.createTextMessage("{\"ticket\":\"LF-616004\",\"status\":\"New\"}");
            other.setStringProperty("caravan_id", "order 17");

            assertThat(QueueFixture.Client.receive(client.ask(again)).getText()).isEqualTo(answer);
            assertThat(QueueFixture.Client.receive(client.ask(other)).getText())
                    .contains("\"outcome\":\"invalid\"", "'order 17' is known with other content");
            assertThat(helpDesk.requests()).hasSize(1);
        }
    }

    /** The same text, of two updates in JSON and of four lines. Those that are too many would be another message's. */
    @Test
    void underAKnownCaravanIdTheSameTextOfAnotherTypeIsOtherContent() throws Exception {
        try (Caravan caravan = fixture().start();
                QueueFixture.Client client = QueueFixture.Protocol.CORE.client(caravan)) {
            String array = "[\n" + UPDATE + ",\n" + UPDATE + "\n]";
            TextMessage first = client.session.createTextMessage(array);
            first.setStringProperty("caravan_id", "order 17");
            assertThat(QueueFixture.Client.receive(client.ask(first)).getText()).contains("applied");

            for (int times = 0; times < 2; times++) {
                TextMessage lines = client.session.createTextMessage(array);
                lines.setStringProperty("caravan_id", "order 17");
                lines.setStringProperty("Content_Type", "application/x-ndjson");
                JsonNode answers = new ObjectMapper()
                        .readTree(QueueFixture.Client.receive(client.ask(lines)).getText());

                assertThat(answers)
                        .hasSize(4)
                        .allSatisfy(answer -> assertThat(answer.toString())
                                .contains("\"outcome\":\"invalid\"", "'order 17' is known with other content"));
            }
            assertThat(helpDesk.requests()).hasSize(2);
        }
    }

    @Test
    void twoMessagesOfOneCaravanIdInOneWindowAreCarriedOutOnce() throws Exception {
        QueueFixture fixture = fixture();
        try (EmbeddedBroker broker = QueueFixture.broker(folder.resolve("broker"), 0, 0)) {
            int port = broker.port("core");
            try (QueueFixture.Client client = new QueueFixture.Client(QueueFixture.Protocol.CORE.factory(port))) {
                MessageConsumer results = client.consumer("ticket.results");
                for (int i = 0; i < 2; i++) {
                    TextMessage message = client.session.createTextMessage(UPDATE);
                    message.setStringProperty("caravan_id", "twice");
                    client.send(message);
                }
                try (Caravan caravan = fixture.with("caravan.queue.kind", "jms")
                        .with("caravan.queue.url", "tcp://127.0.0.1:" + port)
                        .start()) {
                    String one = QueueFixture.Client.receive(results).getText();

                    assertThat(QueueFixture.Client.receive(results).getText()).isEqualTo(one);
                    assertThat(helpDesk.requests()).hasSize(1);
                    assertThat(letters(caravan)).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReplyToThatIsGoneBlocksNobody(QueueFixture.Protocol protocol) throws Exception {
        try (Caravan caravan = fixture().start();
                QueueFixture.Client client = protocol.client(caravan)) {
            CountDownLatch answer = new CountDownLatch(1);
            helpDesk.script(request -> {
                awaitQuietly(answer);
                return ScriptedServer.APPLIED;
            });
            try (QueueFixture.Client gone = protocol.client(caravan)) {
                gone.ask(UPDATE);
                await().atMost(PATIENCE).until(() -> helpDesk.requests().size() == 1);
            }
            answer.countDown();

            TextMessage next = QueueFixture.Client.receive(client.ask(UPDATE));

            assertThat(next.getText()).contains("\"outcome\":\"applied\"");
            assertThat(helpDesk.requests()).hasSize(2);
            await().atMost(PATIENCE).until(() -> caravan.jmsBroker().unacknowledged(QueueFixture.QUEUE) == 0);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<DeadLetter> letters(Caravan caravan) throws Exception {
        return caravan.ledger().deadLetters().list(DeadLetterFilter.inStates(Set.of()));
    }
}
