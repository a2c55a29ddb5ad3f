package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailServer.mail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many mails, and large ones, in a process that has little memory. */
class MailVolumeTest {

    @TempDir
    private Path folder;

    /** 55 MB of mails are more than the process has. */
    @Test
    void aThousandUnreadMailsOfADovecotAreProcessedInOneRunAndInConstantMemory() throws Exception {
        assumeThat(Dovecot.program())
                .as("Dovecot is not installed, so nothing was tried against it: apt-get install dovecot-imapd")
                .isPresent();
        try (Dovecot dovecot = new Dovecot(Files.createDirectory(folder.resolve("dovecot")));
                MailServer server = new MailServer();
                HelpDesk helpDesk = new HelpDesk()) {
            dovecot.deliver(mails(1_000, 55_000));
            Process caravan = start(server, dovecot.port(), helpDesk);

            assertAllProcessed(1_000, dovecot::count, helpDesk, caravan);
        }
    }

    /** Fewer, since GreenMail takes the longer for each mail the more there are in the folder. */
    @Test
    void manyUnreadMailsAreProcessedInOneRunAndInConstantMemory() throws Exception {
        try (MailServer server = new MailServer();
                HelpDesk helpDesk = new HelpDesk()) {
            for (String mail : mails(100, 550_000)) {
                server.deliver(mail);
            }
            Process caravan = start(server, server.imapPort(), helpDesk);

            assertAllProcessed(100, server::count, helpDesk, caravan);
        }
    }

    /** Each with a command and a long signature. */
    private static String[] mails(int number, int size) {
        String signature = "-- \n" + "0123456789abcdef".repeat(4).concat("\n").repeat(size / 65);
        return IntStream.rangeClosed(1, number)
                .mapToObj(i -> mail(
                        "" + i, "errors@example.com", "" + i, "Ticket: LF-616004\nSubject: " + i + "\n" + signature))
                .toArray(String[]::new);
    }

    /** How many mails a folder has. */
    private interface Count {
        int of(String name) throws Exception;
    }

    private void assertAllProcessed(int number, Count count, HelpDesk helpDesk, Process caravan) throws Exception {
        await().dontCatchUncaughtExceptions()
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> count.of("Done") == number || !caravan.isAlive());
        caravan.destroy();
        assertThat(caravan.waitFor(1, TimeUnit.MINUTES)).isTrue();

        assertThat(count.of("INBOX")).as(log()).isZero();
        assertThat(count.of("Done")).isEqualTo(number);
        assertThat(helpDesk.requests()).isEqualTo(number);
        assertThat(log()).doesNotContain("OutOfMemory", "WARN", "ERROR");
    }

    /** Of 30 MB no more is fetched than is read, be they text or headers; and what comes after is not held up. */
    @Test
    void mailsThatAreTooLargeAreNotFetchedWhole() throws Exception {
        String large = "0123456789abcdef".repeat(4).concat("\n").repeat(470_000);
        try (MailServer server = new MailServer();
                HelpDesk helpDesk = new HelpDesk()) {
            server.deliver(mail("1", "adam@example.com", "text", "Ticket: LF-616004\nSubject: x\n\n" + large));
            server.deliver(mail(
                    "2",
                    "adam@example.com",
                    "headers",
                    "Ticket: LF-616004\nSubject: x\n",
                    "X-Header: " + large.replace("\n", "\nX-Header: ") + "x\n"));
            server.deliver(mail("3", "adam@example.com", "small", "Ticket: LF-616004\nSubject: y\n"));
            Process caravan = start(server, server.imapPort(), helpDesk, "--set=caravan.mail.max-size=1MB");

            await().dontCatchUncaughtExceptions()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> server.received("adam@example.com").size() == 2 || !caravan.isAlive());
            caravan.destroy();
            assertThat(caravan.waitFor(1, TimeUnit.MINUTES)).isTrue();

            assertThat(server.in("Refused")).as(log()).containsExactly("<1@example.com>");
            assertThat(server.in("Quarantine")).containsExactly("<2@example.com>");
            assertThat(server.in("Done")).containsExactly("<3@example.com>");
            assertThat(helpDesk.requests()).isEqualTo(1);
        }
    }

    /** 490 dead letters with 100 kB each, twice, would be 98 MB. */
    @Test
    void aLongTextForHundredsOfTicketsIsKeptOnceAndAnsweredShortly() throws Exception {
        String tickets =
                IntStream.range(0, 490).mapToObj(i -> "XX-" + (100_000 + i)).collect(Collectors.joining(", "));
        String value = "0123456789abcdef".repeat(4).concat("\n  ").repeat(1_500);
        try (MailServer server = new MailServer();
                HelpDesk helpDesk = new HelpDesk()) {
            server.deliver(mail("1", "adam@example.com", "long", "Ticket: " + tickets + "\ncustom[notes]: " + value));
            server.deliver(mail("2", "adam@example.com", "small", "Ticket: LF-616004\nSubject: y\n"));
            Process caravan = start(server, server.imapPort(), helpDesk);

            await().dontCatchUncaughtExceptions()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> server.received("adam@example.com").size() == 2 || !caravan.isAlive());
            caravan.destroy();
            assertThat(caravan.waitFor(1, TimeUnit.MINUTES)).isTrue();

            assertThat(server.in("Done")).as(log()).containsExactly("<1@example.com>", "<2@example.com>");
            assertThat(helpDesk.requests()).isEqualTo(491);
            assertThat(Files.size(folder.resolve("data/sandbox/ledger.db"))).isLessThan(5_000_000);
            assertThat(server.received("adam@example.com").get(0).getSize()).isLessThan(3_000_000);
        }
    }

    private Process start(MailServer server, int imapPort, HelpDesk helpDesk, String... more) throws Exception {
        List<String> options = server.options(folder, imapPort, server.smtpPort());
        options.addAll(List.of(more));
        ProcessBuilder process = Cli.runProcess(folder, folder.resolve("run.log"), helpDesk, options);
        process.command().add(1, "-Xmx40m");
        return process.start();
    }

    private String log() throws Exception {
        return Files.readString(folder.resolve("run.log"));
    }
}
