package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How queues and topics are addressed, by what the broker says of itself. */
class AmqpAddressTest {

    @ParameterizedTest
    @CsvSource({
        ", , NAME",
        "apache-activemq-artemis, 2.55.0, NAME",
        "RabbitMQ, 3.10.8, RABBITMQ_3",
        "RabbitMQ, 3.13.7, RABBITMQ_3",
        "RabbitMQ, 4.0.0, RABBITMQ_4",
        "RabbitMQ, 4.2.1, RABBITMQ_4",
        "RabbitMQ, 10.0.0, RABBITMQ_4",
        "RabbitMQ, 4.3.0-beta.1, RABBITMQ_4",
        "RabbitMQ, , RABBITMQ_4",
    })
    void productAndVersionDecide(String product, String version, AmqpAddress expected) {
        assertThat(AmqpAddress.of(product, version)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "NAME, ticket.updates, ticket.updates",
        "NAME, /amq/queue/ticket.updates, /amq/queue/ticket.updates",
        "RABBITMQ_3, ticket.updates, /amq/queue/ticket.updates",
        "RABBITMQ_3, a/b%c:$d, /amq/queue/a%2Fb%c:$d",
        "RABBITMQ_3, /amq/queue/ticket.updates, /amq/queue/ticket.updates",
        "RABBITMQ_3, /queue/ticket.updates, /amq/queue/ticket.updates",
        "RABBITMQ_3, /queues/a%2Fb%25c%3A%24d, /amq/queue/a%2Fb%c:$d",
        "RABBITMQ_3, /queues/a%zz, /queues/a%zz",
        "RABBITMQ_3, /exchange/amq.direct/x, /exchange/amq.direct/x",
        "RABBITMQ_4, ticket.updates, /queues/ticket.updates",
        "RABBITMQ_4, a/b%c:$d, /queues/a%2Fb%25c%3A%24d",
        "RABBITMQ_4, Träger+1, /queues/Tr%C3%A4ger%2B1",
        "RABBITMQ_4, /queues/ticket.updates, /queues/ticket.updates",
        "RABBITMQ_4, /queues/a+b%2Fc, /queues/a%2Bb%2Fc",
        "RABBITMQ_4, /amq/queue/a%2Fb, /queues/a%2Fb",
        "RABBITMQ_4, /queue/ticket.updates, /queues/ticket.updates",
        "RABBITMQ_4, /exchanges/amq.direct/x, /exchanges/amq.direct/x",
    })
    void aQueueHasItsAddressAndOneOfTheOtherFormIsTranslated(AmqpAddress form, String name, String expected) {
        assertThat(form.ofQueue(name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "NAME, ticket.results, ticket.results",
        "RABBITMQ_3, ticket.results, /topic/ticket.results",
        "RABBITMQ_3, /exchange/amq.fanout, /exchange/amq.fanout",
        "RABBITMQ_4, ticket results, /exchanges/amq.topic/ticket%20results",
        "RABBITMQ_4, /exchanges/amq.fanout, /exchanges/amq.fanout",
    })
    void aTopicIsOfTheUsualExchange(AmqpAddress form, String name, String expected) {
        assertThat(form.ofTopic(name)).isEqualTo(expected);
    }
}
