package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailServer.mail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many mails, and large ones, in a process that has little memory. */
class MailVolumeTest {

    /** For a thousand: {@code -Dcaravan.mails=1000}. */
    private static final int MAILS = Integer.getInteger("caravan.mails", 200);

    private static final int LINES = 1_200_000 / MAILS;

    @TempDir
    private Path folder;

    /** 78 MB of mails are more than the process has. */
    @Test
    void manyUnreadMailsAreProcessedInConstantMemory() throws Exception {
        try (MailServer server = new MailServer();
                HelpDesk helpDesk = new HelpDesk()) {
            String signature =
                    "-- \n" + "0123456789abcdef".repeat(4).concat("\n").repeat(LINES);
            for (int i = 1; i <= MAILS; i++) {
                server.deliver(mail(
                        "" + i, "errors@example.com", "" + i, "Ticket: LF-616004\nSubject: " + i + "\n" + signature));
            }
            helpDesk.forget();
            Process caravan = start(server, helpDesk, "-Xmx40m");

            await().dontCatchUncaughtExceptions()
                    .atMost(Duration.ofMinutes(15))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> server.count("Done") == MAILS || !caravan.isAlive());
            caravan.destroy();
            assertThat(caravan.waitFor(1, TimeUnit.MINUTES)).isTrue();

            assertThat(server.count("INBOX")).as(log()).isZero();
            assertThat(helpDesk.requests()).isEqualTo(MAILS);
            assertThat(log()).doesNotContain("OutOfMemory", "WARN", "ERROR");
        }
    }

    /** One of 30 MB, of which no more is fetched than is read; and what comes after it is not held up. */
    @Test
    void aMailThatIsTooLargeIsRefusedWithoutBeingFetchedWhole() throws Exception {
        try (MailServer server = new MailServer();
                HelpDesk helpDesk = new HelpDesk()) {
            server.deliver(mail(
                    "1",
                    "adam@example.com",
                    "large",
                    "Ticket: LF-616004\nSubject: x\n\n"
                            + "0123456789abcdef".repeat(4).concat("\n").repeat(470_000)));
            server.deliver(mail("2", "adam@example.com", "small", "Ticket: LF-616004\nSubject: y\n"));
            helpDesk.forget();
            Process caravan = start(server, helpDesk, "-Xmx40m");

            await().dontCatchUncaughtExceptions()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> server.received("adam@example.com").size() == 2 || !caravan.isAlive());
            caravan.destroy();
            assertThat(caravan.waitFor(1, TimeUnit.MINUTES)).isTrue();

            assertThat(server.in("Refused")).as(log()).containsExactly("<1@example.com>");
            assertThat(server.in("Done")).containsExactly("<2@example.com>");
            assertThat(helpDesk.requests()).isEqualTo(1);
        }
    }

    private Process start(MailServer server, HelpDesk helpDesk, String option) throws Exception {
        List<Object> words = new ArrayList<>(List.of(
                "run",
                "--config",
                Cli.PROJECT.resolve("config"),
                "--data",
                folder.resolve("data"),
                "--set=caravan.endpoint.url=" + helpDesk.url()));
        words.addAll(server.options(folder));
        ProcessBuilder process = Cli.process(folder, words.toArray());
        process.command().add(1, option);
        return process.redirectErrorStream(true)
                .redirectOutput(folder.resolve("run.log").toFile())
                .start();
    }

    private String log() throws Exception {
        return Files.readString(folder.resolve("run.log"));
    }
}
