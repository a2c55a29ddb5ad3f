package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.Messages;
import jakarta.jms.BytesMessage;
import jakarta.jms.MessageConsumer;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.apache.qpid.jms.JmsDestination;
import org.apache.qpid.jms.JmsSession;
import org.apache.qpid.jms.message.JmsMessage;
import org.apache.qpid.jms.message.JmsMessageIDBuilder;
import org.apache.qpid.jms.policy.JmsMessageIDPolicy;
import org.apache.qpid.jms.provider.amqp.message.AmqpJmsMessageFacade;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages of programs that know AMQP 1.0 and nothing of JMS: names with hyphens, IDs and properties of any type. */
@SuppressWarnings("try") // Nothing is asked of what runs by itself.
class JmsForeignMessageTest {

    private static final String UPDATE = "{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}";
    private static final String RESULTS = "ticket.results";
    private static final UUID NUMBER = UUID.fromString("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");

    @TempDir
    private Path folder;

    private ScriptedServer helpDesk;
    private StrictBroker broker;

    @BeforeEach
    void listen() throws Exception {
        helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
        broker = new StrictBroker(QueueFixture.QUEUE, RESULTS);
    }

    @AfterEach
    void close() {
        broker.close();
        helpDesk.close();
    }

    private Caravan reading(QueueFixture.Protocol ours) {
        boolean core = ours == QueueFixture.Protocol.CORE;
        return new QueueFixture(folder, helpDesk.url())
                .with("caravan.queue.kind", core ? "jms" : "amqp")
                .with(
                        "caravan.queue.url",
                        core ? "tcp://127.0.0.1:" + broker.port("core") : "amqp://127.0.0.1:" + broker.port("amqp"))
                .with("caravan.queue.user", StrictBroker.USER)
                .with("caravan.queue.password", StrictBroker.PASSWORD)
                .with("caravan.queue.results", RESULTS)
                .start();
    }

    /** A program that gives its messages these IDs. */
    private QueueFixture.Client sender(Object id) throws Exception {
        JmsConnectionFactory factory = new JmsConnectionFactory(
                "amqp://127.0.0.1:" + broker.port("amqp") + "?jms.validatePropertyNames=false");
        factory.setMessageIDPolicy(new JmsMessageIDPolicy() {
            @Override
            public JmsMessageIDPolicy copy() {
                return this;
            }

            @Override
            public JmsMessageIDBuilder getMessageIDBuilder(JmsSession session, JmsDestination destination) {
                return (producer, number) -> id;
            }
        });
        return new QueueFixture.Client(factory, StrictBroker.USER, StrictBroker.PASSWORD);
    }

    private static AmqpJmsMessageFacade onTheWire(jakarta.jms.Message message) {
        return (AmqpJmsMessageFacade) ((JmsMessage) message).getFacade();
    }

    @ParameterizedTest
    @EnumSource
    void theSendersIdMakesSendingTwiceHarmlessWhateverItsNameAndType(QueueFixture.Protocol ours) throws Exception {
        List<Object> values = new ArrayList<>(List.of(
                "order 17",
                18,
                19L,
                true,
                UnsignedInteger.valueOf(20),
                UnsignedLong.valueOf(21),
                Symbol.valueOf("order-22"),
                new Binary("order 23".getBytes(StandardCharsets.UTF_8)),
                new Binary(new byte[] {24, (byte) 0xfe})));
        if (ours == QueueFixture.Protocol.AMQP) {
            // Artemis cannot translate it to its own protocol.
            values.add(NUMBER);
        }
        try (Caravan caravan = reading(ours);
                QueueFixture.Client client = sender(null)) {
            MessageConsumer results = client.consumer(RESULTS);
            for (int i = 0; i < values.size(); i++) {
                for (String name : List.of("caravan-id", "caravan_id")) {
                    TextMessage message = client.session.createTextMessage(UPDATE);
                    onTheWire(message).setApplicationProperty(name, values.get(i));
                    client.send(message);
                    assertThat(QueueFixture.Client.receive(results).getText()).contains("\"outcome\":\"applied\"");
                }
                assertThat(helpDesk.requests()).as("" + values.get(i)).hasSize(i + 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theContentTypeDecidesThatLinesAreRead(QueueFixture.Protocol ours) throws Exception {
        try (Caravan caravan = reading(ours);
                QueueFixture.Client client = sender(null)) {
            MessageConsumer results = client.consumer(RESULTS);
            BytesMessage message = client.session.createBytesMessage();
            message.writeBytes("rubbish\nmore of it".getBytes(StandardCharsets.UTF_8));
            onTheWire(message).setContentType(Symbol.valueOf("application/x-ndjson"));
            client.send(message);

            assertThat(QueueFixture.Client.receive(results).getText())
                    .as("an answer for each line")
                    .startsWith("[")
                    .contains("rubbish", "more of it");
        }
    }

    /** IDs of each type, and how a program that sent one would write it. */
    private static Map<Object, String> ids() {
        Map<Object, String> ids = new LinkedHashMap<>();
        ids.put("order 17", "order 17");
        ids.put("ID:order 17", "ID:order 17");
        ids.put("ID:AMQP_NO_PREFIX:17", "ID:AMQP_NO_PREFIX:17");
        ids.put(NUMBER, NUMBER.toString());
        ids.put(UnsignedLong.valueOf(17), "17");
        ids.put(new Binary(new byte[] {1, (byte) 0xfe}), "01FE");
        return ids;
    }

    @ParameterizedTest
    @EnumSource
    void answersLogAndDeadLettersNameAMessageAsItsSenderDoes(QueueFixture.Protocol ours) throws Exception {
        try (Caravan caravan = reading(ours);
                LogLines log = new LogLines()) {
            for (Map.Entry<Object, String> id : ids().entrySet()) {
                String name = id.getValue();
                try (QueueFixture.Client client = sender(id.getKey())) {
                    TextMessage message = client.session.createTextMessage("[]");

                    TextMessage answer = QueueFixture.Client.receive(client.ask(message));

                    assertThat(answer.getStringProperty("caravan_message_id")).isEqualTo(name);
                    assertThat(QueueFixture.Client.receive(client.consumer(RESULTS))
                                    .getStringProperty("caravan_message_id"))
                            .isEqualTo(name);
                    assertThat(answer.getJMSCorrelationID())
                            .as("the sender's ID in its type")
                            .isEqualTo(message.getJMSMessageID().replaceFirst("^ID:AMQP_NO_PREFIX:", ""));
                    assertThat(log.linesWith("message " + name + ":")).hasSize(1);
                }
            }
            assertThat(caravan.ledger().deadLetters().list(DeadLetterFilter.inStates(Set.of())))
                    .extracting(letter -> letter.origin().get("message_id"))
                    .containsExactlyInAnyOrderElementsOf(ids().values());
        }
    }

    /** Else what is in flight while a newer version is installed would be carried out twice. */
    @ParameterizedTest
    @EnumSource
    void theLedgerKnowsMessagesByTheirNamesInJms(QueueFixture.Protocol ours) throws Exception {
        try (Caravan caravan = reading(ours);
                QueueFixture.Client client = sender("order 17")) {
            QueueFixture.Client.receive(client.ask(UPDATE));

            assertThat(caravan.ledger()
                            .messages()
                            .enter(List.of(new Messages.Message(
                                    QueueFixture.QUEUE, "ID:AMQP_NO_PREFIX:order 17", "", 1, Map.of()))))
                    .singleElement()
                    .extracting(Messages.Entry::isNew)
                    .isEqualTo(false);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCorrelationIdComesBackInItsType(QueueFixture.Protocol ours) throws Exception {
        try (Caravan caravan = reading(ours);
                QueueFixture.Client client = sender(null)) {
            for (Object id : ids().keySet()) {
                TextMessage message = client.session.createTextMessage(UPDATE);
                AmqpJmsMessageFacade facade = onTheWire(message);
                facade.setProviderMessageIdObject(id);
                // JMS' name for it tells the type.
                message.setJMSCorrelationID(facade.getMessageId());

                TextMessage answer = QueueFixture.Client.receive(client.ask(message));

                assertThat(answer.getJMSCorrelationID()).isEqualTo(message.getJMSCorrelationID());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeadLettersIdIsReadWhateverItsType(QueueFixture.Protocol ours) throws Exception {
        try (Caravan caravan = reading(ours);
                QueueFixture.Client client = sender(null)) {
            MessageConsumer results = client.consumer(RESULTS);
            client.send("[]");
            assertThat(QueueFixture.Client.receive(results).getText()).contains("\"outcome\":\"invalid\"");
            DeadLetter letter = caravan.ledger()
                    .deadLetters()
                    .list(DeadLetterFilter.inStates(Set.of()))
                    .get(0);
            TextMessage replay = client.session.createTextMessage(UPDATE);
            onTheWire(replay).setApplicationProperty("caravan_dead_letter", Symbol.valueOf(letter.id()));
            client.send(replay);

            assertThat(QueueFixture.Client.receive(results).getText()).contains("\"outcome\":\"applied\"");
            assertThat(caravan.ledger().deadLetters().list(DeadLetterFilter.inStates(Set.of())))
                    .singleElement()
                    .extracting(DeadLetter::state)
                    .hasToString("applied");
        }
    }
}
