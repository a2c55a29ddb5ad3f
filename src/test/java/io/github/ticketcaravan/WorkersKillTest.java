package io.github.ticketcaravan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.concurrent.Executors;
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
    private static final int ROWS = Integer.getInteger("caravan.workers.rows", 1_500);
    private static final int MOST_KILLS = Integer.getInteger("caravan.workers.kills", 3);
    private static final int KILL_EVERY_MILLIS = Integer.getInteger("caravan.workers.kill-every", 2_000);
    private static final long SEED = Long.getLong("caravan.workers.seed", 616_004);

    private static final String TOPIC = "ticket.updates";
    private static final String RESULTS = "ticket.results";
    private static final String GROUP = "ticket-caravan";
    private static final Path PROJECT = Path.of(System.getProperty("caravan.project", "."));
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        // Else each answer waits for the client's delayed acknowledgement of its header.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    @TempDir
    private Path folder;

    /** A help desk with bad days, which remembers what it was told, ticket by ticket. */
    private static final class HelpDesk implements AutoCloseable {

        private final HttpServer server;
        private final Random random = new Random(SEED);
        private final Map<String, List<Integer>> applied = new HashMap<>();
        private int requests;

        HelpDesk(boolean bad) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
            server.setExecutor(Executors.newFixedThreadPool(32, work -> {
                Thread thread = new Thread(work, "help desk");
                thread.setDaemon(true);
                return thread;
            }));
            server.createContext("/", exchange -> {
                Map<String, String> form = form(exchange.getRequestBody().readAllBytes());
                int fault;
                synchronized (this) {
                    fault = bad ? random.nextInt(200) : 200;
                }
                pause(2);
                if (fault < 4) {
                    answer(exchange, 503, "{}");
                } else if (fault < 6) {
                    answer(exchange, 429, "{}");
                } else {
                    synchronized (this) {
                        requests++;
                        if (form.containsKey("subject")) {
                            applied.computeIfAbsent(String.valueOf(form.get("ticket")), ticket -> new ArrayList<>())
                                    .add(Integer.valueOf(form.get("subject")));
                        }
                    }
                    // Carried out, but the answer is lost.
                    answer(exchange, fault < 8 ? 502 : 200, "{\"id\":1}");
                }
            });
            server.start();
        }

        private static void answer(com.sun.net.httpserver.HttpExchange exchange, int status, String body)
                throws IOException {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length());
            exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        }

        private static void pause(long millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static Map<String, String> form(byte[] body) {
            Map<String, String> form = new HashMap<>();
            for (String field : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
                String[] parts = field.split("=", 2);
                form.put(
                        URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
            return form;
        }

        synchronized int requests() {
            return requests;
        }

        /** What each ticket was told, in that order. */
        synchronized Map<String, List<Integer>> applied() {
            Map<String, List<Integer>> copy = new HashMap<>();
            applied.forEach((ticket, numbers) -> copy.put(ticket, List.copyOf(numbers)));
            return copy;
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private Process worker(int number, String url, KafkaBroker broker, EmbeddedPostgres database) throws IOException {
        return worker(
                number,
                url,
                database,
                "caravan.queue.kind=kafka",
                "caravan.queue.url=" + broker.address(),
                "camel.component.kafka.sessionTimeoutMs=1500",
                "camel.component.kafka.heartbeatIntervalMs=200");
    }

    private Process worker(int number, String url, EmbeddedPostgres database, String... queue) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "-Dcaravan.home=" + PROJECT.toAbsolutePath(),
                "io.github.ticketcaravan.cli.Main",
                "run",
                "--config=" + PROJECT.resolve("config"),
                "--data=" + folder.resolve("worker-" + number)));
        List<String> settings = new ArrayList<>(List.of(
                "caravan.endpoint.url=" + url,
                "caravan.ledger.url=" + database.getJdbcUrl("postgres", "postgres"),
                "caravan.queue.results=" + RESULTS,
                "caravan.delivery.window=200",
                "caravan.delivery.retry.delay=5ms"));
        settings.addAll(List.of(queue));
        settings.forEach(setting -> command.add("--set=" + setting));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(number).toFile()))
                .start();
    }

    private Path log(int number) {
        return folder.resolve("worker-" + number + ".log");
    }

    private String logs() throws IOException {
        StringBuilder logs = new StringBuilder();
        for (int number = 0; number < WORKERS; number++) {
            logs.append(Files.exists(log(number)) ? Files.readString(log(number)) : "");
        }
        return logs.toString();
    }

    private static EmbeddedPostgres database() throws IOException {
        return EmbeddedPostgres.builder()
                .setServerConfig("max_connections", "60")
                .start();
    }

    @Test
    void whicheverWorkerIsKilledNothingIsLostNothingGoesBehindALaterOneAndEverythingIsAnswered() throws Exception {
        Random random = new Random(SEED);
        try (EmbeddedPostgres database = database();
                KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
                HelpDesk helpDesk = new HelpDesk(true)) {
            broker.createTopic(TOPIC, PARTITIONS);
            broker.createTopic(RESULTS, 1);
            Map<String, List<Integer>> given = new HashMap<>();
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
            Process[] workers = new Process[WORKERS];
            int kills = 0;
            try {
                for (int number = 0; number < WORKERS; number++) {
                    workers[number] = worker(number, helpDesk.url(), broker, database);
                }
                int working = MESSAGES / 20;
                await().atMost(2, TimeUnit.MINUTES).until(() -> helpDesk.requests() > working);
                while (broker.committed(GROUP, TOPIC) < MESSAGES) {
                    if (kills < MOST_KILLS) {
                        int number = random.nextInt(WORKERS);
                        workers[number].destroyForcibly().waitFor();
                        workers[number] = worker(number, helpDesk.url(), broker, database);
                        kills++;
                    }
                    long until = System.nanoTime()
                            + Duration.ofMillis(KILL_EVERY_MILLIS).toNanos();
                    await().atMost(1, TimeUnit.MINUTES)
                            .pollInterval(100, TimeUnit.MILLISECONDS)
                            .until(() -> System.nanoTime() > until || broker.committed(GROUP, TOPIC) >= MESSAGES);
                    for (Process worker : workers) {
                        assertThat(worker.isAlive()).as(logs()).isTrue();
                    }
                }
            } finally {
                for (Process worker : workers) {
                    if (worker != null) {
                        worker.destroyForcibly().waitFor();
                    }
                }
            }

            String told = assertNothingIsLostOrOutOfOrder(given, helpDesk.applied(), database);
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
        }
    }

    private static void print(String format, Object... values) {
        new PrintStream(System.out, true, StandardCharsets.UTF_8).printf(format + "%n", values);
    }

    /** Each update was told, the last one last, and none behind a later one; the ledger has each once, in order. */
    private static String assertNothingIsLostOrOutOfOrder(
            Map<String, List<Integer>> given, Map<String, List<Integer>> applied, EmbeddedPostgres database)
            throws Exception {
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
        assertThat(outcomes(database)).isEqualTo(given);
        assertThat(behind).isZero();
        return MESSAGES + " messages, " + TICKETS + " tickets, " + repeated
                + " requests repeated, none behind a later one";
    }

    @Test
    void neitherOfTwoWorkersAtOneJmsQueueLosesAnythingByBeingKilled() throws Exception {
        Random random = new Random(SEED);
        ActiveMQServer server = artemis();
        server.start();
        try (EmbeddedPostgres database = database();
                HelpDesk helpDesk = new HelpDesk(true);
                ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(jmsUrl(server));
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
            String[] queue = {"caravan.queue.kind=jms", "caravan.queue.url=" + jmsUrl(server)};
            Process[] workers = new Process[JMS_WORKERS];
            int kills = 0;
            try {
                for (int number = 0; number < JMS_WORKERS; number++) {
                    workers[number] = worker(number, helpDesk.url(), database, queue);
                }
                while (unacknowledged(server) > 0) {
                    if (kills < MOST_KILLS) {
                        int before = helpDesk.requests();
                        await().atMost(2, TimeUnit.MINUTES)
                                .pollInterval(5, TimeUnit.MILLISECONDS)
                                .until(() ->
                                        helpDesk.requests() > before + MESSAGES / 20 || unacknowledged(server) == 0);
                        int number = random.nextInt(JMS_WORKERS);
                        workers[number].destroyForcibly().waitFor();
                        workers[number] = worker(number, helpDesk.url(), database, queue);
                        kills++;
                    }
                    long until = System.nanoTime()
                            + Duration.ofMillis(KILL_EVERY_MILLIS).toNanos();
                    await().atMost(1, TimeUnit.MINUTES)
                            .until(() -> System.nanoTime() > until || unacknowledged(server) == 0);
                    for (Process worker : workers) {
                        assertThat(worker.isAlive()).as(logs()).isTrue();
                    }
                }
            } finally {
                for (Process worker : workers) {
                    if (worker != null) {
                        worker.destroyForcibly().waitFor();
                    }
                }
            }

            String told = assertNothingIsLostOrOutOfOrder(given, helpDesk.applied(), database);
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
        return new ActiveMQServerImpl(configuration);
    }

    private static String jmsUrl(ActiveMQServer server) {
        NettyAcceptor acceptor = (NettyAcceptor) server.getRemotingService().getAcceptor("core");
        return "tcp://127.0.0.1:" + acceptor.getActualPort();
    }

    private static long unacknowledged(ActiveMQServer server) {
        return server.locateQueue(TOPIC).getMessageCount();
    }

    /** The numbers that the ledger has an outcome of, ticket by ticket, in the order in which they were settled. */
    private static Map<String, List<Integer>> outcomes(EmbeddedPostgres database) throws Exception {
        Map<String, List<Integer>> outcomes = new HashMap<>();
        try (java.sql.Connection connection = database.getPostgresDatabase().getConnection();
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
    void aFilePublishedToSeveralWorkersLeavesEachTicketAsItsImportWould() throws Exception {
        Random random = new Random(SEED);
        List<String> lines = new ArrayList<>(List.of("ticket,subject"));
        Map<String, Integer> last = new HashMap<>();
        for (int row = 0; row < ROWS; row++) {
            String ticket = "T-" + random.nextInt(TICKETS);
            lines.add(ticket + "," + row);
            last.put(ticket, row);
        }
        Path file = Files.write(folder.resolve("updates.csv"), lines);
        try (EmbeddedPostgres database = database();
                KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
                HelpDesk helpDesk = new HelpDesk(false)) {
            broker.createTopic(TOPIC, PARTITIONS);
            broker.createTopic(RESULTS, 1);
            Process[] workers = new Process[WORKERS];
            try {
                for (int number = 0; number < WORKERS; number++) {
                    workers[number] = worker(number, helpDesk.url(), broker, database);
                }
                Process publish = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-Dcaravan.home=" + PROJECT.toAbsolutePath(),
                                "io.github.ticketcaravan.cli.Main",
                                "publish",
                                file.toString(),
                                "--config=" + PROJECT.resolve("config"),
                                "--data=" + folder.resolve("publish"),
                                "--set=caravan.queue.kind=kafka",
                                "--set=caravan.queue.url=" + broker.address())
                        .inheritIO()
                        .start();
                assertThat(publish.waitFor()).isZero();
                await().atMost(2, TimeUnit.MINUTES)
                        .pollInterval(10, TimeUnit.MILLISECONDS)
                        .until(() -> helpDesk.requests() > ROWS / 4);
                workers[0].destroyForcibly().waitFor();
                await().atMost(10, TimeUnit.MINUTES)
                        .pollInterval(100, TimeUnit.MILLISECONDS)
                        .until(() -> broker.committed(GROUP, TOPIC) == ROWS);
            } finally {
                for (Process worker : workers) {
                    if (worker != null) {
                        worker.destroyForcibly().waitFor();
                    }
                }
            }

            Map<String, Integer> state = new HashMap<>();
            helpDesk.applied().forEach((ticket, numbers) -> state.put(ticket, numbers.get(numbers.size() - 1)));
            assertThat(state).isEqualTo(last);
        }
    }
}
