package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.KafkaBroker;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka that speaks TLS, and lets in only whom it knows (SASL PLAIN). */
@Timeout(120)
class KafkaSecurityTest {

    private static final String TOPIC = "ticket.updates";
    private static final String RESULTS = "ticket.results";
    private static final String GROUP = "ticket-caravan";
    private static final String PASSWORD = "let \"me\\ in; please";

    @TempDir
    private static Path shared;

    private static KafkaBroker broker;
    private static Path store;

    @TempDir
    private Path folder;

    private ScriptedServer helpDesk;
    private final Map<String, String> settings = new HashMap<>();

    @BeforeAll
    static void startBroker() throws Exception {
        store = SelfSigned.store(shared);
        broker = KafkaBroker.startSecured(shared.resolve("kafka"), store, SelfSigned.PASSWORD, "caravan", PASSWORD);
        broker.createTopic(TOPIC, 1);
        broker.createTopic(RESULTS, 1);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void start() throws Exception {
        helpDesk = new ScriptedServer(request -> ScriptedServer.APPLIED);
        settings.putAll(Map.of(
                "caravan.endpoint.url",
                helpDesk.url().toString(),
                "caravan.queue.kind",
                "kafka",
                "caravan.queue.url",
                broker.secureAddress(),
                "caravan.queue.results",
                RESULTS,
                "caravan.queue.user",
                "caravan",
                "caravan.queue.password",
                PASSWORD,
                "caravan.queue.tls",
                "enabled",
                "caravan.queue.tls.trust-store",
                store.toString(),
                "caravan.queue.tls.trust-store-password",
                SelfSigned.PASSWORD,
                "caravan.notify.uri",
                "file:" + folder.resolve("notes") + "?fileExist=Append&fileName=notes.txt"));
    }

    @AfterEach
    void stop() {
        helpDesk.close();
    }

    private Settings settings() {
        return Settings.of(new Values(Map.of(), Map.of(), settings), folder);
    }

    private Caravan caravan() {
        return Caravan.start(settings(), Caravan.Mode.RUN, CaravanFixture.ROUTES, Map.of(), Clock.systemUTC(), "test");
    }

    private String check() throws InterruptedException {
        return new KafkaCheck(settings().queue()).find();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    @Test
    void whoIsKnownReadsMessagesAndWritesAnswersOverTls() throws Exception {
        broker.send(TOPIC, "LF-616004", "{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}");
        try (Caravan caravan = caravan()) {
            soon().until(() -> broker.committed(GROUP, TOPIC) == 1);
            assertThat(caravan.stopped()).isNull();
        }

        assertThat(helpDesk.requests()).hasSize(1);
        assertThat(broker.records(RESULTS))
                .singleElement()
                .satisfies(answer -> assertThat(new String(answer.value(), StandardCharsets.UTF_8))
                        .contains("\"outcome\":\"applied\""));
        assertThat(check()).contains("topic " + TOPIC + " with 1 partition");
    }

    @Test
    void whoIsNotIsToldByDoctorAndByRunWithoutThePassword() throws Exception {
        settings.put("caravan.queue.password", "guessed");

        assertThatThrownBy(this::check)
                .isInstanceOf(KafkaException.class)
                .hasMessageStartingWith("Kafka at " + broker.secureAddress() + " does not let us in")
                .hasMessageContaining("caravan.queue.password")
                .hasMessageNotContaining("guessed");

        Path notes = folder.resolve("notes/notes.txt");
        try (Caravan caravan = caravan()) {
            soon().until(() -> Files.exists(notes) && !Files.readString(notes).isEmpty());
            assertThat(caravan.stopped()).isNull();
        }
        assertThat(Files.readString(notes))
                .startsWith("Kafka at " + broker.secureAddress())
                .contains("uthentication")
                .doesNotContain("guessed");
    }

    @Test
    void aBrokerWhoseCertificateNobodyVouchesForIsNotTrusted() {
        settings.keySet().removeAll(List.of("caravan.queue.tls.trust-store", "caravan.queue.tls.trust-store-password"));

        assertThatThrownBy(this::check)
                .isInstanceOf(KafkaException.class)
                .hasMessageStartingWith("Kafka at " + broker.secureAddress())
                .hasMessageContaining("caravan.queue.tls");
    }
}
