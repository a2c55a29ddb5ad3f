package io.github.ticketcaravan.cli;

import static io.github.ticketcaravan.cli.MailFixture.eventually;
import static io.github.ticketcaravan.cli.MailServer.mail;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import io.github.ticketcaravan.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters and mail: which letters a sender may replay, and what a replay keeps of the sender's rights. */
class MailReplayTest {

    private static final String ADAM = "adam@example.com";
    private static final String FEW = "few@example.com";

    @TempDir
    private Path folder;

    private MailFixture fixture;

    @BeforeEach
    void prepare() {
        fixture = new MailFixture(folder);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<DeadLetter> letters() throws IOException {
        try (Ledger ledger =
                Ledger.open("jdbc:sqlite:" + fixture.data().resolve("sandbox/ledger.db"), Clock.systemUTC())) {
            return ledger.deadLetters().list(DeadLetterFilter.inStates(Set.of()));
        }
    }

    private DeadLetter letter(String id) throws IOException {
        return letters().stream()
                .filter(letter -> letter.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Delivers it, and waits until it is done with. */
    private void deliver(String mail) {
        int before = moved();
        fixture.server.deliver(mail);
        fixture.start();
        eventually(() -> assertThat(moved()).isEqualTo(before + 1));
        fixture.stop();
    }

    private int moved() {
        return fixture.server.in("Done").size() + fixture.server.in("Refused").size();
    }

    private String refused(String mail) throws IOException {
        deliver(mail);
        fixture.helpDesk.forget();
        return letters().get(letters().size() - 1).id();
    }

    private static String attached(String csv) {
        return """
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain

                See the file.

                --b
                Content-Type: text/csv
                Content-Disposition: attachment; filename="updates.csv"

                """ + csv + "\n--b--\n";
    }

    /** Another's letters: of a mail's command, of a mail's file, of a file in the inbox. */
    @ParameterizedTest
    @ValueSource(strings = {"command", "attachment", "inbox"})
    void aSenderCannotReplayALetterThatIsNotHis(String from) throws IOException {
        String id = switch (from) {
            case "command" -> refused(mail("1", ADAM, "", "Ticket: LF-616004\nStatus: Nowhere\n"));
            case "attachment" -> refused(mail("1", ADAM, "", attached("ticket,status\nLF-616004,Nowhere\n")));
            default -> {
                Path file = Files.writeString(folder.resolve("first.csv"), "ticket,status\nLF-616004,Nowhere\n");
                assertThat(fixture.run("import", file.toString()).exitCode()).isEqualTo(1);
                fixture.helpDesk.forget();
                yield letters().get(0).id();
            }
        };
        DeadLetter before = letter(id);

        deliver(mail("2", FEW, "", attached("ticket,status,caravan.dead-letter\nLF-616004,Closed," + id + "\n")));

        assertThat(letter(id)).isEqualTo(before);
        assertThat(fixture.helpDesk.requests()).isZero();
        assertThat(letters()).hasSize(2);
        assertThat(letters().get(1).sender()).isEqualTo(FEW);
        assertThat(letters().get(1).reason())
                .contains("'" + id + "' is no dead letter of yours")
                .doesNotContain(ADAM);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSenderReplaysHisOwnLetterByAFile(boolean wasAttached) throws IOException {
        String id = refused(mail(
                "1",
                ADAM,
                "",
                wasAttached ? attached("ticket,status\nLF-616004,Nowhere\n") : "Ticket: LF-616004\nStatus: Nowhere\n"));

        deliver(mail("2", ADAM, "", attached("ticket,status,caravan.dead-letter\nLF-616004,Closed," + id + "\n")));

        assertThat(fixture.helpDesk.requests()).isEqualTo(1);
        assertThat(letters()).singleElement().satisfies(letter -> {
            assertThat(letter.state()).isEqualTo("applied");
            assertThat(letter.changedBy()).isEqualTo(ADAM);
        });
    }

    /** What is left of a command with a misspelt name, or a forbidden parameter, is not what was asked for. */
    @ParameterizedTest
    @CsvSource({
        "adam@example.com, Statsu: New, is no parameter",
        "few@example.com, Priority: High, is not a parameter that you may change by mail"
    })
    void aReplayKeepsWhatACommandWasRefusedForUntilItIsEdited(String sender, String line, String reason)
            throws IOException {
        String id = refused(mail("1", sender, "", "Ticket: LF-616004\nStatus: Closed\n" + line + "\n"));

        Cli.Result dry = fixture.run("dead", "replay", "--all", "--dry-run");
        Cli.Result result = fixture.run("dead", "replay", "--all", "--force");

        assertThat(dry.exitCode()).isEqualTo(1);
        assertThat(dry.out()).contains(reason, "caravan dead edit " + id, "Would send 0 of 1");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("not sent: ", reason, "0 of 1 applied");
        assertThat(fixture.helpDesk.requests()).isZero();
        assertThat(letter(id).state()).isEqualTo("open");
        assertThat(letter(id).reason()).contains(reason);
        assertThat(fixture.run("dead", "show", id).out()).contains("refused until it is edited");

        assertThat(fixture.run("dead", "edit", id, "--remove", "priority").exitCode())
                .isZero();
        assertThat(fixture.run("dead", "replay", id).exitCode()).isZero();
        assertThat(fixture.helpDesk.requests()).isEqualTo(1);
        assertThat(fixture.helpDesk.log().get(0).get("parameters"))
                .hasToString("{\"ticket\":\"LF-616004\",\"status\":\"Closed\"}");
    }

    @Test
    void anEditedLetterIsSentOnlyWithinItsSendersRights() throws IOException {
        String id = refused(mail("1", FEW, "", "Ticket: LF-616004\nStatus: Nowhere\n"));

        assertThat(fixture.run("dead", "edit", id, "status=Closed", "priority=High")
                        .exitCode())
                .isZero();
        assertThat(fixture.run("dead", "replay", id).exitCode()).isEqualTo(1);

        assertThat(fixture.helpDesk.requests()).isZero();
        assertThat(letter(id).reason()).contains("priority: is not a parameter that you may change by mail");
    }

    @Test
    void anExportedLetterIsRefusedAgainUntilItIsMended() throws IOException {
        String id = refused(mail("1", ADAM, "", "Ticket: LF-616004\nStatus: Closed\nStatsu: New\n"));
        String file = folder.resolve("letters.csv").toString();
        assertThat(fixture.run("dead", "export", file).exitCode()).isZero();

        assertThat(fixture.run("import", file).exitCode()).isEqualTo(1);

        assertThat(fixture.helpDesk.requests()).isZero();
        assertThat(letter(id).reason()).contains("is no parameter");

        String mended = Files.readString(Path.of(file)).replace("Closed", "Resolved");
        Files.writeString(Path.of(file), mended);
        assertThat(fixture.run("import", file).exitCode()).isZero();
        assertThat(letter(id).state()).isEqualTo("applied");
    }
}
