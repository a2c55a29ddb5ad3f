package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ticketcaravan.ledger.LedgerDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person does with what was refused, in a ledger of either kind. */
@ParameterizedClass
@EnumSource(LedgerDatabase.class)
class DeadCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static HelpDesk helpDesk;

    @Parameter
    private LedgerDatabase database;

    @TempDir
    private Path folder;

    private String ledger;

    @BeforeAll
    static void startTheHelpDesk() {
        helpDesk = new HelpDesk();
    }

    @AfterAll
    static void stopTheHelpDesk() {
        helpDesk.close();
    }

    @BeforeEach
    void beginAnew() {
        ledger = database.fresh(folder);
        helpDesk.recover();
        helpDesk.forget();
    }

    /** Three letters and one row that is applied. */
    private void importMixed() throws IOException {
        assertThat(importRows(
                                "mixed.csv",
                                "ticket,status,subject,reply_due_at",
                                "LF-616004,Resolvd,one,",
                                "XX-000001,Resolved,,",
                                "OC-820409,,three,01/02/2026",
                                "OC-820409,Resolved,four,")
                        .exitCode())
                .isEqualTo(1);
        helpDesk.forget();
    }

    private Cli.Result importRows(String name, String... lines) throws IOException {
        Path file = Files.write(folder.resolve(name), List.of(lines));
        return run("import", file);
    }

    private Cli.Result run(Object... arguments) {
        return run(helpDesk.url(), arguments);
    }

    private Cli.Result run(Object url, Object[] arguments) {
        List<Object> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--set", "caravan.ledger.url=" + ledger));
        return Cli.run(folder.resolve("data"), url, words.toArray());
    }

    private Cli.Result dead(Object... arguments) {
        List<Object> words = new ArrayList<>(List.of("dead"));
        words.addAll(List.of(arguments));
        return run(words.toArray());
    }

    private List<JsonNode> letters(Object... filter) throws IOException {
        List<Object> words = new ArrayList<>(List.of("list", "--json"));
        words.addAll(List.of(filter));
        Cli.Result result = dead(words.toArray());
        assertThat(result.exitCode()).as(result.err()).isZero();
        return StreamSupport.stream(JSON.readTree(result.out()).spliterator(), false)
                .toList();
    }

    private String id(String ticket) throws IOException {
        return letters("--ticket", ticket).get(0).get("id").asText();
    }

    private JsonNode letter(String id) throws IOException {
        Cli.Result result = dead("show", "--json", id);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }

    private Path rejected(String name) {
        return folder.resolve(name + ".rejected.csv");
    }

    private Cli.Result importAgain(Path from, String name, String before, String after) throws IOException {
        String text = Files.readString(from);
        assertThat(text).contains(before);
        return run("import", Files.writeString(folder.resolve(name), text.replace(before, after)));
    }

    @ParameterizedTest
    @CsvSource({
        "--ticket=LF-616004, LF-616004",
        "--outcome=invalid, OC-820409",
        "--outcome=REJECTED, LF-616004 XX-000001",
        "--outcome=failed, ''",
        "--status=404, LF-616004 XX-000001",
        "--status=422, ''",
        "--source=csv, LF-616004 XX-000001 OC-820409",
        "--source=mail, ''",
        "--import=1, LF-616004 XX-000001 OC-820409",
        "--import=2, ''"
    })
    void theListIsInTheOrderOfTheFileAndCanBeFiltered(String filter, String tickets) throws IOException {
        importMixed();

        assertThat(letters(filter).stream()
                        .map(letter -> letter.get("ticket").asText())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(tickets);
    }

    @Test
    void theListIsATableWithItsNumber() throws IOException {
        importMixed();

        Cli.Result table = dead("list");

        assertThat(table.exitCode()).isZero();
        List<String> lines = table.out().lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).startsWith("ID ").contains("TICKET", "OUTCOME", "STATUS", "FROM", "REASON");
        assertThat(lines.get(2)).contains("XX-000001", "rejected", "404", "mixed.csv:3");
        assertThat(lines.get(4)).isEqualTo("3 dead letters");
        assertThat(dead("list", "--status=503").out()).isEqualToIgnoringNewLines("0 dead letters");
    }

    @Test
    void aLetterIsShownWithAllThatIsKnownOfIt() throws IOException {
        importMixed();
        String id = id("OC-820409");

        JsonNode letter = letter(id);

        assertThat(letter.get("source").asText()).isEqualTo("csv");
        assertThat(letter.get("name").asText()).isEqualTo("mixed.csv");
        assertThat(letter.get("position").asInt()).isEqualTo(4);
        assertThat(letter.get("parameters")).hasToString("{\"subject\":\"three\",\"reply_due_at\":\"01/02/2026\"}");
        assertThat(letter.get("original").asText()).isEqualTo("OC-820409,,three,01/02/2026");
        assertThat(letter.get("outcome").asText()).isEqualTo("invalid");
        assertThat(letter.get("status").isNull()).isTrue();
        assertThat(letter.get("errors").has("reply_due_at")).isTrue();
        assertThat(letter.get("attempts").asInt()).isZero();
        assertThat(letter.get("replays").asInt()).isZero();
        assertThat(letter.get("state").asText()).isEqualTo("open");
        // Its number alone will do.
        assertThat(dead("show", id.substring(id.indexOf('-') + 1)).out())
                .startsWith(id + ": invalid, open")
                .contains("position 4", "reply_due_at = 01/02/2026", "as it came  OC-820409,,three,01/02/2026");
    }

    @ParameterizedTest
    @ValueSource(strings = {"show 99", "show zzzz-1", "edit 99 status=New", "discard 99", "replay 99"})
    void anUnknownIdIsToldAndNothingIsDone(String command) {
        Cli.Result result = dead((Object[]) command.split(" "));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("There is no dead letter " + command.split(" ", -1)[1], "caravan dead list");
        assertThat(helpDesk.requests()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "replay, Which dead letters?",
        "discard, Which dead letters?",
        "list --outcome=rejectd, Invalid value for option '--outcome'",
        "list --source=fax, Invalid value for option '--source'"
    })
    void whatIsMeantMustBeSaid(String command, String sentence) {
        Cli.Result result = dead((Object[]) command.split(" "));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(sentence);
    }

    @Test
    void anEditChangesWhatIsSentAndKeepsWhatCame() throws IOException {
        importMixed();
        String id = id("OC-820409");

        assertThat(dead("edit", id, "--remove", "Reply due at", "subject=mended", "custom.region=Europe", "user=")
                        .exitCode())
                .isZero();

        JsonNode letter = letter(id);
        assertThat(letter.get("parameters"))
                .hasToString("{\"subject\":\"mended\",\"custom[region]\":\"Europe\",\"user\":\"\"}");
        assertThat(letter.get("original").asText()).isEqualTo("OC-820409,,three,01/02/2026");
        assertThat(letter.get("changed_by").asText()).isEqualTo(System.getProperty("user.name"));
        assertThat(letter.get("changed_at").asText())
                .isGreaterThan(letter.get("last_at").asText());
        assertThat(helpDesk.requests()).isZero();
    }

    @Test
    void anEditedTicketIsTheOneThatIsSent() throws IOException {
        importMixed();
        String id = id("XX-000001");

        assertThat(dead("edit", id, "ticket=LF-616004").exitCode()).isZero();
        assertThat(dead("replay", id).exitCode()).isZero();

        assertThat(helpDesk.requests()).isEqualTo(1);
        assertThat(helpDesk.log().get(0).get("parameters"))
                .hasToString("{\"ticket\":\"LF-616004\",\"status\":\"Resolved\"}");
    }

    @ParameterizedTest
    @CsvSource({"statsu=New, did you mean status", "New, expected NAME=VALUE", "--remove=statsu, did you mean status"})
    void anEditThatCannotBeMeantChangesNothing(String change, String sentence) throws IOException {
        importMixed();
        String id = id("LF-616004");

        Cli.Result result = dead("edit", id, change);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(sentence);
        assertThat(letter(id).get("changed_by").isNull()).isTrue();
    }

    @Test
    void aDiscardedLetterIsKeptWithWhoAndWhenAndIsNotSentAgain() throws IOException {
        importMixed();
        String id = id("LF-616004");

        assertThat(dead("discard", id).exitCode()).isZero();

        assertThat(letters()).hasSize(2);
        JsonNode letter = letter(id);
        assertThat(letter.get("state").asText()).isEqualTo("discarded");
        assertThat(letter.get("changed_by").asText()).isEqualTo(System.getProperty("user.name"));
        assertThat(letter.get("changed_at").isNull()).isFalse();
        assertThat(dead("discard", id).exitCode()).isEqualTo(2);
        assertThat(dead("edit", id, "status=New").exitCode()).isEqualTo(2);
        assertThat(dead("replay", id).err()).contains(id + " is discarded and is not sent");
        assertThat(helpDesk.requests()).isZero();
    }

    @Test
    void aFilterDiscardsAllThatMatch() throws IOException {
        importMixed();

        assertThat(dead("discard", "--outcome=rejected").out().lines()).hasSize(2);

        assertThat(letters())
                .singleElement()
                .satisfies(left -> assertThat(left.get("outcome").asText()).isEqualTo("invalid"));
    }

    @Test
    void aDryRunSaysWhatWouldBeSentAndSendsNothing() throws IOException {
        importMixed();
        assertThat(dead("edit", id("OC-820409"), "--remove=reply_due_at", "--remove=subject", "priority=High")
                        .exitCode())
                .isZero();

        Cli.Result result = dead("replay", "--all", "--dry-run");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).contains("LF-616004", "Resolvd"),
                        line -> assertThat(line).contains("XX-000001"),
                        line -> assertThat(line).contains("OC-820409", "High"),
                        line -> assertThat(line).isEqualTo("Would send 3 of 3"));
        assertThat(helpDesk.requests()).isZero();
        assertThat(letters()).extracting(letter -> letter.get("state").asText()).containsOnly("open");
    }

    @Test
    void aReplayOfAllKeepsTheOriginalOrderOfATicket() throws IOException {
        assertThat(importRows(
                                "order.csv",
                                "ticket,status",
                                "LF-616004,Nowhere 1",
                                "LF-616004,Nowhere 2",
                                "LF-616004,Nowhere 3")
                        .exitCode())
                .isEqualTo(1);
        List<JsonNode> open = letters();
        for (int i = 0; i < 3; i++) {
            assertThat(dead("edit", open.get(i).get("id").asText(), "subject=" + i, "--remove=status")
                            .exitCode())
                    .isZero();
        }
        helpDesk.forget();

        Cli.Result result = dead("replay", "--all");

        assertThat(result.exitCode()).as(result.out()).isZero();
        assertThat(result.out()).contains("3 of 3 applied");
        assertThat(helpDesk.log())
                .extracting(request -> request.get("parameters").get("subject").asText())
                .containsExactly("2", "1", "0");
        assertThat(letters()).isEmpty();
    }

    @Test
    void aReplayByFilterSendsOnlyThoseAndWhatIsRefusedAgainStaysOpen() throws IOException {
        importMixed();
        String id = id("LF-616004");
        String firstReason = letter(id).get("reason").asText();
        assertThat(dead("edit", id, "status=Closd").exitCode()).isZero();

        Cli.Result result = dead("replay", "--ticket=LF-616004");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("0 of 1 applied");
        assertThat(helpDesk.requests()).isEqualTo(1);
        JsonNode letter = letter(id);
        assertThat(letter.get("state").asText()).isEqualTo("open");
        assertThat(letter.get("reason").asText()).isNotEqualTo(firstReason).isEqualTo("Status 'Closd' does not exist");
        assertThat(letter.get("attempts").asInt()).isEqualTo(2);
        assertThat(letter.get("replays").asInt()).isEqualTo(1);
        assertThat(letter.get("last_at").asText())
                .isGreaterThan(letter.get("first_at").asText());
        assertThat(letter.get("original").asText()).isEqualTo("LF-616004,Resolvd,one,");

        // Refused for another reason, it tells that one.
        assertThat(dead("edit", id, "ticket=XX-000002").exitCode()).isZero();
        assertThat(dead("replay", id).exitCode()).isEqualTo(1);
        assertThat(letter(id).get("status").asInt()).isEqualTo(404);
        assertThat(letter(id).get("reason").asText()).isNotEqualTo(firstReason);
        assertThat(letter(id).get("replays").asInt()).isEqualTo(2);

        // Applied, it is done.
        assertThat(dead("edit", id, "ticket=LF-616004", "status=Closed").exitCode())
                .isZero();
        assertThat(dead("replay", id).exitCode()).isZero();
        assertThat(letter(id).get("state").asText()).isEqualTo("applied");
        assertThat(letter(id).get("attempts").asInt()).isEqualTo(4);
        assertThat(dead("replay", id).err()).contains("is applied and is not sent");
        assertThat(helpDesk.requests()).isEqualTo(3);
    }

    @Test
    void aReplayIsCheckedByTheSameRulesBeforeItIsSent() throws IOException {
        importMixed();
        String id = id("OC-820409");

        assertThat(dead("replay", "--force", id).exitCode()).isEqualTo(1);

        assertThat(helpDesk.requests()).isZero();
        assertThat(letter(id).get("outcome").asText()).isEqualTo("invalid");
        assertThat(letter(id).get("replays").asInt()).isEqualTo(1);
    }

    @Test
    void aReplayThatIsStoppedSaysWhyAndTheSameCommandGoesOn() throws IOException {
        importMixed();
        helpDesk.fail("403:100%");

        Cli.Result stopped = dead("replay", "--outcome=rejected");

        assertThat(stopped.exitCode()).isEqualTo(3);
        assertThat(stopped.out()).contains("Stopped: ", "403", "the same command goes on");
        assertThat(letters()).hasSize(3);

        helpDesk.recover();
        helpDesk.forget();
        assertThat(dead("replay", "--outcome=rejected").exitCode()).isEqualTo(1);
        assertThat(helpDesk.requests()).isEqualTo(2);
        assertThat(letters())
                .extracting(letter -> letter.get("state").asText())
                .containsExactly("open", "open", "open");
    }

    @Test
    void whatALaterUpdateHasSetSinceIsNotOverwrittenUnlessForced() throws IOException {
        importMixed();
        String id = id("LF-616004");
        assertThat(dead("edit", id, "status=Resolved").exitCode()).isZero();
        assertThat(run("send", "lf-616004", "status=New").exitCode()).isZero();
        helpDesk.forget();

        Cli.Result refused = dead("replay", id);

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out()).contains("not sent: a later update has set status since (--force sends it)");
        assertThat(dead("replay", "--dry-run", id).exitCode()).isEqualTo(1);
        assertThat(helpDesk.requests()).isZero();
        assertThat(letter(id).get("replays").asInt()).isZero();

        assertThat(dead("replay", "--force", id).exitCode()).isZero();
        assertThat(helpDesk.requests()).isEqualTo(1);
    }

    @Test
    void aLaterUpdateOfAnotherParameterOrTicketDoesNotStandInTheWay() throws IOException {
        importMixed();
        String id = id("LF-616004");
        assertThat(dead("edit", id, "status=Resolved").exitCode()).isZero();
        assertThat(run("send", "LF-616004", "priority=High").exitCode()).isZero();
        assertThat(run("send", "OC-820409", "status=New").exitCode()).isZero();
        assertThat(run("send", "LF-616004", "status=Nowhere").exitCode()).isEqualTo(1);

        assertThat(dead("replay", id).exitCode()).isZero();
    }

    @Test
    void aRelativeDateIsNotSentAgainUnlessForced() throws IOException {
        assertThat(importRows("relative.csv", "ticket,status,reply_due_at", "LF-616004,Nowhere,2 days from now")
                        .exitCode())
                .isEqualTo(1);
        String id = id("LF-616004");
        assertThat(dead("edit", id, "--remove=status").exitCode()).isZero();
        helpDesk.forget();

        Cli.Result refused = dead("replay", id);

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out()).contains("reply_due_at is relative to now");
        assertThat(helpDesk.requests()).isZero();
        assertThat(dead("replay", "--force", id).exitCode()).isZero();
        assertThat(helpDesk.requests()).isEqualTo(1);
    }

    @Test
    void aMendedRowOfARejectedFileReplaysItsLetterAndAWrongOneMovesIt() throws IOException {
        importMixed();
        String lf = id("LF-616004");
        String xx = id("XX-000001");

        Cli.Result again = importAgain(rejected("mixed"), "mended.csv", "Resolvd", "Resolved");

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(letter(lf).get("state").asText()).isEqualTo("applied");
        assertThat(letters()).hasSize(2);
        JsonNode moved = letter(xx);
        assertThat(moved.get("state").asText()).isEqualTo("open");
        assertThat(moved.get("name").asText()).isEqualTo("mended.csv");
        assertThat(moved.get("position").asInt()).isEqualTo(3);
        assertThat(moved.get("replays").asInt()).isEqualTo(1);
        assertThat(moved.get("attempts").asInt()).isEqualTo(2);
        assertThat(Files.readAllLines(rejected("mended")))
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).endsWith("," + xx));
    }

    @Test
    void aRowThatIsGivenTwiceLosesNeither() throws IOException {
        importMixed();
        String xx = id("XX-000001");
        String row = Files.readAllLines(rejected("mixed")).stream()
                .filter(line -> line.endsWith(xx))
                .findFirst()
                .orElseThrow();

        Cli.Result again = importAgain(rejected("mixed"), "twice.csv", row, row + "\r\n" + row);

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(letters("--ticket=XX-000001")).hasSize(2);
        assertThat(Files.readAllLines(rejected("twice"))).hasSize(5);
    }

    @Test
    void aRowThatComesTooLateIsInvalidUnlessItsLetterIsNoLongerNamed() throws IOException {
        importMixed();
        String id = id("LF-616004");
        assertThat(run("send", "LF-616004", "status=New").exitCode()).isZero();
        helpDesk.forget();

        importAgain(rejected("mixed"), "late.csv", "Resolvd", "Resolved");

        assertThat(letter(id).get("outcome").asText()).isEqualTo("invalid");
        assertThat(letter(id).get("reason").asText()).contains("status: a later update has set it", "empty its cell");
        assertThat(helpDesk.log())
                .extracting(request -> request.get("parameters").get("ticket").asText())
                .containsExactly("XX-000001");

        Cli.Result forced = importAgain(rejected("late"), "forced.csv", id, "");
        assertThat(forced.exitCode()).isEqualTo(1);
        assertThat(helpDesk.log())
                .extracting(request -> request.get("parameters").get("ticket").asText())
                .contains("LF-616004");
    }

    @Test
    void anExportedFileIsImportedAsItIs() throws IOException {
        importMixed();
        assertThat(dead("edit", id("LF-616004"), "status=Closed", "user=").exitCode())
                .isZero();
        assertThat(dead("edit", id("OC-820409"), "--remove=reply_due_at", "--remove=subject", "custom[notes]==1+1")
                        .exitCode())
                .isZero();
        Path file = folder.resolve("letters.csv");

        assertThat(dead("export", file).out()).isEqualToIgnoringNewLines("3 dead letters in " + file);
        Cli.Result imported = run("import", file);

        assertThat(imported.exitCode()).isEqualTo(1);
        assertThat(letters())
                .singleElement()
                .satisfies(left -> assertThat(left.get("ticket").asText()).isEqualTo("XX-000001"));
        assertThat(helpDesk.requests()).isEqualTo(3);
        assertThat(helpDesk.log())
                .extracting(request -> request.get("parameters").toString())
                .contains(
                        "{\"ticket\":\"LF-616004\",\"status\":\"Closed\",\"subject\":\"one\",\"user\":\"\"}",
                        "{\"ticket\":\"OC-820409\",\"custom[notes]\":\"=1+1\"}");
    }

    @Test
    void anExportTakesTheSameFiltersAsTheList() throws IOException {
        importMixed();
        Path file = folder.resolve("letters.csv");

        assertThat(dead("export", "--outcome=invalid", file).exitCode()).isZero();

        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThat(Files.readString(file))
                .contains("OC-820409", id("OC-820409"))
                .doesNotContain("LF-616004");
    }
}
