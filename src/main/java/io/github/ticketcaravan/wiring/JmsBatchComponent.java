package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;

/**
 * The endpoint {@code jms-batch:QUEUE}, for routes to begin with: windows of messages, each window acknowledged when
 * its exchange has ended well.
 */
final class JmsBatchComponent extends DefaultComponent {

    private final JmsBroker broker;
    private final Delivery delivery;
    private final Announcements announcements;
    private final int window;

    /** @param window messages to take at once, at most */
    JmsBatchComponent(JmsBroker broker, Delivery delivery, Announcements announcements, int window) {
        this.broker = broker;
        this.delivery = delivery;
        this.announcements = announcements;
        this.window = window;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String queue, Map<String, Object> parameters) {
        return new JmsBatchEndpoint(uri, queue);
    }

    private final class JmsBatchEndpoint extends DefaultEndpoint {

        private final String queue;

        JmsBatchEndpoint(String uri, String queue) {
            super(uri, JmsBatchComponent.this);
            this.queue = queue;
        }

        @Override
        public Producer createProducer() {
            throw new UnsupportedOperationException("jms-batch can only be read from; to send, use jms:queue:" + queue);
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            return new JmsBatchConsumer(this, processor, broker, queue, delivery, announcements, window);
        }
    }
}
