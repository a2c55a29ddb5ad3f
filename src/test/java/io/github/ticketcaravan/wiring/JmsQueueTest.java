package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.MessageConsumer;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The embedded broker, with programs that speak Artemis' own protocol and AMQP 1.0 to it. */
class JmsQueueTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

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
