package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ticketcaravan.KafkaBroker;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code caravan doctor} finds out of a real Kafka. */
class KafkaCheckTest {

    @TempDir
    private static Path folder;

    private static KafkaBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(folder);
        broker.createTopic("ticket.updates", 6);
        broker.createTopic("one", 1);
        broker.createTopic("ticket.results", 1);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static KafkaCheck check(String... settings) {
        Map<String, String> all =
                new HashMap<>(Map.of("caravan.queue.kind", "kafka", "caravan.queue.url", broker.address()));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new KafkaCheck(
                Settings.of(new Values(Map.of(), Map.of(), all), folder).queue());
    }

    @Test
    void itTellsTheTopicItsPartitionsTheResultsAndTheGroup() throws Exception {
        assertThat(check("caravan.queue.results", "ticket.results").find())
                .isEqualTo("Kafka at " + broker.address() + ", topic ticket.updates with 6 partitions,"
                        + " results to ticket.results, group ticket-caravan, which begins with the first consumer");
    }

    @Test
    void moreConsumersThanPartitionsAreTold() throws Exception {
        assertThat(check("caravan.queue.name", "one", "caravan.queue.consumers", "3")
                        .find())
                .contains("topic one with 1 partition,")
                .contains("more consumers (3) than partitions: the rest of them idles");
    }

    @Test
    void aMissingTopicIsNamedWithItsKeyAndTheRemedy() {
        assertThatThrownBy(() -> check("caravan.queue.name", "missing").find())
                .isInstanceOf(KafkaException.class)
                .hasMessageStartingWith("Kafka at " + broker.address() + " has no topic missing: create it")
                .hasMessageContaining("caravan.queue.name");
        assertThatThrownBy(() -> check("caravan.queue.results", "nowhere").find())
                .hasMessageContaining("has no topic nowhere")
                .hasMessageContaining("caravan.queue.results");
    }

    @Test
    void aBrokerThatIsAwayIsToldInOneSentenceWithTheRemedy() {
        assertThatThrownBy(() -> check("caravan.queue.url", "127.0.0.1:9").find())
                .isInstanceOf(KafkaException.class)
                .hasMessageStartingWith("Kafka at 127.0.0.1:9 cannot be reached (")
                .hasMessageContaining("check caravan.queue.url")
                .hasMessageNotContainingAny("\n", "Exception");
    }

    @Test
    void anAddressThatIsNoneIsTold() {
        assertThatThrownBy(() ->
                        check("caravan.queue.url", "no-such-host.invalid:9092").find())
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("caravan.queue.url");
    }
}
