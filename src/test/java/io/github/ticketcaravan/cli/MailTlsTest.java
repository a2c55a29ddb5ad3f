package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailFixture.eventually;
import static io.github.ticketcaravan.cli.MailServer.mail;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.wiring.SelfSigned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** IMAPS and STARTTLS: whose certificate is taken, and that nothing secret goes where somebody could listen. */
class MailTlsTest {

    private static final String ADAM = "adam@example.com";
    private static final String COMMAND = "Ticket: LF-616004\nStatus: New\n";

    @TempDir
    private Path folder;

    /** Java's trust store is one for a process, so it is another one. */
    @Test
    void whomTheTrustStoreKnowsIsReadByImapsAndAnsweredByStarttlsUnlessItsNameIsAnothers() throws Exception {
        Path trusted = SelfSigned.store(folder, "127.0.0.1");
        Path other = SelfSigned.store(folder, "127.0.0.2");
        SSLContext ours = SelfSigned.context(trusted);
        SSLContext others = SelfSigned.context(other);
        importInto(trusted, other);
        try (MailServer server = new MailServer();
                HelpDesk helpDesk = new HelpDesk();
                TlsFront imaps = new TlsFront(server.imapPort(), TlsFront.Kind.IMPLICIT, ours);
                TlsFront smtp = new TlsFront(server.smtpPort(), TlsFront.Kind.STARTTLS, others)) {
            server.deliver(mail("1", ADAM, "x", COMMAND));
            Process caravan = start(server, helpDesk, imaps, smtp, trusted);
            try {
                eventually(() -> assertThat(server.in("Done")).containsExactly("<1@example.com>"));
                eventually(() -> assertThat(log())
                        .filteredOn(line -> line.contains("Answers to mails cannot be sent"))
                        .singleElement()
                        .asString()
                        .contains("no safe connection (", "127.0.0.1", "Look at caravan.mail.smtp"));
                assertThat(smtp.inClear()).isNotEmpty().allMatch(line -> line.matches("EHLO .*|STARTTLS"));
                assertThat(server.received(ADAM)).isEmpty();

                smtp.show(ours);
                eventually(() -> assertThat(server.received(ADAM)).hasSize(1));
            } finally {
                caravan.destroy();
                assertThat(caravan.waitFor(1, TimeUnit.MINUTES)).isTrue();
            }
            assertThat(helpDesk.requests()).isEqualTo(1);
            assertThat(smtp.inClear()).allMatch(line -> line.matches("EHLO .*|STARTTLS"));
            assertThat(log().stream().filter(line -> line.contains("WARN")))
                    .as("told once when it fails, and once when it works again")
                    .hasSize(2)
                    .last()
                    .asString()
                    .endsWith("Answers to mails are sent again");
        }
    }

    @Test
    void withoutStarttlsNeitherTheLoginNorTheAnswerIsSent() throws Exception {
        try (MailFixture fixture = new MailFixture(folder);
                TlsFront smtp = new TlsFront(fixture.server.smtpPort(), TlsFront.Kind.STRIPPED, null)) {
            assertNotAnswered(fixture, smtp, "STARTTLS is required but host does not support STARTTLS");
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForGetsNeitherTheLoginNorTheAnswer() throws Exception {
        Path store = SelfSigned.store(folder, "127.0.0.1");
        try (MailFixture fixture = new MailFixture(folder);
                TlsFront smtp =
                        new TlsFront(fixture.server.smtpPort(), TlsFront.Kind.STARTTLS, SelfSigned.context(store))) {
            assertNotAnswered(fixture, smtp, "no safe connection (");
        }
    }

    /** At the second try, too. */
    private void assertNotAnswered(MailFixture fixture, TlsFront smtp, String reason) throws Exception {
        fixture.with("caravan.notify.uri", "file:" + folder + "?fileName=told.txt&fileExist=Append&appendChars=~~")
                .with("caravan.mail.smtp.port", smtp.port())
                .with("caravan.mail.smtp.security", "starttls")
                .with("caravan.mail.smtp.username", MailServer.LOGIN)
                .with("caravan.mail.smtp.password", MailServer.PASSWORD);
        fixture.server.deliver(mail("1", ADAM, "x", COMMAND));
        fixture.start();

        eventually(() -> assertThat(smtp.inClear().stream().filter(line -> line.startsWith("EHLO")))
                .hasSizeGreaterThan(1));
        assertThat(Files.readString(folder.resolve("told.txt")).split("~~"))
                .filteredOn(line -> line.startsWith("Answers to mails"))
                .singleElement()
                .asString()
                .startsWith("Answers to mails cannot be sent (" + reason)
                .endsWith("; they are kept and tried again. Look at caravan.mail.smtp")
                .doesNotContain(MailServer.PASSWORD);
        assertThat(smtp.inClear())
                .allMatch(line -> line.matches("EHLO .*|STARTTLS|QUIT"))
                .noneMatch(line -> line.contains(encoded(MailServer.PASSWORD)));
        assertThat(fixture.server.received(ADAM)).isEmpty();
        assertThat(fixture.server.in("Done")).containsExactly("<1@example.com>");
    }

    private static String encoded(String secret) {
        return Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
    }

    private static void importInto(Path store, Path other) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-importkeystore",
                        "-srckeystore",
                        other.toString(),
                        "-srcstorepass",
                        SelfSigned.PASSWORD,
                        "-srcalias",
                        "self-signed",
                        "-destkeystore",
                        store.toString(),
                        "-deststorepass",
                        SelfSigned.PASSWORD,
                        "-destalias",
                        "other")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
    }

    private Process start(MailServer server, HelpDesk helpDesk, TlsFront imaps, TlsFront smtp, Path trusted)
            throws IOException {
        List<String> options = server.options(folder, imaps.port(), smtp.port());
        options.addAll(List.of(
                "--set=caravan.mail.protocol=imaps",
                "--set=caravan.mail.smtp.security=starttls",
                "--set=caravan.mail.smtp.username=" + MailServer.LOGIN,
                "--set=caravan.mail.smtp.password=" + MailServer.PASSWORD));
        ProcessBuilder process = Cli.runProcess(folder, folder.resolve("run.log"), helpDesk, options);
        process.command()
                .addAll(
                        1,
                        List.of(
                                "-Djavax.net.ssl.trustStore=" + trusted,
                                "-Djavax.net.ssl.trustStorePassword=" + SelfSigned.PASSWORD));
        return process.start();
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(folder.resolve("run.log"));
    }
}
