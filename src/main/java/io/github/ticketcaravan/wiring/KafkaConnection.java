package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.QueueSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Makes Kafka's clients, and gives them what lets us in ({@code caravan.queue.url}, {@code user}, {@code password},
 * {@code tls}), so that no credential passes through Camel's configuration.
 */
final class KafkaConnection extends DefaultKafkaClientFactory {

    private static final String PLAIN = "PLAIN";

    private final QueueSettings settings;
    private final Function<Properties, Consumer<?, ?>> consumers;

    KafkaConnection(QueueSettings settings) {
        this(settings, KafkaConsumer::new);
    }

    KafkaConnection(QueueSettings settings, Function<Properties, Consumer<?, ?>> consumers) {
        this.settings = settings;
        this.consumers = consumers;
    }

    /** Camel's component {@code kafka}, which makes its clients here. */
    KafkaComponent component() {
        KafkaComponent component = new KafkaComponent();
        component.setKafkaClientFactory(this);
        component.getConfiguration().setBrokers(settings.url());
        return component;
    }

    @Override
    public Consumer<?, ?> getConsumer(Properties properties) {
        return consumers.apply(connected(properties));
    }

    @Override
    public Producer<?, ?> getProducer(Properties properties) {
        return (Producer<?, ?>) super.getProducer(connected(properties));
    }

    @Override
    public String getBrokers(KafkaConfiguration configuration) {
        return Objects.requireNonNull(settings.url());
    }

    /** For looking at topics and groups; {@code close} it. */
    Admin admin(Map<String, Object> more) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", Objects.requireNonNull(settings.url()));
        properties.putAll(more);
        return Admin.create(connected(properties));
    }

    private Properties connected(Properties properties) {
        Map<String, Object> security = new HashMap<>();
        boolean sasl = settings.user() != null;
        boolean tls = settings.tls().enabled();
        if (tls || sasl) {
            security.put("security.protocol", (sasl ? "SASL_" : "") + (tls ? "SSL" : "PLAINTEXT"));
        }
        if (sasl) {
            String mechanism = String.valueOf(properties.getOrDefault("sasl.mechanism", PLAIN));
            // Kafka's own default, which needs a ticket instead of a user and a password.
            mechanism = mechanism.equals("GSSAPI") ? PLAIN : mechanism;
            security.put("sasl.mechanism", mechanism);
            security.put("sasl.jaas.config", jaas(mechanism));
        }
        if (tls) {
            put(security, "ssl.truststore.location", settings.tls().trustStore());
            put(security, "ssl.truststore.password", settings.tls().trustStorePassword());
            put(security, "ssl.keystore.location", settings.tls().keyStore());
            put(security, "ssl.keystore.password", settings.tls().keyStorePassword());
        }
        properties.putAll(security);
        return properties;
    }

    private String jaas(String mechanism) {
        String module = mechanism.startsWith("SCRAM") ? "scram.ScramLoginModule" : "plain.PlainLoginModule";
        return "org.apache.kafka.common.security." + module + " required username=" + quoted(settings.user())
                + " password=" + quoted(settings.password()) + ";";
    }

    private static String quoted(@Nullable String value) {
        return '"' + String.valueOf(value).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static void put(Map<String, Object> properties, String key, @Nullable Object value) {
        if (value != null) {
            properties.put(key, value instanceof Path path ? path.toString() : value);
        }
    }
}
