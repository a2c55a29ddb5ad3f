package io.github.ticketcaravan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ticketcaravan.ledger.LedgerDatabase;
import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several machines at one topic, with one ledger: whichever of them is killed, and when, nothing is lost, nothing is
 * sent behind what was sent later, and every message is answered. {@code src/bench/workers} runs it at length.
 */
class WorkersKillTest {

    private static final int WORKERS = 3;
    private static final int JMS_WORKERS = 2;
    private static final int PARTITIONS = 6;
    private static final int MESSAGES = Integer.getInteger("caravan.workers.messages", 1_500);
    private static final int TICKETS = Integer.getInteger("caravan.workers.tickets", 150);
    private static final int ROWS = Integer.getInteger("caravan.workers.rows", 3_000);
    private static final int MOST_KILLS = Integer.getInteger("caravan.workers.kills", 3);
    private static final int KILL_EVERY_MILLIS = Integer.getInteger("caravan.workers.kill-every", 2_000);
    private static final long SEED = Long.getLong("caravan.workers.seed", 616_004);

    private static final String TOPIC = "ticket.updates";
    private static final String RESULTS = "ticket.results";
    private static final String GROUP = "ticket-caravan";
    private static final Path PROJECT = Path.of(System.getProperty("caravan.project", "."));
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    /** So many of {@code caravan run}, each with a data folder of its own, as on machines of their own. */
    private final class Workers implements AutoCloseable {

        private final List<String> settings;
        private final List<Process> processes = new ArrayList<>();
        private int kills;

        Workers(int count, RememberingHelpDesk helpDesk, String ledger, String... queue) throws IOException {
            settings = new ArrayList<>(List.of(
                    "caravan.endpoint.url=" + helpDesk.url(),
                    "caravan.ledger.url=" + ledger,
                    "caravan.queue.results=" + RESULTS,
                    "caravan.delivery.window=200",
                    "caravan.delivery.retry.delay=5ms"));
            settings.addAll(List.of(queue));
            for (int number = 0; number < count; number++) {
                add();
            }
        }

        void add() throws IOException {
            processes.add(start(processes.size()));
        }

        private Process start(int number) throws IOException {
            List<String> arguments = new ArrayList<>(List.of("run", "--data=" + folder.resolve("worker-" + number)));
            settings.forEach(setting -> arguments.add("--set=" + setting));
            return caravan(arguments.toArray(String[]::new))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log(number).toFile()))
                    .start();
        }

        private Path log(int number) {
            return folder.resolve("worker-" + number + ".log");
        }

        void kill(int number) throws Exception {
            processes.get(number).destroyForcibly().waitFor();
            kills++;
        }

        void signal(int number, String signal) throws Exception {
            String pid = Long.toString(processes.get(number).pid());
            assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor())
                    .isZero();
        }

        /** SIGKILL, and a new start at once. */
        void killOne(Random random) throws Exception {
            int number = random.nextInt(processes.size());
            kill(number);
            processes.set(number, start(number));
        }

        /** Lets them work for a while, or until they are done. */
        void work(Callable<Boolean> done) throws IOException {
            long until =
                    System.nanoTime() + Duration.ofMillis(KILL_EVERY_MILLIS).toNanos();
            await().atMost(1, TimeUnit.MINUTES)
                    .pollInterval(100, TimeUnit.MILLISECONDS)
                    .until(() -> System.nanoTime() > until || done.call());
            for (Process process : processes) {
                assertThat(process.isAlive()).as(logs()).isTrue();
            }
        }

        private String logs() throws IOException {
            StringBuilder logs = new StringBuilder();
            for (int number = 0; number < processes.size(); number++) {
                logs.append(Files.exists(log(number)) ? Files.readString(log(number)) : "");
            }
            return logs.toString();
        }

        @Override
        public void close() {
            for (Process process : processes) {
                process.destroyForcibly().onExit().join();
            }
        }
    }

    private static ProcessBuilder caravan(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "-Dcaravan.home=" + PROJECT.toAbsolutePath(),
                "io.github.ticketcaravan.cli.Main"));
        command.addAll(List.of(arguments));
        command.add("--config=" + PROJECT.resolve("config"));
        return new ProcessBuilder(command);
    }

    private Workers kafkaWorkers(int count, RememberingHelpDesk helpDesk, String ledger, KafkaBroker broker)
            throws Exception {
        broker.createTopic(TOPIC, PARTITIONS);
        broker.createTopic(RESULTS, 1);
        return new Workers(
                count,
                helpDesk,
                ledger,
                "caravan.queue.kind=kafka",
                "caravan.queue.url=" + broker.address(),
                "camel.component.kafka.sessionTimeoutMs=1500",
                "camel.component.kafka.heartbeatIntervalMs=200");
    }

    @Test
    void whicheverWorkerIsKilledNothingIsLostNothingGoesBehindALaterOneAndEverythingIsAnswered() throws Exception {
        Random random = new Random(SEED);
        String ledger = LedgerDatabase.POSTGRESQL.fresh(folder);
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
                RememberingHelpDesk helpDesk = RememberingHelpDesk.withBadDays(SEED)) {
            Map<String, List<Integer>> given = new HashMap<>();
            int kills;
            try (Workers workers = kafkaWorkers(WORKERS, helpDesk, ledger, broker)) {
                try (KafkaProducer<String, byte[]> producer = broker.producer()) {
                    for (int i = 0; i < MESSAGES; i++) {
                        String ticket = "T-" + random.nextInt(TICKETS);
                        given.computeIfAbsent(ticket, key -> new ArrayList<>()).add(i);
                        String text = "{\"ticket\":\"" + ticket + "\",\"subject\":\"" + i + "\"}";
                        ProducerRecord<String, byte[]> record =
                                new ProducerRecord<>(TOPIC, ticket, text.getBytes(StandardCharsets.UTF_8));
                        record.headers().add("caravan-id", ("m-" + i).getBytes(StandardCharsets.UTF_8));
                        var unused = producer.send(record);
                    }
                }
                await().atMost(2, TimeUnit.MINUTES).until(() -> helpDesk.requests() > MESSAGES / 20);
                while (broker.committed(GROUP, TOPIC) < MESSAGES) {
                    if (workers.kills < MOST_KILLS) {
                        workers.killOne(random);
                    }
                    workers.work(() -> broker.committed(GROUP, TOPIC) >= MESSAGES);
                }
                kills = workers.kills;
            }

            String told = assertNothingIsLostOrOutOfOrder(given, helpDesk.applied(), ledger);
            Set<String> answered = new HashSet<>();
            int answers = 0;
            for (var answer : broker.records(RESULTS)) {
                answered.add(
                        new String(answer.headers().lastHeader("caravan-id").value(), StandardCharsets.UTF_8));
                JsonNode json = JSON.readTree(answer.value());
                assertThat(json.path("outcome").asText()).isEqualTo("applied");
                answers++;
            }
            print("Kafka, %d workers, %d kills: %s; %d answers", WORKERS, kills, told, answers);
            assertThat(answered).hasSize(MESSAGES);
            assertThat(kills).isPositive();
        }
    }

    @Test
    void aWorkerThatSleptTooLongNeitherSendsWhatItHadNorCommitsIt() throws Exception {
        int messages = 300;
        int inFlight = 4;
        String ledger = LedgerDatabase.POSTGRESQL.fresh(folder);
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
                RememberingHelpDesk helpDesk = RememberingHelpDesk.reliable()) {
            CountDownLatch answers = new CountDownLatch(1);
            helpDesk.holdAnswers(answers);
            try (Workers workers = kafkaWorkers(1, helpDesk, ledger, broker);
                    KafkaProducer<String, byte[]> producer = broker.producer()) {
                for (int i = 0; i < messages; i++) {
                    String text = "{\"ticket\":\"T-" + i % 10 + "\",\"subject\":\"" + i + "\"}";
                    var unused =
                            producer.send(new ProducerRecord<>(TOPIC, 0, "T", text.getBytes(StandardCharsets.UTF_8)));
                }
                // It falls asleep with all of its requests at the help desk, and none just leaving.
                await().atMost(1, TimeUnit.MINUTES).until(() -> helpDesk.requests() == inFlight);
                workers.signal(0, "STOP");
                answers.countDown();
                workers.add();
                await().atMost(1, TimeUnit.MINUTES).until(() -> broker.committed(GROUP, TOPIC) == messages);
                int before = helpDesk.requests();
                workers.signal(0, "CONT");
                await().atMost(1, TimeUnit.MINUTES)
                        .until(() -> broker.members(GROUP).size() == 2);
                broker.send(TOPIC, "T", "{\"ticket\":\"T-0\",\"subject\":\"" + messages + "\"}");
                await().atMost(1, TimeUnit.MINUTES).until(() -> broker.committed(GROUP, TOPIC) == messages + 1);

                assertThat(before).isEqualTo(messages + inFlight);
                assertThat(helpDesk.requests()).isEqualTo(before + 1);
            }
            helpDesk.applied().values().forEach(numbers -> assertThat(numbers).isSorted());
        }
    }

    private static void print(String format, Object... values) {
        new PrintStream(System.out, true, StandardCharsets.UTF_8).printf(format + "%n", values);
    }

    /** Each update was told, the last one last, and none behind a later one; the ledger has each once, in order. */
    private static String assertNothingIsLostOrOutOfOrder(
            Map<String, List<Integer>> given, Map<String, List<Integer>> applied, String ledger) throws Exception {
        int repeated = 0;
        int behind = 0;
        assertThat(applied.keySet()).isEqualTo(given.keySet());
        for (Map.Entry<String, List<Integer>> ticket : given.entrySet()) {
            List<Integer> told = applied.get(ticket.getKey());
            assertThat(new HashSet<>(told)).as(ticket.getKey()).containsExactlyInAnyOrderElementsOf(ticket.getValue());
            assertThat(told.get(told.size() - 1))
                    .isEqualTo(ticket.getValue().get(ticket.getValue().size() - 1));
            repeated += told.size() - ticket.getValue().size();
            for (int i = 1; i < told.size(); i++) {
                behind += told.get(i) < told.get(i - 1) ? 1 : 0;
            }
        }
        assertThat(outcomes(ledger)).isEqualTo(given);
        assertThat(behind).isZero();
        return MESSAGES + " messages, " + TICKETS + " tickets, " + repeated
                + " requests repeated, none behind a later one";
    }

    @Test
    void neitherOfTwoWorkersAtOneJmsQueueLosesAnythingByBeingKilled() throws Exception {
        Random random = new Random(SEED);
        ActiveMQServer server = artemis();
        server.start();
        String ledger = LedgerDatabase.POSTGRESQL.fresh(folder);
        try (RememberingHelpDesk helpDesk = RememberingHelpDesk.withBadDays(SEED);
                ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(jmsUrl(server, "core"));
                Connection connection = factory.createConnection();
                Session session = connection.createSession(Session.SESSION_TRANSACTED)) {
            connection.start();
            Map<String, List<Integer>> given = new HashMap<>();
            MessageProducer producer = session.createProducer(session.createQueue(TOPIC));
            for (int i = 0; i < MESSAGES; i++) {
                String ticket = "T-" + random.nextInt(TICKETS);
                given.computeIfAbsent(ticket, key -> new ArrayList<>()).add(i);
                Message message =
                        session.createTextMessage("{\"ticket\":\"" + ticket + "\",\"subject\":\"" + i + "\"}");
                message.setStringProperty("JMSXGroupID", ticket);
                message.setStringProperty("caravan_id", "m-" + i);
                message.setJMSCorrelationID("m-" + i);
                producer.send(message);
            }
            session.commit();
            int kills;
            try (Workers workers = new Workers(
                    JMS_WORKERS,
                    helpDesk,
                    ledger,
                    "caravan.queue.kind=jms",
                    "caravan.queue.url=" + jmsUrl(server, "core"))) {
                while (unacknowledged(server) > 0) {
                    if (workers.kills < MOST_KILLS) {
                        int before = helpDesk.requests();
                        await().atMost(2, TimeUnit.MINUTES)
                                .pollInterval(5, TimeUnit.MILLISECONDS)
                                .until(() ->
                                        helpDesk.requests() > before + MESSAGES / 20 || unacknowledged(server) == 0);
                        workers.killOne(random);
                    }
                    workers.work(() -> unacknowledged(server) == 0);
                }
                kills = workers.kills;
            }

            String told = assertNothingIsLostOrOutOfOrder(given, helpDesk.applied(), ledger);
            Set<String> answered = new HashSet<>();
            int answers = 0;
            MessageConsumer results = session.createConsumer(session.createQueue(RESULTS));
            for (Message answer = results.receive(5_000); answer != null; answer = results.receiveNoWait()) {
                answered.add(answer.getJMSCorrelationID());
                assertThat(JSON.readTree(((TextMessage) answer).getText())
                                .path("outcome")
                                .asText())
                        .isEqualTo("applied");
                answers++;
            }
            print("JMS, %d workers, %d kills: %s; %d answers", JMS_WORKERS, kills, told, answers);
            assertThat(answered).hasSize(MESSAGES);
            assertThat(kills).isPositive();
        } finally {
            server.stop();
        }
    }

    /** The broker takes a worker for dead that it has not heard of for two seconds, and gives what it had to others. */
    @ParameterizedTest
    @ValueSource(strings = {"jms", "amqp"})
    void aWorkerThatSleptTooLongSendsNothingOfWhatItHadFromAJmsQueue(String kind) throws Exception {
        int messages = 300;
        int inFlight = 4;
        ActiveMQServer server = artemis();
        server.start();
        String ledger = LedgerDatabase.POSTGRESQL.fresh(folder);
        CountDownLatch answers = new CountDownLatch(1);
        try (RememberingHelpDesk helpDesk = RememberingHelpDesk.reliable();
                ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(jmsUrl(server, "core"));
                Connection connection = factory.createConnection();
                Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE)) {
            helpDesk.holdAnswers(answers);
            String url = kind.equals("jms")
                    ? jmsUrl(server, "core") + "?connectionTTL=2000&clientFailureCheckPeriod=1000"
                    : jmsUrl(server, "amqp");
            try (Workers workers = new Workers(
                    1,
                    helpDesk,
                    ledger,
                    "caravan.queue.kind=" + kind,
                    "caravan.queue.url=" + url,
                    // Over AMQP as many are taken as fit in memory if each is that large: more than are in flight.
                    "caravan.queue.max-size=1MB")) {
                MessageProducer producer = session.createProducer(session.createQueue(TOPIC));
                for (int i = 0; i <= messages; i++) {
                    Message message =
                            session.createTextMessage("{\"ticket\":\"T-" + i % 10 + "\",\"subject\":\"" + i + "\"}");
                    message.setStringProperty("JMSXGroupID", "T-" + i % 10);
                    if (i < messages) {
                        producer.send(message);
                        continue;
                    }
                    // It falls asleep with all of its requests at the help desk, and none just leaving.
                    await().atMost(1, TimeUnit.MINUTES).until(() -> helpDesk.requests() == inFlight);
                    workers.signal(0, "STOP");
                    answers.countDown();
                    workers.add();
                    await().atMost(1, TimeUnit.MINUTES).until(() -> unacknowledged(server) == 0);
                    int before = helpDesk.requests();
                    workers.signal(0, "CONT");
                    await().atMost(1, TimeUnit.MINUTES)
                            .until(() -> server.locateQueue(TOPIC).getConsumerCount() == 2);
                    producer.send(message);
                    await().atMost(1, TimeUnit.MINUTES).until(() -> unacknowledged(server) == 0);

                    assertThat(before).isEqualTo(messages + inFlight);
                    assertThat(helpDesk.requests()).isEqualTo(before + 1);
                }
            }
            helpDesk.applied().values().forEach(numbers -> assertThat(numbers).isSorted());
        } finally {
            server.stop();
        }
    }

    /** A broker that others connect to, with nothing set but where it keeps its files. */
    private ActiveMQServer artemis() throws Exception {
        Configuration configuration = new ConfigurationImpl()
                .setPersistenceEnabled(true)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(folder.resolve("artemis/journal").toString())
                .setBindingsDirectory(folder.resolve("artemis/bindings").toString())
                .setLargeMessagesDirectory(folder.resolve("artemis/large").toString())
                .setPagingDirectory(folder.resolve("artemis/paging").toString())
                // Ten deliveries, which is the default, are soon used up by kills: the README says so.
                .addAddressSetting(
                        "#",
                        new AddressSettings()
                                .setMaxDeliveryAttempts(-1)
                                .setDefaultAddressRoutingType(RoutingType.ANYCAST)
                                .setDefaultQueueRoutingType(RoutingType.ANYCAST));
        for (String queue : List.of(TOPIC, RESULTS)) {
            configuration.addQueueConfiguration(QueueConfiguration.of(queue)
                    .setAddress(queue)
                    .setRoutingType(RoutingType.ANYCAST)
                    .setDurable(true));
        }
        configuration.addAcceptorConfiguration("core", "tcp://127.0.0.1:0?protocols=CORE");
        configuration.addAcceptorConfiguration("amqp", "tcp://127.0.0.1:0?protocols=AMQP;amqpIdleTimeout=4000");
        return new ActiveMQServerImpl(configuration);
    }

    private static String jmsUrl(ActiveMQServer server, String protocol) {
        NettyAcceptor acceptor = (NettyAcceptor) server.getRemotingService().getAcceptor(protocol);
        return (protocol.equals("core") ? "tcp" : "amqp") + "://127.0.0.1:" + acceptor.getActualPort();
    }

    private static long unacknowledged(ActiveMQServer server) {
        return server.locateQueue(TOPIC).getMessageCount();
    }

    /** The numbers that the ledger has an outcome of, ticket by ticket, in the order in which they were settled. */
    private static Map<String, List<Integer>> outcomes(String ledger) throws Exception {
        Map<String, List<Integer>> outcomes = new HashMap<>();
        try (java.sql.Connection connection = DriverManager.getConnection(ledger);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select o.ticket, o.outcome, m.id from outcome o"
                        + " join message m on m.import_id = o.import_id and m.position = o.position"
                        + " order by o.finished_at, o.import_id, o.position")) {
            while (rows.next()) {
                assertThat(rows.getString(2)).isEqualTo("applied");
                String id = rows.getString(3);
                outcomes.computeIfAbsent(rows.getString(1), ticket -> new ArrayList<>())
                        .add(Integer.valueOf(id.substring(id.indexOf("m-") + 2)));
            }
        }
        return outcomes;
    }

    @Test
    void aFilePublishedToSeveralWorkersLeavesEachTicketAsItsImportDoes() throws Exception {
        Path file = file();
        String ledger = LedgerDatabase.POSTGRESQL.fresh(folder);
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
                RememberingHelpDesk helpDesk = RememberingHelpDesk.reliable();
                RememberingHelpDesk direct = RememberingHelpDesk.reliable()) {
            try (Workers workers = kafkaWorkers(WORKERS, helpDesk, ledger, broker)) {
                // So that each has a part of it, the one that is killed as well.
                await().atMost(1, TimeUnit.MINUTES)
                        .ignoreException(ExecutionException.class)
                        .until(() -> broker.members(GROUP).size() == WORKERS);
                run(
                        "publish",
                        file.toString(),
                        "--data=" + folder.resolve("publish"),
                        "--set=caravan.queue.kind=kafka",
                        "--set=caravan.queue.url=" + broker.address());
                await().atMost(2, TimeUnit.MINUTES)
                        .pollInterval(10, TimeUnit.MILLISECONDS)
                        .until(() -> helpDesk.requests() > ROWS / 4);
                workers.kill(0);
                assertThat(broker.committed(GROUP, TOPIC)).isLessThan(ROWS);
                run(
                        "import",
                        file.toString(),
                        "--data=" + folder.resolve("import"),
                        "--set=caravan.endpoint.url=" + direct.url());
                await().atMost(10, TimeUnit.MINUTES)
                        .pollInterval(100, TimeUnit.MILLISECONDS)
                        .until(() -> broker.committed(GROUP, TOPIC) == ROWS);
            }

            assertThat(direct.requests()).isEqualTo(ROWS);
            assertThat(helpDesk.tickets()).isEqualTo(direct.tickets());
            print(
                    "Kafka, %d rows published, %d requests, one of %d workers killed: %d tickets as by an import",
                    ROWS, helpDesk.requests(), WORKERS, direct.tickets().size());
        }
    }

    /** Rows that set now this and now that of a ticket, or clear it. */
    private Path file() throws IOException {
        Random random = new Random(SEED);
        List<String> lines = new ArrayList<>(List.of("ticket,subject,status,priority,tag_list,custom[phone_number]"));
        List<String> statuses = List.of("", "New", "Waiting for Staff", "Resolved");
        List<String> priorities = List.of("", "", "Low", "Normal");
        List<String> tags = List.of("", "\\empty", "a", "\"b,c\"");
        List<String> phones = List.of("", "\\empty", "01234 123123", "äöü €");
        for (int row = 0; row < ROWS; row++) {
            lines.add("T-" + random.nextInt(TICKETS) + "," + row + "," + statuses.get(random.nextInt(4)) + ","
                    + priorities.get(random.nextInt(4)) + "," + tags.get(random.nextInt(4)) + ","
                    + phones.get(random.nextInt(4)));
        }
        return Files.write(folder.resolve("updates.csv"), lines);
    }

    private void run(String... arguments) throws Exception {
        assertThat(caravan(arguments).inheritIO().start().waitFor()).isZero();
    }
}
