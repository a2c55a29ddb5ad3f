package io.github.ticketcaravan.settings;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys {@code caravan.queue.*}: the broker, and where messages come from and answers go to.
 *
 * @param url of the broker; Kafka: the bootstrap servers; null where there is none to reach
 * @param user null: none is given to the broker, or asked for by the embedded one
 * @param name the queue, or Kafka's topic, that updates are read from and published to
 * @param consumers of this process; more than one keeps the order per ticket only where messages are keyed by ticket
 * @param group Kafka's consumer group
 * @param results where the answer to each message goes as well; null: nowhere
 * @param listenAmqp where the embedded broker takes AMQP 1.0
 * @param listenCore where the embedded broker takes Artemis' own protocol
 * @param maxSize bytes of the largest message that is read
 * @param minFree bytes free on the embedded broker's disk below which it takes no messages
 */
public record QueueSettings(
        Kind kind,
        @Nullable String url,
        @Nullable String user,
        @Nullable String password,
        Tls tls,
        String name,
        int consumers,
        String group,
        @Nullable Destination results,
        Listen listenAmqp,
        Listen listenCore,
        int maxSize,
        long minFree) {

    /** The kinds of broker. */
    public enum Kind {
        /** No queue is read. */
        OFF,
        /** Artemis within this process. */
        EMBEDDED,
        /** ActiveMQ Artemis, by its own protocol. */
        JMS,
        /** Any broker that speaks AMQP 1.0. */
        AMQP,
        KAFKA;

        /** Whether it is read through Jakarta Messaging. */
        public boolean isJms() {
            return this == EMBEDDED || this == JMS || this == AMQP;
        }
    }

    /**
     * A queue or a topic of the broker.
     *
     * @param topic whether each subscriber gets what is sent there; Kafka knows nothing else
     */
    public record Destination(boolean topic, String name) {}

    /** An address to listen at; port 0 is a free one. */
    public record Listen(String host, int port) {

        boolean isLoopback() {
            return host.equalsIgnoreCase("localhost") || host.startsWith("127.") || host.equals("::1");
        }

        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * Encryption of the connection; the stores are PKCS #12 or JKS.
     *
     * @param trustStore whom we trust; null: whom Java trusts
     * @param keyStore what we show of ourselves; the embedded broker needs one
     */
    public record Tls(
            boolean enabled,
            @Nullable Path trustStore,
            @Nullable String trustStorePassword,
            @Nullable Path keyStore,
            @Nullable String keyStorePassword) {

        @Override
        public String toString() {
            return "Tls[enabled=" + enabled + ", trustStore=" + trustStore + ", keyStore=" + keyStore
                    + ", passwords not shown]";
        }
    }

    private static final String PREFIX = "caravan.queue.";
    private static final String TLS = PREFIX + "tls";
    private static final String NAME_EXPECTED = "a name of letters, digits and . _ - / : $ %";
    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}._/:$%-]{1,200}");
    private static final Pattern TOPIC = Pattern.compile("[\\p{Alnum}._-]{1,200}");
    private static final Pattern SERVERS = Pattern.compile("[^,\\s:/]+:\\d{1,5}(,[^,\\s:/]+:\\d{1,5})*");

    static QueueSettings of(Values values, Path data) {
        Kind kind = values.choice(
                PREFIX + "kind",
                Kind.OFF,
                Map.of(
                        "off", Kind.OFF,
                        "embedded", Kind.EMBEDDED,
                        "jms", Kind.JMS,
                        "amqp", Kind.AMQP,
                        "kafka", Kind.KAFKA));
        QueueSettings settings = new QueueSettings(
                kind,
                url(values, kind),
                values.optional(PREFIX + "user"),
                values.secret(PREFIX + "password"),
                tls(values, data),
                name(values, kind),
                values.whole(PREFIX + "consumers", 1, 1, 100),
                values.text(PREFIX + "group", "ticket-caravan"),
                values.parse(
                        PREFIX + "results",
                        "NAME, queue:NAME or topic:NAME, the name being " + NAME_EXPECTED,
                        QueueSettings::destination),
                listen(values, "amqp", 5672),
                listen(values, "core", 61616),
                Math.toIntExact(values.bytes(PREFIX + "max-size", 10_000_000, 1_000, 100_000_000)),
                values.bytes(PREFIX + "min-free", 100_000_000, 1_000_000, 1_000_000_000_000L));
        settings.refuseContradictions();
        return settings;
    }

    private static @Nullable String url(Values values, Kind kind) {
        String key = PREFIX + "url";
        String url = values.optional(key);
        if (kind == Kind.OFF) {
            return url;
        }
        if (kind == Kind.EMBEDDED) {
            if (url != null) {
                throw new SettingsException(key + " is set, but caravan.queue.kind is embedded, which is reached at"
                        + " caravan.queue.listen.amqp and caravan.queue.listen.core: empty it, or choose another kind");
            }
            return null;
        }
        String example = exampleUrl(kind);
        if (url == null) {
            throw new SettingsException(key + " is empty, but caravan.queue.kind is "
                    + kind.name().toLowerCase(java.util.Locale.ROOT) + ": set it, such as " + example);
        }
        if (url.contains("@") || url.toLowerCase(java.util.Locale.ROOT).contains("password=")) {
            throw new SettingsException(key + " has a user or a password in it (the value is not shown here): expected "
                    + example + ", and what lets us in in caravan.queue.user and caravan.queue.password");
        }
        if (!fits(url, kind)) {
            throw Values.refused(key, url, "the address of the broker, such as " + example);
        }
        return url;
    }

    private static String exampleUrl(Kind kind) {
        return switch (kind) {
            case OFF, EMBEDDED, JMS -> "tcp://localhost:61616";
            case AMQP -> "amqp://localhost:5672";
            case KAFKA -> "localhost:9092";
        };
    }

    private static boolean fits(String url, Kind kind) {
        return switch (kind) {
            case OFF, EMBEDDED -> true;
            case JMS -> url.startsWith("tcp://") || url.startsWith("(tcp://");
            case AMQP -> url.startsWith("amqp://") || url.startsWith("amqps://") || url.startsWith("failover:(amqp");
            case KAFKA -> SERVERS.matcher(url).matches();
        };
    }

    private static String name(Values values, Kind kind) {
        String expected = kind == Kind.KAFKA ? "a topic's name of letters, digits and . _ -" : NAME_EXPECTED;
        Pattern pattern = kind == Kind.KAFKA ? TOPIC : NAME;
        return values.parse(
                PREFIX + "name",
                "ticket.updates",
                expected,
                value -> pattern.matcher(value).matches() ? value : null);
    }

    /** {@code NAME}, {@code queue:NAME} or {@code topic:NAME}; null for anything else. */
    static @Nullable Destination destination(String value) {
        boolean topic = value.startsWith("topic:");
        String name = topic || value.startsWith("queue:") ? value.substring(6) : value;
        return NAME.matcher(name).matches() ? new Destination(topic, name) : null;
    }

    private static Listen listen(Values values, String protocol, int port) {
        return values.parse(
                PREFIX + "listen." + protocol,
                new Listen("localhost", port),
                "HOST:PORT, such as localhost:" + port,
                QueueSettings::listen);
    }

    private static @Nullable Listen listen(String value) {
        int colon = value.lastIndexOf(':');
        if (colon < 1) {
            return null;
        }
        String host = value.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            return null;
        }
        int port = Integer.parseInt(value.substring(colon + 1));
        return host.isEmpty() || port < 0 || port > 65_535 ? null : new Listen(host, port);
    }

    private static Tls tls(Values values, Path data) {
        Tls tls = new Tls(
                values.choice(TLS, false, Map.of("enabled", true, "disabled", false)),
                values.optionalPath(TLS + ".trust-store", data),
                values.secret(TLS + ".trust-store-password"),
                values.optionalPath(TLS + ".key-store", data),
                values.secret(TLS + ".key-store-password"));
        refuse(
                !tls.enabled && (tls.trustStore != null || tls.keyStore != null),
                TLS + ".trust-store or " + TLS + ".key-store is set, but " + TLS
                        + " is disabled: enable it, or empty them");
        refuse(
                tls.trustStorePassword != null && tls.trustStore == null,
                TLS + ".trust-store-password is set, but " + TLS + ".trust-store is empty");
        refuse(
                tls.keyStorePassword != null && tls.keyStore == null,
                TLS + ".key-store-password is set, but " + TLS + ".key-store is empty");
        return tls;
    }

    private void refuseContradictions() {
        refuse(user == null && password != null, "caravan.queue.password is set, but caravan.queue.user is empty");
        refuse(user != null && password == null, "caravan.queue.user is set, but caravan.queue.password is empty");
        if (results != null) {
            refuse(
                    results.name.equals(name),
                    "caravan.queue.results=" + results.name + " is caravan.queue.name too: expected another,"
                            + " for every answer would be read as an update");
        }
        if (kind == Kind.AMQP && url != null) {
            refuse(
                    url.contains("amqps://") != tls.enabled,
                    "caravan.queue.url=" + url + ", but caravan.queue.tls is " + (tls.enabled ? "enabled" : "disabled")
                            + ": expected amqps:// with TLS, and amqp:// without");
        }
        if (kind == Kind.EMBEDDED) {
            refuse(
                    tls.enabled && tls.keyStore == null,
                    TLS + " is enabled, but " + TLS + ".key-store is empty: the embedded broker needs its key");
            refuseOpenDoor("amqp", listenAmqp);
            refuseOpenDoor("core", listenCore);
            refuse(
                    listenAmqp.port != 0 && listenAmqp.port == listenCore.port,
                    "caravan.queue.listen.amqp=" + listenAmqp + " and caravan.queue.listen.core=" + listenCore
                            + " have the same port: expected different ones");
        }
    }

    private void refuseOpenDoor(String protocol, Listen listen) {
        refuse(
                !listen.isLoopback() && user == null,
                "caravan.queue.listen." + protocol + "=" + listen + " can be reached from other machines, but"
                        + " caravan.queue.user is empty: set user and password, or listen at localhost");
    }

    private static void refuse(boolean contradiction, String message) {
        if (contradiction) {
            throw new SettingsException(message);
        }
    }

    @Override
    public String toString() {
        return "QueueSettings[kind=" + kind + ", url=" + url + ", name=" + name + ", user and password not shown]";
    }
}
