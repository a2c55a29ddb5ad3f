package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailFixture.eventually;
import static io.github.ticketcaravan.cli.MailServer.mail;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.ticketcaravan.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mailbox with bad days: what the operator is told, a sentence each, and how it goes on. */
class MailTroubleTest {

    private static final String ADAM = "adam@example.com";
    private static final String COMMAND = "Ticket: LF-616004\nStatus: New\n";

    @TempDir
    private Path folder;

    private MailFixture fixture;

    @BeforeEach
    void prepare() {
        fixture = new MailFixture(folder);
        fixture.with("caravan.notify.uri", "file:" + folder + "?fileName=told.txt&fileExist=Append&appendChars=~~");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** A step as it is called from a route, which does not look broken. */
    public static final class Broken {

        public static void breakDown(Exchange exchange) {
            if (exchange != null) {
                throw new StackOverflowError("as if it were broken");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"begin", "deliver", "finish"})
    void anErrorOfTheProgramStopsItSoThatItIsStartedAnew(String step) throws Exception {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        try (Stream<Path> shipped = Files.list(Cli.PROJECT.resolve("routes"))) {
            for (Path route : shipped.toList()) {
                String text = Files.readString(route);
                String broken = "beanType: \"" + Broken.class.getName().replace("$", "\\$") + "\"\n";
                Files.writeString(
                        routes.resolve(route.getFileName()),
                        text.replaceFirst("ref: commandMails\\s+method: " + step + "\n", broken));
            }
        }
        fixture.withRoutes(routes).start();
        fixture.server.deliver(mail("1", ADAM, "x", COMMAND));

        eventually(() -> assertThat(fixture.caravan().stopped())
                .startsWith("Ticket Caravan is broken (java.lang.StackOverflowError: as if it were broken)"));
        assertThat(fixture.server.in("INBOX")).hasSize(1);
    }

    @Test
    void aLostConnectionIsToldOnceAndResumed() throws Exception {
        try (Wire wire = new Wire(fixture.server.imapPort())) {
            fixture.with("caravan.mail.port", wire.port()).start();
            fixture.server.deliver(mail("1", ADAM, "x", COMMAND));
            eventually(() -> assertThat(fixture.server.in("Done")).hasSize(1));

            int before = wire.connections();
            wire.cut("* BYE the server goes down for maintenance");
            fixture.server.deliver(mail("2", ADAM, "x", COMMAND));
            eventually(() -> assertThat(wire.connections()).isGreaterThan(before + 3));
            wire.mend();

            eventually(() -> assertThat(fixture.server.in("Done")).hasSize(2));
            eventually(() -> assertThat(told()).last().asString().endsWith(" is read again"));
            assertThat(fixture.helpDesk.requests()).isEqualTo(2);
            // Perhaps one when it is cut, perhaps another for the farewell; however often it was tried.
            assertThat(told().stream().filter(line -> line.contains("cannot be read")))
                    .hasSizeBetween(1, 3)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aServerThatIsNotThereIsToldOnce() throws Exception {
        try (Wire wire = new Wire(fixture.server.imapPort())) {
            wire.cut("* BYE not now");
            fixture.with("caravan.mail.port", wire.port()).start();
            eventually(() -> assertThat(wire.connections()).isGreaterThan(3));

            eventually(() -> assertThat(told())
                    .singleElement()
                    .asString()
                    .startsWith("The mailbox caravan@127.0.0.1/INBOX cannot be read: ")
                    .contains("BYE not now")
                    .endsWith(". Mails stay where they are, and it is tried again"));
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForIsToldOnceAndNothingIsRead() throws Exception {
        fixture.server.deliver(mail("1", ADAM, "x", COMMAND));
        try (Wire wire = new Wire(fixture.server.imapsPort())) {
            fixture.with("caravan.mail.protocol", "imaps")
                    .with("caravan.mail.port", wire.port())
                    .start();
            eventually(() -> assertThat(wire.connections()).isGreaterThan(2));

            eventually(
                    () -> assertThat(told()).singleElement().asString().contains("no safe connection", "certificate"));
            assertThat(fixture.server.in("INBOX")).hasSize(1);
        }
    }

    @Test
    void aWrongPasswordIsToldOnceWithoutIt() throws Exception {
        try (Wire wire = new Wire(fixture.server.imapPort())) {
            fixture.with("caravan.mail.port", wire.port())
                    .with("caravan.mail.password", "wrong-77")
                    .start();
            eventually(() -> assertThat(wire.connections()).isGreaterThan(2));

            eventually(() -> assertThat(told())
                    .singleElement()
                    .asString()
                    .contains("the server refuses the login", "caravan.mail.username and password")
                    .doesNotContain("wrong-77"));
        }
    }

    @Test
    void aFolderThatIsDeletedMeanwhileIsToldOnceAndReadWhenItIsThereAgain() throws Exception {
        fixture.server.makeFolder("Commands");
        fixture.with("caravan.mail.folder", "Commands").start();
        fixture.server.deliverTo("Commands", mail("1", ADAM, "x", COMMAND));
        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(1));

        fixture.server.deleteFolder("Commands");
        // Before it, perhaps, that the server has ended the connection, which was reading the folder just then.
        eventually(() -> assertThat(told())
                .last()
                .asString()
                .contains("/Commands cannot be read: ", "make the folder, or set caravan.mail.folder"));

        fixture.server.makeFolder("Commands");
        fixture.server.deliverTo("Commands", mail("2", ADAM, "x", COMMAND));
        eventually(() -> assertThat(fixture.server.in("Done")).hasSize(2));
        assertThat(told().stream().filter(line -> line.contains("make the folder")))
                .hasSize(1);
    }

    @Test
    void anSmtpServerThatIsAwayIsToldOnce() throws Exception {
        try (Wire wire = new Wire(fixture.server.smtpPort())) {
            wire.cut("421 not now");
            fixture.with("caravan.mail.smtp.port", wire.port()).start();
            fixture.server.deliver(mail("1", ADAM, "x", COMMAND));
            fixture.server.deliver(mail("2", "dave@example.com", "x", COMMAND));
            eventually(() -> assertThat(wire.connections()).isGreaterThan(1));
            wire.mend();

            eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
            eventually(() ->
                    assertThat(fixture.server.received("dave@example.com")).hasSize(1));
            assertThat(told().stream().filter(line -> line.startsWith("Answers to mails cannot be sent")))
                    .singleElement()
                    .asString()
                    .endsWith("they are kept and tried again. Look at caravan.mail.smtp");
            eventually(() -> assertThat(told()).contains("Answers to mails are sent again"));
        }
    }

    /** GreenMail takes the user's password for the token; the first one the server refuses, the second it takes. */
    @Test
    void mailIsReadAndSentWithAnAccessToken() throws Exception {
        AtomicInteger tokens = new AtomicInteger();
        HttpServer tokenServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        tokenServer.createContext("/token", exchange -> {
            byte[] answer = ("{\"access_token\":\"token-" + tokens.incrementAndGet() + "\",\"expires_in\":3600}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        tokenServer.start();
        try {
            fixture.server.setPassword("token-2");
            fixture.server.deliver(mail("1", ADAM, "x", COMMAND));
            fixture.with("caravan.mail.password", "")
                    .with(
                            "caravan.mail.oauth2.token-url",
                            "http://localhost:" + tokenServer.getAddress().getPort() + "/token")
                    .with("caravan.mail.oauth2.client-id", "app")
                    .with("caravan.mail.oauth2.client-secret", "hush")
                    .with("caravan.mail.smtp.username", MailServer.LOGIN)
                    .start();

            eventually(() -> assertThat(fixture.server.received(ADAM)).hasSize(1));
            eventually(() -> assertThat(fixture.server.in("Done")).hasSize(1));
            assertThat(tokens).hasValue(2);
            eventually(() -> assertThat(told())
                    .first()
                    .asString()
                    .contains("the server refuses the login")
                    .doesNotContain("token-1"));
        } finally {
            tokenServer.stop(0);
        }
    }

    /** What the operator was told. */
    private List<String> told() throws IOException {
        Path file = folder.resolve("told.txt");
        return Files.exists(file)
                ? Stream.of(Files.readString(file).split("~~"))
                        .filter(line -> !line.startsWith("Mail "))
                        .toList()
                : List.of();
    }
}
