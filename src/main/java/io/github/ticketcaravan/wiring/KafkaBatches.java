package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.queue.QueueMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommit;
import org.apache.camel.support.DefaultMessage;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of the routes {@code queue-kafka...} around {@link QueueBatches}. Safe for several threads. */
public final class KafkaBatches {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaBatches.class);
    private static final String BATCH = "kafkaBatch";
    private static final String CORRELATION_ID = "correlation-id";

    private final Delivery delivery;
    private final int maxSize;

    KafkaBatches(Delivery delivery, int maxSize) {
        this.delivery = delivery;
        this.maxSize = maxSize;
    }

    /** The records of one poll as messages, in their order. */
    public List<QueueMessage> take(@Body List<Exchange> records, Exchange exchange) {
        KafkaBatch batch = source(records.get(0)).latest();
        exchange.setProperty(BATCH, batch);
        BooleanSupplier givenUp = () -> !batch.mayBeSent();
        exchange.setProperty(QueueBatches.GIVEN_UP, givenUp);
        return records.stream().map(record -> message(record.getMessage())).toList();
    }

    private static KafkaSource source(Exchange record) {
        DefaultKafkaManualCommit commit = Objects.requireNonNull(
                record.getMessage().getHeader(KafkaConstants.MANUAL_COMMIT, DefaultKafkaManualCommit.class));
        return (KafkaSource) commit.getCamelExchangePayload().consumer;
    }

    private QueueMessage message(Message record) {
        String partition = String.valueOf(record.getHeader(KafkaConstants.PARTITION));
        String offset = String.valueOf(record.getHeader(KafkaConstants.OFFSET));
        Map<String, String> origin = new LinkedHashMap<>();
        origin.put("partition", partition);
        origin.put("offset", offset);
        String key = record.getHeader(KafkaConstants.KEY, String.class);
        if (key != null) {
            origin.put("key", key);
        }
        byte[] value = record.getBody() instanceof byte[] bytes ? bytes : new byte[0];
        boolean tooLarge = value.length > maxSize;
        Headers headers = Objects.requireNonNull(record.getHeader(KafkaConstants.HEADERS, Headers.class));
        // A topic that was deleted and made again counts from 0 again, but not at the same time.
        String id = partition + "-" + offset + "-" + record.getHeader(KafkaConstants.TIMESTAMP);
        return new QueueMessage(
                id,
                text(headers, QueueMessages.CARAVAN_ID),
                String.valueOf(record.getHeader(KafkaConstants.TOPIC)),
                tooLarge ? Arrays.copyOf(value, maxSize) : value,
                tooLarge ? QueueMessages.tooLarge(maxSize) : null,
                text(headers, "content-type"),
                text(headers, CORRELATION_ID),
                null,
                text(headers, QueueMessages.DEAD_LETTER),
                origin);
    }

    /** The last of that name, as Kafka has it. */
    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** What Kafka's component takes for records of their own: each answer, with the key of its message. */
    public List<Message> answers(@Body List<QueueAnswer> answers, Exchange exchange) {
        return answers.stream().map(answer -> record(answer, exchange)).toList();
    }

    private static Message record(QueueAnswer answer, Exchange exchange) {
        Message record = new DefaultMessage(exchange.getContext());
        record.setBody(answer.json());
        record.setHeader(CORRELATION_ID, answer.correlationId());
        String caravanId = answer.message().caravanId();
        if (caravanId != null) {
            record.setHeader(QueueMessages.CARAVAN_ID, caravanId);
        }
        String key = answer.message().origin().get("key");
        if (key != null) {
            record.setHeader(KafkaConstants.KEY, key);
        }
        return record;
    }

    /** Where not all of a batch could be handed over, the next must not be: it may change the same tickets. */
    public void handedOver(
            @ExchangeProperty(BATCH) KafkaBatch batch, @ExchangeProperty(QueueBatches.PROPERTY) QueueBatch updates) {
        if (updates.isInterrupted()) {
            batch.giveUp();
        }
    }

    /** Each update in it has its outcome, so that nothing of it is sent any more. */
    public void settled(@ExchangeProperty(BATCH) KafkaBatch batch) {
        batch.settled();
    }

    /** Each of its messages has its outcomes and its answer: it may be committed. */
    public void done(@ExchangeProperty(BATCH) KafkaBatch batch) {
        batch.done();
    }

    /** It ended without: it is read again. */
    public void left(
            @ExchangeProperty(BATCH) KafkaBatch batch, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause) {
        boolean isOrdinary = cause instanceof DeliveryStopped || !batch.mayBeSent();
        if (!isOrdinary) {
            LOG.warn(
                    "Messages of Kafka could not be carried out or answered, and are read again: {}",
                    RouteCheck.because(cause));
        }
        delivery.stopIfBroken(cause);
        batch.left();
    }
}
