package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.settings.Settings;
import java.util.Map;

/**
 * All that speaks Jakarta Messaging, in one place that is not looked at unless a queue of that kind is configured: its
 * libraries take time to load.
 */
final class JmsQueue implements AutoCloseable {

    private final JmsBroker broker;
    private final Map<String, Object> beans;

    private JmsQueue(JmsBroker broker, Map<String, Object> beans) {
        this.broker = broker;
        this.beans = beans;
    }

    static JmsQueue open(Settings settings, Delivery delivery, Announcements announcements) {
        int window = settings.delivery().window();
        JmsBroker broker = JmsBroker.of(settings.queue(), settings.data(), window, announcements::warn);
        return new JmsQueue(
                broker,
                Map.of(
                        "jms", broker.component(),
                        "jms-batch", new JmsBatchComponent(broker, delivery, announcements, window),
                        "jmsAnswers", new JmsAnswers()));
    }

    /** What the routes find by name. */
    Map<String, Object> beans() {
        return beans;
    }

    JmsBroker broker() {
        return broker;
    }

    @Override
    public void close() {
        broker.close();
    }
}
