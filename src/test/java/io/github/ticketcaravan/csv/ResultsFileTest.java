package io.github.ticketcaravan.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {

    private static final Instant TIME = Instant.parse("2026-11-23T19:50:00Z");
    private static final ResultRow APPLIED = new ResultRow(2, "LF-616004", "applied", 200, 1, "", TIME);

    @TempDir
    private Path folder;

    @Test
    void thereIsOneLineARow() throws IOException {
        Path file = folder.resolve("orders.results.csv");
        long written = ResultsFile.write(
                file,
                List.of(
                                APPLIED,
                                new ResultRow(3, "", "invalid", null, 0, "ticket: is missing", TIME.plusMillis(250)),
                                new ResultRow(7, "=cmd()", "rejected", 422, 2, "\"base\": no, sorry\nü", TIME))
                        .iterator());
        assertThat(written).isEqualTo(3);
        assertThat(Files.readString(file))
                .isEqualTo(String.join(
                        "\r\n",
                        "row,ticket,outcome,status,attempts,reason,finished_at",
                        "2,LF-616004,applied,200,1,,2026-11-23T19:50:00Z",
                        "3,,invalid,,0,ticket: is missing,2026-11-23T19:50:00.250Z",
                        "7,'=cmd(),rejected,422,2,\"\"\"base\"\": no, sorry\nü\",2026-11-23T19:50:00Z",
                        ""));
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void anOlderReceiptIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("orders.results.csv"), "old".repeat(1_000));
        ResultsFile.write(file, List.of(APPLIED).iterator());
        assertThat(Files.readString(file))
                .isEqualTo(String.join(
                        "\r\n",
                        "row,ticket,outcome,status,attempts,reason,finished_at",
                        "2,LF-616004,applied,200,1,,2026-11-23T19:50:00Z",
                        ""));
    }

    @Test
    void aFolderThatIsMissingIsNamed() {
        Path file = folder.resolve("gone").resolve("orders.results.csv");
        assertThatThrownBy(() -> ResultsFile.write(file, List.of(APPLIED).iterator()))
                .isInstanceOf(IOException.class)
                .hasMessage("the receipt " + file + " cannot be written (no such folder): create "
                        + folder.resolve("gone").toAbsolutePath())
                .hasCauseInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aFolderThatMayNotBeWrittenIsNamed() throws IOException {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        assumeThat(locked.toFile().setWritable(false)).isTrue();
        assumeThat(Files.isWritable(locked))
                .as("the superuser writes everywhere")
                .isFalse();
        Path file = locked.resolve("orders.results.csv");
        assertThatThrownBy(() -> ResultsFile.write(file, List.of(APPLIED).iterator()))
                .isInstanceOf(IOException.class)
                .hasMessage("the receipt " + file + " cannot be written (permission denied): make " + locked
                        + " writable for this user");
    }

    @Test
    void aFullDiskIsTold() throws IOException {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        Path file = folder.resolve("orders.results.csv");
        Files.createSymbolicLink(folder.resolve("orders.results.csv.part"), full);
        assertThatThrownBy(() -> ResultsFile.write(file, List.of(APPLIED).iterator()))
                .isInstanceOf(IOException.class)
                .hasMessage("the receipt " + file + " cannot be written (No space left on device): check that "
                        + folder.toAbsolutePath() + " is a folder on a disk that has room");
    }

    @Test
    void aFailureLeavesTheOlderReceiptAsItWasAndNothingBesideIt() throws IOException {
        Path file = Files.writeString(folder.resolve("orders.results.csv"), "old");
        Iterator<ResultRow> failing = Stream.concat(Stream.of(APPLIED), Stream.<ResultRow>generate(() -> {
                    throw new IllegalStateException("the ledger is gone");
                }))
                .iterator();
        assertThatThrownBy(() -> ResultsFile.write(file, failing))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the ledger is gone");
        assertThat(Files.readString(file)).isEqualTo("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void manyRowsAreWrittenAsTheyCome() throws IOException {
        Path file = folder.resolve("orders.results.csv");
        long written = ResultsFile.write(
                file,
                IntStream.range(0, 50_000)
                        .mapToObj(i -> new ResultRow(i + 2, "LF-616004", "applied", 200, 1, "", TIME))
                        .iterator());
        assertThat(written).isEqualTo(50_000);
        try (Stream<String> lines = Files.lines(file)) {
            assertThat(lines.count()).isEqualTo(50_001);
        }
    }
}
