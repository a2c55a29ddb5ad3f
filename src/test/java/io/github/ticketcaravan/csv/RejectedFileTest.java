package io.github.ticketcaravan.csv;

import static io.github.ticketcaravan.csv.CsvFixture.readable;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.ticketcaravan.settings.CsvSettings;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.TicketUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RejectedFileTest {

    private static final String OWN = "caravan.outcome,caravan.status,caravan.reason,caravan.dead-letter\r\n";

    @TempDir
    private Path folder;

    @Test
    void theRowsAreThereAsTheyCameAndWithWhy() throws IOException {
        Path file = folder.resolve("orders.rejected.csv");
        long written = RejectedFile.write(
                file,
                List.of(" Ticket ", "Custom[a,b]"),
                List.of(
                                new RejectedRow(
                                        "LF-616004,\"x\n\"\"y\"\"\"",
                                        "rejected",
                                        422,
                                        "status_id: can't be blank",
                                        "17"),
                                new RejectedRow("LF-616005,-1", "invalid", null, "'x' is no ID", "18"))
                        .iterator());
        assertThat(written).isEqualTo(2);
        assertThat(Files.readString(file))
                .isEqualTo("\uFEFF Ticket ,\"Custom[a,b]\"," + OWN
                        + "LF-616004,\"x\n\"\"y\"\"\",rejected,422,status_id: can't be blank,17\r\n"
                        + "LF-616005,'-1,invalid,,''x' is no ID,18\r\n");
    }

    @Test
    void whatNoTextFileCanHoldIsEscapedAndNotReplaced() throws IOException {
        Path file = folder.resolve("orders.rejected.csv");
        RejectedFile.write(
                file,
                List.of("ticket", "custom[a]"),
                List.of(new RejectedRow("LF-616004,a\0b\ud83d", "invalid", null, "a NUL", "1"))
                        .iterator());
        assertThat(Files.readString(file))
                .isEqualTo("\uFEFFticket,custom[a]," + OWN + "LF-616004,a\\u0000b\\ud83d,invalid,,a NUL,1\r\n");
    }

    @Test
    void missingCellsAreEmptyAndSurplusCellsAreToldInTheReason() throws IOException {
        Path file = folder.resolve("orders.rejected.csv");
        RejectedFile.write(
                file,
                List.of("ticket", "status", "subject"),
                List.of(
                                new RejectedRow("LF-616004", "invalid", null, "too few", "1"),
                                new RejectedRow("LF-616005,Open,Hello, world,!", "invalid", null, "too many", "2"))
                        .iterator());
        assertThat(Files.readString(file))
                .isEqualTo("\uFEFFticket,status,subject," + OWN
                        + "LF-616004,,,invalid,,too few,1\r\n"
                        + "LF-616005,Open,Hello,invalid,,\"too many; left out here: ' world', '!'\",2\r\n");
    }

    @Test
    void columnsOfOurOwnAreReplacedAndNotRepeated() throws IOException {
        Path file = folder.resolve("again.rejected.csv");
        RejectedFile.write(
                file,
                List.of("Caravan.Outcome", "ticket", "caravan.dead-letter", "subject", "caravan.reason"),
                List.of(new RejectedRow("old,LF-616004,17,''x,old", "failed", 503, "new", "18"))
                        .iterator());
        assertThat(Files.readString(file))
                .isEqualTo("\uFEFFticket,subject," + OWN + "LF-616004,''x,failed,503,new,18\r\n");
    }

    @Test
    void aFolderThatIsMissingIsNamed() {
        Path file = folder.resolve("gone").resolve("orders.rejected.csv");
        assertThatThrownBy(() -> RejectedFile.write(
                        file, List.of("ticket"), List.<RejectedRow>of().iterator()))
                .isInstanceOf(IOException.class)
                .hasMessage("the receipt " + file + " cannot be written (no such folder): create "
                        + folder.resolve("gone").toAbsolutePath());
    }

    @Test
    void everyReadableFileComesBackAsTheSameUpdates() throws IOException {
        for (String name : List.of(
                "utf-8.csv",
                "semicolon.csv",
                "every-parameter.csv",
                "empty-cells.csv",
                "white-space.csv",
                "invalid-rows.csv")) {
            assertComesBack(readable(name), CsvFixture.DEFAULTS);
        }
    }

    @Test
    void itComesBackWhateverCharsetAndDelimiterAreSetForOtherFiles() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "ticket;subject\nLF-616004;Grüße, x\n", ISO_8859_1);
        CsvSettings settings = CsvFixture.settings(ISO_8859_1, ';', Map.of(), Set.of());
        assertComesBack(file, settings);
    }

    @Test
    void itComesBackWithTheSameRenamesAndIgnoredColumns() throws IOException {
        assertComesBack(
                readable("renamed.csv"),
                CsvFixture.settings(
                        UTF_8,
                        null,
                        Map.of("Ticket No", "ticket", "State", "status", "Status", "custom[old]"),
                        Set.of("Comment")));
    }

    @Test
    void aReplayThatIsRejectedAgainComesBackTheSame() throws IOException {
        assertComesBack(readable("of-rejected-rows.csv"), CsvFixture.DEFAULTS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anyRowComesBackAsTheSameUpdate(long seed) throws IOException {
        var random = new Random(seed);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ticket", "subject", "custom[note]", "-ignored"));
        for (int i = 0; i < 500; i++) {
            rows.add(List.of("LF-%06d".formatted(i), cell(random), cell(random), cell(random)));
        }
        String text = String.join("\r\n", rows.stream().map(CsvLine::encode).toList());
        assertComesBack(
                Files.writeString(folder.resolve("random.csv"), text),
                CsvFixture.settings(UTF_8, null, Map.of(), Set.of("-ignored")));
    }

    private static String cell(Random random) {
        String[] pieces = {"=", "-1", "+", "@", "'", "\"", ",", "\n", "\r\n", "\t", " ", "ü", "👋", "x", ";", "\\empty"
        };
        var cell = new StringBuilder();
        for (int length = random.nextInt(4); length > 0; length--) {
            cell.append(pieces[random.nextInt(pieces.length)]);
        }
        return cell.toString();
    }

    /** Rejects every row, twice: the second time what is rejected is the rejected file itself. */
    private void assertComesBack(Path file, CsvSettings settings) throws IOException {
        List<TicketUpdate> sent = new ArrayList<>();
        Path once = reject(file, settings, sent);
        List<TicketUpdate> sentAgain = new ArrayList<>();
        Path twice = reject(once, settings, sentAgain);
        List<TicketUpdate> sentThrice = CsvFixture.read(twice, settings);

        for (List<TicketUpdate> again : List.of(sentAgain, sentThrice)) {
            assertThat(again).hasSameSizeAs(sent).isNotEmpty();
            for (int i = 0; i < sent.size(); i++) {
                assertThat(again.get(i))
                        .extracting(
                                TicketUpdate::ticket,
                                TicketUpdate::parameters,
                                TicketUpdate::problems,
                                TicketUpdate::warnings,
                                TicketUpdate::replayOf)
                        .isEqualTo(tuple(
                                        sent.get(i).ticket(),
                                        sent.get(i).parameters(),
                                        sent.get(i).problems(),
                                        sent.get(i).warnings(),
                                        "dead-" + i)
                                .toList());
            }
        }
    }

    private Path reject(Path file, CsvSettings settings, List<TicketUpdate> updates) throws IOException {
        try (CsvFile csv = CsvFixture.open(file, settings)) {
            CsvCheck check = csv.check(updates::add);
            Iterator<RejectedRow> rejected = IntStream.range(0, updates.size())
                    .mapToObj(i -> new RejectedRow(
                            updates.get(i).original(),
                            "rejected",
                            422,
                            Problem.sentence(updates.get(i).problems()),
                            "dead-" + i))
                    .iterator();
            Path receipt = folder.resolve(ReceiptNames.rejected(ReceiptNames.nameOf(file)));
            assertThat(RejectedFile.write(receipt, check.header(), rejected)).isEqualTo(check.rows());
            return receipt;
        }
    }
}
