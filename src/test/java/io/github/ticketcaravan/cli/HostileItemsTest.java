package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailFixture.eventually;
import static io.github.ticketcaravan.cli.MailServer.mail;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.ledger.LedgerDatabase;
import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Items with hostile text wherever a source takes text from strangers, each followed by a good one: each ends in an
 * outcome, a dead letter, or the folder of what is refused, and the good one is applied.
 */
@Timeout(180)
class HostileItemsTest {

    private static final String ADAM = "adam@example.com";

    /** A pair of surrogates, what turns the direction, what ends statements, and what a spreadsheet runs. */
    private static final String ODD = "=cmd|'/c'!A1 \ud83c\udfab \u202e'; drop table outcome; -- \"%s${x}{{y}}\\";

    /** As JSON has a NUL and half of a pair. */
    private static final String NO_TEXT = "a\\u0000b\\ud83d";

    @TempDir
    private Path folder;

    private MailFixture fixture;
    private int good;

    @AfterEach
    void close() {
        if (fixture != null) {
            fixture.close();
        }
    }

    private static String random(int length) {
        byte[] bytes = new byte[length / 2];
        new Random(length).nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private MailFixture start(LedgerDatabase database, Map<String, Object> keys) throws IOException {
        fixture = new MailFixture(folder)
                .with("caravan.ledger.url", database.fresh(folder))
                .withRoutes(quickRoutes());
        keys.forEach(fixture::with);
        Files.createDirectories(fixture.data().resolve("inbox"));
        return fixture.start();
    }

    /** Which look at the inbox ten times as often. */
    private Path quickRoutes() throws IOException {
        Path quick = Files.createDirectory(folder.resolve("routes"));
        try (Stream<Path> routes = Files.list(Cli.PROJECT.resolve("routes"))) {
            for (Path route : routes.toList()) {
                Files.writeString(
                        quick.resolve(route.getFileName()),
                        Files.readString(route)
                                .replace("readLockCheckInterval: 1000\n", "readLockCheckInterval: 100\n")
                                .replace(" delay: 1000\n", " delay: 100\n"));
            }
        }
        return quick;
    }

    /** The subject of the next good update. */
    private String next() {
        good++;
        return "good " + good;
    }

    private void assertApplied(String hostile, String subject) {
        eventually(() -> assertThat(fixture.helpDesk.log().findValuesAsText("subject"))
                .as("behind %s", hostile.length() > 200 ? hostile.substring(0, 200) : hostile)
                .contains(subject));
        assertThat(fixture.caravan().stopped()).isNull();
        assertThat(fixture.caravan().ledger().isBroken()).isFalse();
    }

    // Files

    @ParameterizedTest
    @EnumSource
    void inFiles(LedgerDatabase database) throws Exception {
        start(database, Map.of());
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : List.of(
                "a\nb.csv",
                "'; drop table import; --.csv",
                ODD.replace('/', '_').replace("\\", "") + ".csv",
                "\u202egnp" + ".csv")) {
            files.put(name, "ticket,subject\nLF-616004,in " + files.size() + "\n");
        }
        String quoted = '"' + ODD.replace("\"", "\"\"") + '"';
        files.put("header.csv", "ticket,\"custom[" + ODD.replace("\"", "\"\"") + "]\"\nLF-616004,x\n");
        files.put("long-header.csv", "ticket,custom[" + random(40_000) + "]\nLF-616004,x\n");
        files.put("unknown-header.csv", "ticket," + quoted + "\nLF-616004,x\n");
        files.put("ticket.csv", "ticket,subject\n" + quoted + ",x\n");
        files.put("long-ticket.csv", "ticket,subject\n" + random(6_000) + ",x\n");
        files.put("value.csv", "ticket,subject\nLF-616004," + quoted + "\n");
        files.put("long-value.csv", "ticket,custom[notes]\nLF-616004," + random(900_000) + "\n");
        files.put("nul.csv", "ticket,subject\nLF-616004,a\0b\n");
        files.put("letter.csv", "ticket,subject,caravan.dead-letter\nLF-616004,x," + random(6_000) + "\n");
        files.put("odd-letter.csv", "ticket,subject,caravan.dead-letter\nLF-616004,x," + quoted + "\n");

        for (Map.Entry<String, String> file : files.entrySet()) {
            String subject = next();
            drop(file.getKey(), file.getValue());
            drop("zz-" + good + ".csv", "ticket,subject\nLF-616004," + subject + "\n");

            assertApplied(file.getKey(), subject);
            eventually(() -> assertThat(names("inbox")).isEmpty());
        }
        assertThat(names("failed"))
                .filteredOn(name -> name.endsWith(".error.txt"))
                .hasSize(2);
    }

    private void drop(String name, String content) throws IOException {
        Path file = Files.write(folder.resolve("dropped"), content.getBytes(UTF_8));
        Files.move(file, fixture.data().resolve("inbox").resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> names(String name) throws IOException {
        try (Stream<Path> files = Files.list(fixture.data().resolve(name))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    // Messages

    private record Item(String body, Map<String, String> properties) {}

    private static Item item(String body) {
        return new Item(body, Map.of());
    }

    private static Item item(String body, String property, String value) {
        return new Item(body, Map.of(property, value));
    }

    @ParameterizedTest
    @EnumSource
    void inMessages(LedgerDatabase database) throws Exception {
        int port = freePort();
        start(
                database,
                Map.of(
                        "caravan.queue.kind",
                        "embedded",
                        "caravan.queue.listen.core",
                        "127.0.0.1:" + port,
                        "caravan.queue.listen.amqp",
                        "127.0.0.1:0"));
        String update = "{\"ticket\":\"LF-616004\",\"subject\":\"x\"}";
        String odd = ODD.replace("\\", "\\\\").replace("\"", "\\\"");
        List<Item> items = List.of(
                item("{\"ticket\":\"LF-616004\",\"subject\":\"" + NO_TEXT + "\"}"),
                item("{\"ticket\":\"LF-616004\",\"custom[notes]\":\"" + NO_TEXT + "\"}"),
                item("{\"ticket\":\"" + NO_TEXT + "\",\"subject\":\"x\"}"),
                item("{\"ticket\":\"LF-616004\",\"" + NO_TEXT + "\":\"x\"}"),
                item("{\"ticket\":\"LF-616004\",\"custom\":{\"" + NO_TEXT + "\":\"x\"}}"),
                item("{\"ticket\":\"" + random(6_000) + "\",\"subject\":\"x\"}"),
                item("{\"ticket\":\"LF-616004\",\"custom[notes]\":\"" + random(900_000) + "\"}"),
                item("{\"ticket\":\"" + odd + "\",\"" + odd + "\":\"" + odd + "\"}"),
                item("\0" + update),
                item(update + "\0"),
                item("[" + update + ",\"" + NO_TEXT + "\"]"),
                item(update, "caravan_id", random(6_000)),
                item(update, "caravan_id", random(6_000) + "other"),
                item(update, "caravan_id", "a\0b"),
                item(update, "caravan_id", ODD),
                new Item(update, Map.of("caravan_id", ODD, "x", "\0")),
                item(update, "caravan_dead_letter", random(6_000)),
                item(update, "caravan_dead_letter", "a\0b"),
                item(update, "content_type", "a\0b" + random(6_000)));
        try (Connection connection = new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port).createConnection()) {
            connection.start();
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            MessageProducer sender = session.createProducer(session.createQueue("ticket.updates"));
            for (Item item : items) {
                String subject = next();
                MessageConsumer answers = send(session, sender, item);
                sender.send(session.createTextMessage("{\"ticket\":\"LF-616004\",\"subject\":\"" + subject + "\"}"));

                assertThat(((TextMessage) answers.receive(60_000)).getText())
                        .as(item.toString())
                        .containsPattern("\"outcome\":\"(applied|invalid|rejected|failed)\"");
                assertApplied(item.toString(), subject);
            }
        }
    }

    private static MessageConsumer send(Session session, MessageProducer sender, Item item) throws Exception {
        Message message = session.createTextMessage(item.body);
        for (Map.Entry<String, String> property : item.properties.entrySet()) {
            message.setStringProperty(property.getKey(), property.getValue());
        }
        var answers = session.createTemporaryQueue();
        message.setJMSReplyTo(answers);
        message.setJMSCorrelationID("a\0b" + random(2_000));
        sender.send(message);
        return session.createConsumer(answers);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    // Mails

    @ParameterizedTest
    @EnumSource
    void inMails(LedgerDatabase database) throws Exception {
        start(database, Map.of());
        String command = "Ticket: LF-616004\nSubject: x\n";
        List<String> mails = List.of(
                mail("1", ADAM, "value", "Ticket: LF-616004\ncustom[notes]: a\0b\n"),
                mail("2", ADAM, "value", "Ticket: LF-616004\nSubject: a\0b\n"),
                mail("3", ADAM, "value", "Ticket: LF-616004\nSubject: " + ODD + "\n"),
                mail("4", ADAM, "value", "Ticket: LF-616004\ncustom[notes]: " + random(400_000) + "\n"),
                mail("5", ADAM, "name", "Ticket: LF-616004\ncustom[" + ODD + "]: x\n"),
                mail("6", ADAM, "name", "Ticket: LF-616004\ncustom[a\0b]: x\n"),
                mail("7", ADAM, "ticket", "Ticket: " + random(6_000) + "\nSubject: x\n"),
                mail("8", ADAM, "ticket", "Ticket: a\0b\nSubject: x\n"),
                mail("9", ADAM, "a\0b " + ODD, command),
                mail(random(400) + "\u4e2d".repeat(80), ADAM, "id", command),
                mail("a\0b", ADAM, "id", command),
                mail("12", ADAM, "references", command, "References: <a\0b@example.com> <" + random(400) + "@x>\n"),
                mail("13", ADAM, "references", command, references(2_000)),
                mail("14", "\"" + ODD.replace("\"", "") + "\" <" + ADAM + ">", "from", command),
                mail("15", ADAM, "file", attached("a\0b.csv")),
                mail("16", ADAM, "file", attached("'; drop table import; --.csv")),
                mail("17", ADAM, "file", attached("../../" + random(120) + ".csv")),
                mail("18", ADAM, "header", command, "X-Odd: " + ODD + "\n", "X-Long: " + random(100_000) + "\n"));
        int number = 0;
        for (String mail : mails) {
            String subject = next();
            number++;
            fixture.server.deliver(mail);
            fixture.server.deliver(mail("good-" + good, ADAM, "good", "Ticket: LF-616004\nSubject: " + subject + "\n"));

            assertApplied("mail " + number, subject);
            int done = 2 * number;
            eventually(() -> assertThat(Stream.of("Done", "Refused", "Quarantine", "Ignored")
                            .mapToInt(fixture.server::count)
                            .sum())
                    .isEqualTo(done));
            eventually(() -> assertThat(fixture.server.count("INBOX")).isZero());
        }
    }

    private static String references(int number) {
        StringBuilder references = new StringBuilder("References:");
        for (int i = 0; i < number; i++) {
            references.append(" <").append(i).append("@example.com>\n");
        }
        return references.toString();
    }

    private static String attached(String name) {
        return """
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain

                Hello

                --b
                Content-Type: text/csv; name="%s"
                Content-Disposition: attachment; filename="%s"

                ticket,subject
                LF-616004,x
                --b--
                """.formatted(name, name);
    }
}
