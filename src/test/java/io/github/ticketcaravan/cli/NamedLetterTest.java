package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rows of a CSV file replay the dead letter that their cell {@code caravan.dead-letter} names. */
class NamedLetterTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static HelpDesk helpDesk;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startTheHelpDesk() {
        helpDesk = new HelpDesk();
    }

    @AfterAll
    static void stopTheHelpDesk() {
        helpDesk.close();
    }

    @BeforeEach
    void forget() {
        helpDesk.forget();
    }

    /** A letter of that ticket, and its ID. */
    private String refuse(String ticket, String status, String updatedAt) throws IOException {
        assertThat(importRows(
                                "first.csv",
                                "ticket,status,priority,updated_at",
                                ticket + "," + status + ",," + updatedAt)
                        .exitCode())
                .isEqualTo(1);
        helpDesk.forget();
        return letters().get(0).get("id").asText();
    }

    private Cli.Result importRows(String name, String... lines) throws IOException {
        return run("import", Files.write(folder.resolve(name), List.of(lines)));
    }

    private Cli.Result run(Object... arguments) {
        return Cli.run(folder.resolve("data"), helpDesk.url(), arguments);
    }

    private List<JsonNode> letters() throws IOException {
        return List.copyOf(JSON.convertValue(
                JSON.readTree(run("dead", "list", "--json").out()),
                JSON.getTypeFactory().constructCollectionType(List.class, JsonNode.class)));
    }

    private JsonNode letter(String id) throws IOException {
        return JSON.readTree(run("dead", "show", "--json", id).out());
    }

    private void assertNotReplayed(String id, String ticket, String named, String... reason) throws IOException {
        JsonNode before = letter(id);

        Cli.Result result = importRows("second.csv", "ticket,status,caravan.dead-letter", ticket + ",Closed," + named);

        assertThat(result.exitCode()).as(result.out()).isEqualTo(1);
        assertThat(helpDesk.requests()).as("requests").isZero();
        assertThat(letter(id)).isEqualTo(before);
        assertThat(letters()).hasSize(2).anySatisfy(letter -> {
            assertThat(letter.get("name").asText()).isEqualTo("second.csv");
            assertThat(letter.get("outcome").asText()).isEqualTo("invalid");
            assertThat(letter.get("reason").asText()).contains(reason).contains("empty its cell caravan.dead-letter");
        });
    }

    @Test
    void aRowOfAnotherTicketReplaysNothing() throws IOException {
        String id = refuse("OC-820409", "Open", "never");

        assertNotReplayed(id, "LF-616004", id, "'" + id + "' is a dead letter of the ticket 'OC-820409'");
    }

    @Test
    void aBareNumberInARowNamesNoLetter() throws IOException {
        String id = refuse("LF-616004", "Open", "never");

        assertNotReplayed(id, "LF-616004", id.substring(id.indexOf('-') + 1), "is no dead letter of this ledger");
    }

    @Test
    void anIdWithTheMarkOfAnotherLedgerNamesNoLetter() throws IOException {
        String id = refuse("LF-616004", "Open", "never");

        assertNotReplayed(id, "LF-616004", "zzzz" + id.substring(id.indexOf('-')), "is no dead letter of this ledger");
    }

    @Test
    void aDiscardedLetterIsNotReplayedByARow() throws IOException {
        String id = refuse("LF-616004", "Open", "never");
        assertThat(run("dead", "discard", id).exitCode()).isZero();

        Cli.Result result = importRows("second.csv", "ticket,status,caravan.dead-letter", "LF-616004,Closed," + id);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(helpDesk.requests()).isZero();
        assertThat(letter(id).get("state").asText()).isEqualTo("discarded");
        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.get("reason").asText()).contains("'" + id + "' is discarded"));
    }

    @Test
    void aRefusedRowIsSentWhenItsFileIsImportedOnceMore() throws IOException {
        String id = refuse("OC-820409", "Open", "never");
        assertNotReplayed(id, "LF-616004", id, "is a dead letter of the ticket");

        assertThat(run("import", folder.resolve("second.rejected.csv")).exitCode())
                .isZero();

        assertThat(helpDesk.requests()).isEqualTo(1);
        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.get("id").asText()).isEqualTo(id));
    }

    @ParameterizedTest
    @CsvSource({"LF-616004", "lf-616004", "' LF-616004 '"})
    void aRowOfTheSameTicketReplaysTheLetterAndIsNotedAsWhoChangedIt(String ticket) throws IOException {
        String id = refuse("LF-616004", "Open", "never");

        importRows("second.csv", "ticket,status,caravan.dead-letter", ticket + ",Closed," + id);

        assertThat(helpDesk.requests()).isEqualTo(1);
        assertThat(letter(id).get("state").asText()).isEqualTo("applied");
        assertThat(letter(id).get("changed_by").asText()).isEqualTo("csv second.csv");
        assertThat(letter(id).get("changed_at").isNull()).isFalse();
        assertThat(letters()).isEmpty();
    }

    /** Missing, malformed, not found. */
    @ParameterizedTest
    @ValueSource(strings = {"\\empty", "\"LF-\n616004\"", "LF-999999"})
    void aLetterWithoutATicketThatExistsIsReplayedByARowOfAnother(String ticket) throws IOException {
        String id = refuse(ticket, "Resolved", "");

        assertThat(importRows("second.csv", "ticket,status,caravan.dead-letter", "LF-616004,Closed," + id)
                        .exitCode())
                .isZero();

        assertThat(helpDesk.requests()).isEqualTo(1);
        assertThat(letter(id).get("state").asText()).isEqualTo("applied");
        assertThat(letters()).isEmpty();
    }

    @Test
    void aRowThatIsRefusedRewritesTheLetterAndIsNotedAsWhoDidIt() throws IOException {
        String id = refuse("LF-616004", "Open", "never");

        importRows("second.csv", "ticket,status,caravan.dead-letter", "LF-616004,Closd," + id);

        assertThat(letters()).singleElement().satisfies(letter -> {
            assertThat(letter.get("id").asText()).isEqualTo(id);
            assertThat(letter.get("name").asText()).isEqualTo("second.csv");
            assertThat(letter.get("changed_by").asText()).isEqualTo("csv second.csv");
        });
    }

    /** Two rows of different tickets name the letter of a ticket that was not found: it can become only one of them. */
    @Test
    void ofTwoRowsOfDifferentTicketsOnlyOneTakesTheLetter() throws IOException {
        String id = refuse("LF-999999", "Resolved", "");

        importRows(
                "second.csv", "ticket,status,caravan.dead-letter", "LF-616004,Closd," + id, "OC-820409,Closed," + id);

        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.get("ticket").asText()).isEqualTo("LF-616004"));
    }

    /** The file that is written for a row of too many or too few cells has as many as its header. */
    @ParameterizedTest
    @ValueSource(strings = {"LF-616004,Closed,High,,surplus", "LF-616004,Closed"})
    void aMalformedRowOfARejectedFileIsRefusedAgainUntilItIsMended(String row) throws IOException {
        importRows("first.csv", "ticket,status,priority,updated_at", row);
        JsonNode letter = letters().get(0);

        assertThat(run("import", folder.resolve("first.rejected.csv")).exitCode())
                .isEqualTo(1);

        assertThat(helpDesk.requests()).isZero();
        assertThat(letters()).singleElement().satisfies(again -> {
            assertThat(again.get("id")).isEqualTo(letter.get("id"));
            assertThat(again.get("reason").asText()).contains("where the header has 4");
        });

        String text = Files.readString(folder.resolve("first.rejected.csv"));
        assertThat(run("import", Files.writeString(folder.resolve("mended.csv"), text.replace("Closed", "Resolved")))
                        .exitCode())
                .isZero();
        assertThat(helpDesk.requests()).isEqualTo(1);
        assertThat(letters()).isEmpty();
    }
}
