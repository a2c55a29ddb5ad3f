package io.github.ticketcaravan;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/** A real Kafka (KRaft, one node) in this process, on loopback; it can be stopped and started again on its port. */
public final class KafkaBroker implements AutoCloseable {

    private final Properties configuration = new Properties();
    private final int port;
    private final int securePort;
    private KafkaRaftServer server;
    private @Nullable Admin groups;

    private KafkaBroker(Path folder, int port, Map<String, String> settings) throws Exception {
        this.port = port;
        securePort = freePort();
        int controller = freePort();
        configuration.putAll(Map.ofEntries(
                Map.entry("node.id", "1"),
                Map.entry("process.roles", "broker,controller"),
                Map.entry("listeners", clients(settings) + ",CONTROLLER://127.0.0.1:" + controller),
                Map.entry("advertised.listeners", clients(settings)),
                Map.entry(
                        "listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL"),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controller),
                Map.entry("log.dirs", folder.toString()),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("group.min.session.timeout.ms", "500"),
                Map.entry("group.initial.rebalance.delay.ms", "0")));
        configuration.putAll(settings);
        new Formatter()
                .setNodeId(1)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(folder.toString())
                .setDirectories(List.of(folder.toString()))
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .run();
        start();
    }

    private String clients(Map<String, String> settings) {
        String open = "PLAINTEXT://" + address();
        return settings.containsKey("sasl.enabled.mechanisms") ? open + ",SASL_SSL://" + secureAddress() : open;
    }

    public static KafkaBroker start(Path folder) throws Exception {
        return new KafkaBroker(folder, freePort(), Map.of());
    }

    public static KafkaBroker start(Path folder, Map<String, String> settings) throws Exception {
        return new KafkaBroker(folder, freePort(), settings);
    }

    /**
     * As {@link #start(Path)}, and for clients that come over a wire: they connect to the port that a broker names to
     * them, which has to be the wire's.
     *
     * @param wired where the wire leads to
     */
    public static KafkaBroker startWired(Path folder, int wired, int wire) throws Exception {
        int port = freePort();
        int controller = freePort();
        String open = "PLAINTEXT://127.0.0.1:" + port + ",WIRED://127.0.0.1:";
        return new KafkaBroker(
                folder,
                port,
                Map.of(
                        "listeners", open + wired + ",CONTROLLER://127.0.0.1:" + controller,
                        "advertised.listeners", open + wire,
                        "listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,WIRED:PLAINTEXT",
                        "controller.quorum.voters", "1@127.0.0.1:" + controller));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /**
     * As {@link #start(Path)}, and at {@link #secureAddress} over TLS for a user with a password (SASL PLAIN).
     *
     * @param keys a file of PKCS #12
     */
    public static KafkaBroker startSecured(Path folder, Path keys, String keysPassword, String user, String password)
            throws Exception {
        return new KafkaBroker(
                folder,
                freePort(),
                Map.of(
                        "ssl.keystore.type",
                        "PKCS12",
                        "ssl.keystore.location",
                        keys.toString(),
                        "ssl.keystore.password",
                        keysPassword,
                        "sasl.enabled.mechanisms",
                        "PLAIN",
                        "listener.name.sasl_ssl.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + user + "=\""
                                + password.replace("\\", "\\\\").replace("\"", "\\\"") + "\";"));
    }

    public void start() {
        server = new KafkaRaftServer(new KafkaConfig(configuration), Time.SYSTEM);
        server.startup();
    }

    public void stop() {
        server.shutdown();
        server.awaitShutdown();
    }

    /** {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    public String secureAddress() {
        return "127.0.0.1:" + securePort;
    }

    public void createTopic(String name, int partitions) throws Exception {
        createTopic(name, partitions, Map.of());
    }

    public void createTopic(String name, int partitions, Map<String, String> settings) throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
            // Asked of each partition's leader. One that is not quite there refuses a producer's first records, takes
            // the next, and then never those that were refused.
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (int partition = 0; partition < partitions; partition++) {
                ends.put(new TopicPartition(name, partition), OffsetSpec.latest());
            }
            await().ignoreException(ExecutionException.class)
                    .until(() -> admin.listOffsets(ends).all().get().size() == partitions);
        }
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", address()));
    }

    public KafkaProducer<String, byte[]> producer() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", address());
        settings.put("max.request.size", 200_000_000);
        settings.put("buffer.memory", 250_000_000L);
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    /** Sends text, and waits until the broker has it. */
    public void send(String topic, String key, String text) throws ExecutionException, InterruptedException {
        try (KafkaProducer<String, byte[]> producer = producer()) {
            producer.send(new ProducerRecord<>(topic, key, text.getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    /** One for all questions about groups, which tests ask again and again. */
    private synchronized Admin groups() {
        if (groups == null) {
            groups = admin();
        }
        return groups;
    }

    /** The group's committed offsets, added up over the topic's partitions. */
    public long committed(String group, String topic) throws Exception {
        return groups().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(topic) && entry.getValue() != null)
                .mapToLong(entry -> entry.getValue().offset())
                .sum();
    }

    /** The IDs of the group's consumers. */
    public Set<String> members(String group) throws Exception {
        return groups().describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                .map(member -> member.consumerId())
                .collect(Collectors.toSet());
    }

    /** All records of a topic as it is now, partition by partition. */
    public List<ConsumerRecord<String, byte[]>> records(String topic) {
        return records(topic, record -> true);
    }

    public List<ConsumerRecord<String, byte[]>> records(
            String topic, Predicate<ConsumerRecord<String, byte[]>> wanted) {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", address()), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(java.time.Duration.ofMillis(100)).forEach(record -> {
                    if (wanted.test(record)) {
                        found.add(record);
                    }
                });
            }
        }
        return found;
    }

    @Override
    public void close() {
        if (groups != null) {
            groups.close();
        }
        stop();
    }
}
