package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailServer.mail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ticketcaravan.ledger.Ledger;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program is killed again and again while it reads mails, at random between the first request and the last move,
 * and goes on each time. {@code src/bench/kill-mail} runs the same with 30 kills.
 */
class MailKillTest {

    private static final int KILLS = Integer.getInteger("caravan.kill.times", 3);
    private static final long SEED = Long.getLong("caravan.kill.seed", 616_004);
    private static final int MAILS_A_KILL = 4;
    private static final int COMMANDS = 5;
    private static final String ADAM = "adam@example.com";

    @TempDir
    private Path folder;

    @Test
    void whateverIsKilledEachCommandIsAppliedAndEachMailAnsweredUnderOneMessageId() throws Exception {
        Random random = new Random(SEED);
        try (MailServer server = new MailServer();
                HelpDesk helpDesk = new HelpDesk()) {
            helpDesk.forget();
            int mails = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                for (int i = 0; i < MAILS_A_KILL; i++) {
                    server.deliver(commands(++mails));
                }
                Process caravan = start(server, helpDesk, kill);
                long before = helpDesk.requests();
                int more = 1 + random.nextInt(MAILS_A_KILL * COMMANDS);
                int moment = random.nextInt(60);
                await().dontCatchUncaughtExceptions()
                        .atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> helpDesk.requests() >= before + more
                                || server.count("INBOX") == 0
                                || !caravan.isAlive());
                assertThat(caravan.isAlive()).as(log(kill)).isTrue();
                // So that it also meets the moments between the last outcome, the answer, and the move.
                TimeUnit.MILLISECONDS.sleep(moment);
                caravan.destroyForcibly().waitFor();
            }
            Process last = start(server, helpDesk, KILLS);
            int all = mails;
            await().dontCatchUncaughtExceptions().atMost(Duration.ofMinutes(5)).untilAsserted(() -> {
                assertThat(server.count("INBOX")).isZero();
                assertThat(answersByMail(server)).hasSize(all);
            });
            last.destroy();
            assertThat(last.waitFor(1, TimeUnit.MINUTES)).isTrue();

            Map<String, Integer> requests = new HashMap<>();
            for (JsonNode request : helpDesk.log()) {
                requests.merge(request.toString().replaceAll(".*(change-\\d+-\\d+).*", "$1"), 1, Integer::sum);
            }
            assertThat(requests).hasSize(mails * COMMANDS);
            assertThat(answersByMail(server).values())
                    .allSatisfy(ids ->
                            assertThat(ids).as("however often it was answered").hasSize(1));
            assertThat(new HashSet<>(server.in("Done"))).hasSize(mails);
            inTheLedgerOnce(mails);
            System.out.printf(
                    "%d kills, %d mails, %d commands: %d requests, %d answers, %d mails in Done%n",
                    KILLS,
                    mails,
                    mails * COMMANDS,
                    requests.values().stream().mapToInt(Integer::intValue).sum(),
                    server.received(ADAM).size(),
                    server.count("Done"));
        }
    }

    private String log(int run) throws IOException {
        return Files.readString(folder.resolve("run-" + run + ".log"));
    }

    private void inTheLedgerOnce(int mails) throws IOException {
        try (Ledger ledger =
                Ledger.open("jdbc:sqlite:" + folder.resolve("data/sandbox/ledger.db"), Clock.systemUTC())) {
            List<Long> imports = new ArrayList<>();
            for (long mail = 1; mail <= mails; mail++) {
                imports.add(ledger.mails().find(mail).orElseThrow().importId());
            }
            assertThat(ledger.mails().find(mails + 1)).isEmpty();
            assertThat(imports).doesNotHaveDuplicates().doesNotContainNull();
            for (long importId : imports) {
                assertThat(ledger.positions(importId).cardinality()).isEqualTo(COMMANDS);
            }
        }
    }

    private static String commands(int mail) {
        StringBuilder commands = new StringBuilder();
        for (int i = 1; i <= COMMANDS; i++) {
            commands.append("Ticket: ")
                    .append(i % 2 == 0 ? "LF-616004" : "OC-820409")
                    .append('\n');
            commands.append("Subject: change-")
                    .append(mail)
                    .append('-')
                    .append(i)
                    .append('\n');
        }
        return mail(Integer.toString(mail), ADAM, "Mail " + mail, commands.toString());
    }

    /** The mail that is answered to the Message-IDs of its answers. */
    private static Map<String, Set<String>> answersByMail(MailServer server) throws Exception {
        Map<String, Set<String>> answers = new HashMap<>();
        for (MimeMessage answer : server.received(ADAM)) {
            answers.computeIfAbsent(answer.getHeader("In-Reply-To", null), id -> new HashSet<>())
                    .add(answer.getMessageID());
        }
        return answers;
    }

    private Process start(MailServer server, HelpDesk helpDesk, int run) throws IOException {
        List<String> options = server.options(folder);
        options.add("--set=caravan.mail.answers-per-day=1000");
        return Cli.runProcess(folder, folder.resolve("run-" + run + ".log"), helpDesk, options)
                .start();
    }
}
