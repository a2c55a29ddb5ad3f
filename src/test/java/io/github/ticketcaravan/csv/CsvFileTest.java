package io.github.ticketcaravan.csv;

import static io.github.ticketcaravan.csv.CsvFixture.read;
import static io.github.ticketcaravan.csv.CsvFixture.readable;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvFileTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "utf-8.csv, UTF-8, ','",
        "utf-8-marked.csv, UTF-8, ','",
        "utf-16-le-marked.csv, UTF-16LE, ','",
        "utf-16-be-marked.csv, UTF-16BE, ','",
        "crlf.csv, UTF-8, ','",
        "cr.csv, UTF-8, ','",
        "no-last-line-break.csv, UTF-8, ','",
        "empty-lines-before-header.csv, UTF-8, ','",
        "semicolon.csv, UTF-8, ;",
        "quoted-semicolon.csv, UTF-8, ;",
        "tab.csv, UTF-8, '\t'",
        "pipe.csv, UTF-8, |",
        "gzip.csv.gz, UTF-8, ','",
        "gzip-of-utf-16.csv.gz, UTF-16LE, ','",
        "gzip-in-two-members.csv.gz, UTF-8, ','",
    })
    void charsetDelimiterAndCompressionAreFoundByLooking(String name, String charset, char delimiter) throws Exception {
        Path path = readable(name);
        List<TicketUpdate> updates = new ArrayList<>();
        try (CsvFile file = CsvFixture.open(path)) {
            assertThat(file.check(updates::add))
                    .isEqualTo(new CsvCheck(
                            sha256(path),
                            2,
                            0,
                            Files.size(path),
                            List.of("ticket", "status", "subject"),
                            delimiter,
                            java.nio.charset.Charset.forName(charset)));
        }
        assertThat(updates)
                .extracting(TicketUpdate::ticket, TicketUpdate::parameters, TicketUpdate::original)
                .containsExactly(
                        tuple(
                                "LF-616004",
                                Map.of("status", "Waiting for Staff", "subject", "Grüße, 👋 \"Welt\""),
                                "LF-616004,Waiting for Staff,\"Grüße, 👋 \"\"Welt\"\"\""),
                        tuple("LF-616005", Map.of("status", "Öffnen", "subject", "日本"), "LF-616005,Öffnen,日本"));
    }

    @Test
    void everyParameterOfTheSpecificationCanBeAColumn() throws IOException {
        List<TicketUpdate> updates = read(readable("every-parameter.csv"));
        assertThat(updates).hasSize(3);
        TicketUpdate all = updates.get(0);
        assertThat(all.isValid()).isTrue();
        assertThat(all.warnings()).isEmpty();
        assertThat(all.origin()).isEqualTo(new Origin(Source.CSV, "every-parameter.csv", 2));
        assertThat(all.replayOf()).isNull();
        assertThat(all.parameters())
                .containsExactly(
                        entry("status", "Waiting for Staff"),
                        entry("priority", "High"),
                        entry("department", "3"),
                        entry("sla", "Gold"),
                        entry("team", "1st Line Support"),
                        entry("user", "charlie"),
                        entry("subject", "Ünï & 100% = \"done\"?"),
                        entry("tag_list", "vip, urgent"),
                        entry("updated_at", "2026-11-23T00:00:00+01:00"),
                        entry("reply_due_at", "2026-11-23T19:50:00+01:00"),
                        entry("resolution_due_at", "2 days from now"),
                        entry("custom[Phone Number]", "+49 30 1234"),
                        entry("custom[größe]", "XL"),
                        entry("custom[note]", "two\nlines"),
                        entry("contact_method_data", "adam@example.com"),
                        entry("contact_name", "Adam Cooke"),
                        entry("additional_contact_methods", "adam@atech.io,dave@atech.io"));
        assertThat(updates.get(2).origin().position()).isEqualTo(5);
    }

    @Test
    void anEmptyCellLeavesTheParameterAloneAndTheCellEmptyClearsIt() throws IOException {
        assertThat(read(readable("empty-cells.csv")))
                .extracting(TicketUpdate::parameters)
                .containsExactly(
                        Map.of("user", "", "subject", ""),
                        Map.of("status", "\\Empty", "user", "\\\\empty", "subject", "a \\empty"));
    }

    @Test
    void aTicketThatIsToBeSentEmptyIsMissing() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "ticket,status\n\\empty,Open\n");
        assertThat(read(file).get(0).problems())
                .containsExactly(new Problem("ticket", "is missing: expected a ticket's reference such as LF-616004"));
    }

    @Test
    void whiteSpaceAroundNamesReferencesAndDatesMeansNothingAndBelongsToText() throws IOException {
        List<TicketUpdate> updates = read(readable("white-space.csv"));
        assertThat(updates).hasSize(1);
        assertThat(updates.get(0).ticket()).isEqualTo("LF-000002");
        assertThat(updates.get(0).parameters())
                .containsExactly(
                        entry("status", "Open"),
                        entry("subject", " Hello  "),
                        entry("custom[a]", " b "),
                        entry("department", "3"),
                        entry("updated_at", "2026-11-23T19:50:00+01:00"));
        assertThat(updates.get(0).original()).isEqualTo(" LF-000002 , Open , Hello  , b , 3 , 2026-11-23 19:50 ");
    }

    @Test
    void aRowsPositionIsItsFirstLineWhateverBreaksTheLines() throws IOException {
        assertThat(read(
                        readable("line-numbers.csv"),
                        CsvFixture.settings(UTF_8, null, Map.of("sub\nject", "subject"), Set.of())))
                .extracting(update -> update.origin().position(), TicketUpdate::ticket)
                .containsExactly(
                        tuple(3L, "LF-000003"),
                        tuple(9L, "LF-000009"),
                        tuple(10L, "LF-000010"),
                        tuple(12L, "LF-000012"));
    }

    @Test
    void aRowWithTooFewOrTooManyCellsIsInvalidAndNotTheEndOfTheFile() throws IOException {
        String tooFew = " where the header has 3: expected 3 (an empty cell needs its delimiter ',' too)";
        assertThat(read(readable("cell-counts.csv")))
                .extracting(
                        update -> update.origin().position(),
                        TicketUpdate::ticket,
                        TicketUpdate::parameters,
                        update -> Problem.sentence(update.problems()),
                        TicketUpdate::original)
                .containsExactly(
                        tuple(2L, "LF-000002", Map.of(), "the row has 2 cells" + tooFew, "LF-000002,Open"),
                        tuple(
                                3L,
                                "LF-000003",
                                Map.of(),
                                "the row has 4 cells where the header has 3: expected 3 (quote a cell that holds the "
                                        + "delimiter ',')",
                                "LF-000003,Open,Hello, world"),
                        tuple(
                                4L,
                                "LF-000004",
                                Map.of("status", "Open", "subject", "Hello"),
                                "",
                                "LF-000004,Open,Hello"),
                        tuple(6L, "LF-000006", Map.of(), "the row has 1 cell" + tooFew, "LF-000006"));
    }

    @Test
    void theCheckCountsInvalidRowsAndHandsThemOut() throws IOException {
        List<TicketUpdate> updates = new ArrayList<>();
        try (CsvFile file = CsvFixture.open(readable("invalid-rows.csv"))) {
            CsvCheck check = file.check(updates::add);
            assertThat(check.rows()).isEqualTo(3);
            assertThat(check.invalid()).isEqualTo(1);
        }
        assertThat(updates).extracting(TicketUpdate::isValid).containsExactly(false, true, true);
        assertThat(updates.get(0).problems())
                .extracting(Problem::field)
                .containsExactly("ticket", "department", "reply_due_at", "subject");
        assertThat(updates.get(2).warnings()).extracting(Problem::field).containsExactly("ticket");
    }

    @Test
    void columnsAreRenamedAndIgnoredWhateverTheirSpelling() throws IOException {
        assertThat(read(
                        readable("renamed.csv"),
                        CsvFixture.settings(
                                UTF_8,
                                null,
                                Map.of(
                                        "ticket-no",
                                        "Ticket",
                                        "STATE",
                                        "status",
                                        "status",
                                        "custom[old]",
                                        "absent",
                                        "sla"),
                                Set.of("comment", "absent too"))))
                .extracting(TicketUpdate::ticket, TicketUpdate::parameters, TicketUpdate::original)
                .containsExactly(tuple(
                        "LF-000002", Map.of("status", "Open", "custom[old]", "reply"), "LF-000002,Open,reply,nothing"));
    }

    @Test
    void aParametersColumnCanBeIgnored() throws IOException {
        assertThat(read(readable("utf-8.csv"), CsvFixture.settings(UTF_8, null, Map.of(), Set.of("Status"))))
                .allSatisfy(update -> assertThat(update.parameters()).containsOnlyKeys("subject"));
    }

    @Test
    void theCharsetThatIsSetIsTheOneOfFilesWithoutAMark() throws IOException {
        var latin1 = CsvFixture.settings(ISO_8859_1, null, Map.of(), Set.of());
        assertThat(read(readable("latin-1.csv"), latin1).get(0).parameters()).containsEntry("subject", "Grüße");
        assertThat(read(readable("utf-8-marked.csv"), latin1).get(1).parameters())
                .containsEntry("status", "Öffnen");
    }

    @Test
    void utf16WithoutAMarkIsReadWhereItIsSet() throws IOException {
        String text = "ticket,subject\nLF-616004,Grüße\n";
        Path little = Files.writeString(folder.resolve("little.csv"), text, UTF_16LE);
        assertThat(read(little, CsvFixture.settings(UTF_16LE, null, Map.of(), Set.of())))
                .hasSize(1);
        Path big = Files.writeString(folder.resolve("big.csv"), text, UTF_16BE);
        assertThat(read(big, CsvFixture.settings(UTF_16, null, Map.of(), Set.of())))
                .hasSize(1);
    }

    @Test
    void theDelimiterThatIsSetIsUsed() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "ticket#subject\nLF-616004#a,b\n");
        assertThat(read(file, CsvFixture.settings(UTF_8, '#', Map.of(), Set.of()))
                        .get(0)
                        .parameters())
                .containsExactly(entry("subject", "a,b"));
    }

    @Test
    void aFileOfOurOwnHasItsGuardsTakenOffAndItsRowsAreReplays() throws IOException {
        assertThat(read(readable("of-rejected-rows.csv")))
                .extracting(TicketUpdate::ticket, TicketUpdate::parameters, TicketUpdate::replayOf)
                .containsExactly(
                        tuple("LF-000002", Map.of("status", "=1+1", "subject", "'quoted"), "17"),
                        tuple("LF-000003", Map.of("status", "Open", "subject", "-1"), null),
                        tuple("LF-000004", Map.of("status", "", "subject", "plain"), "18"));
    }

    @Test
    void aFileOfSomeoneElsesKeepsItsLeadingQuotes() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "ticket,subject\nLF-616004,'=1\n");
        assertThat(read(file).get(0).parameters()).containsExactly(entry("subject", "'=1"));
    }

    @Test
    void theSecondPassGivesTheSameUpdatesAsTheFirst() throws IOException {
        for (String name : List.of("every-parameter.csv", "gzip-in-two-members.csv.gz", "invalid-rows.csv")) {
            List<TicketUpdate> first = new ArrayList<>();
            try (CsvFile file = CsvFixture.open(readable(name))) {
                file.check(first::add);
                for (int pass = 0; pass < 2; pass++) {
                    List<TicketUpdate> second = new ArrayList<>();
                    file.updates().forEachRemaining(second::add);
                    assertThat(second).isEqualTo(first);
                }
            }
        }
    }

    @Test
    void anIteratorThatHasEndedStaysEnded() throws IOException {
        try (CsvFile file =
                CsvFixture.open(readable("latin-1.csv"), CsvFixture.settings(ISO_8859_1, null, Map.of(), Set.of()))) {
            file.check(update -> {});
            Iterator<TicketUpdate> updates = file.updates();
            assertThat(updates.next().ticket()).isEqualTo("LF-616004");
            assertThat(updates.hasNext()).isFalse();
            assertThat(updates.hasNext()).isFalse();
            assertThatThrownBy(updates::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void updatesBeforeTheCheckAreAMistakeOfTheCaller() throws IOException {
        try (CsvFile file = CsvFixture.open(readable("utf-8.csv"))) {
            assertThatThrownBy(file::updates)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("check() comes first");
        }
    }

    @Test
    void aFileThatIsRemovedAfterItWasOpenedIsStillRead() throws IOException {
        Path path = Files.writeString(folder.resolve("a.csv"), "ticket,status\nLF-616004,Open\n");
        try (CsvFile file = CsvFixture.open(path)) {
            Files.delete(path);
            assertThat(file.check(update -> {}).rows()).isEqualTo(1);
            assertThat(file.updates()).toIterable().hasSize(1);
        }
    }

    @Test
    void aFileThatHasGrownSinceItWasCheckedIsNotReadAgain() throws IOException {
        Path path = Files.writeString(folder.resolve("a.csv"), "ticket,status\nLF-616004,Open\n");
        try (CsvFile file = CsvFixture.open(path)) {
            file.check(update -> {});
            Files.writeString(path, "LF-616005,Open\n", StandardOpenOption.APPEND);
            assertThatThrownBy(file::updates)
                    .isInstanceOf(UnreadableFileException.class)
                    .hasMessage(changed(path, "size"));
        }
    }

    @Test
    void aFileWhoseHeaderHasChangedIsNotReadAgain() throws IOException {
        Path path = Files.writeString(folder.resolve("a.csv"), "ticket,team\nLF-616004,Open\n");
        try (CsvFile file = CsvFixture.open(path)) {
            file.check(update -> {});
            Files.writeString(path, "ticket,user\nLF-616004,Open\n");
            assertThatThrownBy(file::updates)
                    .isInstanceOf(UnreadableFileException.class)
                    .hasMessage(changed(path, "header"));
        }
    }

    @Test
    void aFileWhoseContentHasChangedIsFoundOutAtItsEnd() throws IOException {
        Path path = Files.writeString(folder.resolve("a.csv"), "ticket,team\nLF-616004,Open\n");
        try (CsvFile file = CsvFixture.open(path)) {
            file.check(update -> {});
            Files.writeString(path, "ticket,team\nLF-616005,Open\n");
            Iterator<TicketUpdate> updates = file.updates();
            assertThat(updates.next().ticket()).isEqualTo("LF-616005");
            assertThatThrownBy(updates::hasNext)
                    .isInstanceOf(UncheckedIOException.class)
                    .cause()
                    .isInstanceOf(UnreadableFileException.class)
                    .hasMessage(changed(path, "content"));
        }
    }

    @Test
    void aReaderThatIsInterruptedSaysSo() throws IOException {
        Path path = Files.writeString(folder.resolve("a.csv"), "ticket,team\nLF-616004,Open\n");
        try (CsvFile file = CsvFixture.open(path)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> file.check(update -> {}))
                    .isInstanceOf(UnreadableFileException.class)
                    .hasMessage(path + " was not read to its end: reading was interrupted");
            assertThat(Thread.interrupted()).as("the interrupt is still there").isTrue();
        }
    }

    @Test
    void whatWasReadOfTheBytesIsToldWhileReading() throws IOException {
        Path path = folder.resolve("long.csv");
        try (Writer writer = Files.newBufferedWriter(path)) {
            writer.write("ticket,subject\n");
            for (int i = 0; i < 20_000; i++) {
                writer.write("LF-616004,a subject of some length\n");
            }
        }
        try (CsvFile file = CsvFixture.open(path)) {
            assertThat(file.bytesRead()).isZero();
            file.check(update -> {});
            assertThat(file.size()).isEqualTo(Files.size(path));
            assertThat(file.bytesRead()).isEqualTo(file.size());
            Iterator<TicketUpdate> updates = file.updates();
            updates.next();
            assertThat(file.bytesRead()).isPositive().isLessThan(file.size() / 2);
            updates.forEachRemaining(update -> {});
            assertThat(file.bytesRead()).isEqualTo(file.size());
        }
    }

    @Test
    void aFileMayBeLongerThanTheLongestRow() throws IOException {
        Path path = folder.resolve("long.csv");
        int rows = CsvFixture.LONGEST_ROW / 1_000 + 1_000;
        try (Writer writer = Files.newBufferedWriter(path)) {
            writer.write("ticket,custom[note]\n");
            for (int i = 0; i < rows; i++) {
                writer.write("LF-616004," + "x".repeat(1_000) + "\n");
            }
        }
        try (CsvFile file = CsvFixture.open(path)) {
            assertThat(file.check(update -> {}).rows()).isEqualTo(rows);
            assertThat(file.updates()).toIterable().hasSize(rows);
        }
    }

    @Test
    void aCellOfNearlyTenMegabytesFitsInto256MegabytesOfMemory() throws Exception {
        Path path = folder.resolve("large.csv");
        try (Writer writer = Files.newBufferedWriter(path)) {
            writer.write("ticket,custom[note]\nLF-616004,\"");
            for (int i = 0; i < 999_000; i++) {
                writer.write("ten chars\n");
            }
            writer.write("日本\"\nLF-616005,small\n");
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeCell.class.getName(),
                        path.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .endsWith("LF-616004 9990002" + System.lineSeparator() + "LF-616005 5" + System.lineSeparator());
        assertThat(process.waitFor()).isZero();
    }

    /** Reads a file twice in a process of its own, and prints what the second pass gives. */
    static final class LargeCell {

        public static void main(String[] arguments) throws IOException {
            try (CsvFile file = CsvFixture.open(Path.of(arguments[0]))) {
                file.check(update -> {});
                file.updates()
                        .forEachRemaining(update -> System.out.println(update.ticket() + " "
                                + update.parameters().get("custom[note]").length()));
            }
        }

        private LargeCell() {}
    }

    private static String changed(Path path, String what) {
        return path + " has changed since it was checked (its " + what
                + "): what was not sent yet is not sent; import it again once nothing writes to it";
    }

    private static String sha256(Path path) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path)));
    }
}
