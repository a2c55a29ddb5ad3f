package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.wiring.Caravan;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What becomes of the request to send a dead letter again where that fails, or is not wanted any more. */
class DeadRequestTest {

    @TempDir
    private Path folder;

    private HelpDesk helpDesk;
    private String id;

    @BeforeEach
    void refuseOne() throws IOException {
        helpDesk = new HelpDesk();
        Path file = Files.writeString(folder.resolve("first.csv"), "ticket,status\nLF-616004,Nowhere\n");
        assertThat(run("import", file).exitCode()).isEqualTo(1);
        id = letter().id();
        assertThat(run("dead", "edit", id, "status=Closed").exitCode()).isZero();
        helpDesk.forget();
    }

    @AfterEach
    void close() {
        helpDesk.close();
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Cli.Result run(Object... arguments) {
        return Cli.run(data(), helpDesk.url(), arguments);
    }

    private Ledger ledger() {
        return Ledger.open("jdbc:sqlite:" + data().resolve("sandbox/ledger.db"), Clock.systemUTC());
    }

    private DeadLetter letter() {
        return letters().get(0);
    }

    private List<DeadLetter> letters() {
        try (Ledger ledger = ledger()) {
            return ledger.deadLetters().list(DeadLetterFilter.inStates(Set.of()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void request() {
        try (Ledger ledger = ledger()) {
            assertThat(ledger.deadLetters().request(id)).isTrue();
        }
    }

    private Caravan start() {
        List<String> words = new ArrayList<>(List.of(
                "--config",
                Cli.PROJECT.resolve("config").toString(),
                "--data",
                data().toString(),
                "--set=caravan.endpoint.url=" + helpDesk.url(),
                "--set=caravan.delivery.retry.delay=2ms"));
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(words.toArray(String[]::new));
        return holder.common.start(holder.common.settingsToSend(), Caravan.Mode.RUN);
    }

    @CommandLine.Command
    private static final class Holder {

        @CommandLine.Mixin
        private final CommonOptions common = new CommonOptions();
    }

    @Test
    void whereAnImportHasTheDataFolderNothingIsRequested() throws IOException {
        try (FileChannel held = FileChannel.open(data().resolve("lock"), StandardOpenOption.WRITE)) {
            assertThat(held.tryLock()).isNotNull();

            Cli.Result result = run("dead", "replay", id);

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains("another caravan works with this folder");
        }
        assertThat(letter().state()).isEqualTo("open");
    }

    @Test
    void aHaltTakesTheRequestBackAndTheNextRunSendsNothing() {
        helpDesk.fail("403:100%");

        Cli.Result result = run("dead", "replay", id);

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).contains("Stopped before 1 of them were settled; they are open");
        assertThat(letter().state()).isEqualTo("open");
        helpDesk.recover();
        helpDesk.forget();
        assertThat(run("dead", "replay", "--dry-run", "--ticket=LF-616005").exitCode())
                .isZero();
        assertThat(helpDesk.requests()).isZero();
    }

    /** As a process that was killed leaves it. */
    @ParameterizedTest
    @CsvSource({"'edit,ID,priority=High', open", "'discard,ID', discarded", "'discard,--ticket=LF-616004', discarded"})
    void anEditOrADiscardTakesARequestBack(String command, String state) {
        request();
        List<Object> words = new ArrayList<>(List.of("dead"));
        words.addAll(List.of((Object[]) command.replace("ID", id).split(",")));

        Cli.Result result = run(words.toArray());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(letter().state()).isEqualTo(state);
        assertThat(letter().changedBy()).isEqualTo(System.getProperty("user.name"));
    }

    /** A letter that was asked for can wait for long with delivery, which must not send what was edited since. */
    @ParameterizedTest
    @ValueSource(strings = {"discard", "edit"})
    void whatIsTakenBackWhileItWaitsForItsNextAttemptIsNotSent(String command) throws IOException {
        Path file = Files.writeString(folder.resolve("second.csv"), "ticket,status\nOC-820409,Nowhere\n");
        assertThat(run("import", file).exitCode()).isEqualTo(1);
        helpDesk.forget();
        helpDesk.fail("429:100%:retry-after=3");
        try (Caravan caravan = start()) {
            request();
            soon().until(() -> helpDesk.requests() == 1);
            assertThat(letter().state()).isEqualTo("requested");
            assertThat(run("dead", command, id, command.equals("edit") ? "priority=High" : "--source=csv")
                            .exitCode())
                    .isZero();
            helpDesk.recover();
            helpDesk.forget();

            // Sent when the others are done with.
            DeadLetter other = letters().get(1);
            assertThat(caravan.ledger().deadLetters().request(other.id())).isTrue();
            soon().until(() -> letters().get(1).replays() == 1);

            assertThat(letter().state()).isEqualTo(command.equals("edit") ? "open" : "discarded");
            assertThat(helpDesk.log())
                    .singleElement()
                    .satisfies(request ->
                            assertThat(request.get("parameters").toString()).contains("OC-820409"));
        }
    }

    private static org.awaitility.core.ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50));
    }
}
