package io.github.ticketcaravan.csv;

import static io.github.ticketcaravan.csv.CsvFixture.unreadable;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.ticketcaravan.settings.CsvSettings;
import io.github.ticketcaravan.settings.SettingsException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnreadableFileTest {

    private static final String SAVE_AS_UTF_8 =
            ": save the file as UTF-8, or name its charset with caravan.csv.charset (windows-1252, say)";
    private static final String NO_TEXT =
            ": a NUL is here, so this is no text in UTF-8: save the file as CSV in UTF-8, or, "
                    + "where it is UTF-16 without a byte-order mark, set caravan.csv.charset to UTF-16LE or UTF-16BE";
    private static final String EMPTY =
            " is empty: expected a header with a column ticket, and one row for each update";
    private static final String NO_ROWS = " has a header and no rows: expected one for each update";
    private static final String MEND_THE_HEADER = ": mend the header, or map a name to a parameter with "
            + "caravan.csv.columns, or pass its column over with caravan.csv.ignore";
    private static final String TEXT_AFTER_QUOTE = ": in the row that begins here text follows a closing quote: double "
            + "the quotes within cells (\"a \"\"b\"\" c\"), and put only a delimiter after the last";
    private static final String TAKE_ONE_OUT = ": take one out, or name it in caravan.csv.ignore";
    private static final String AGAIN = ": fetch it, or compress it, again";

    @TempDir
    private Path folder;

    /** Each file in {@code csv/unreadable}, with the message after the file's name. */
    @SuppressWarnings("ImmutableEnumChecker")
    enum Case {
        EMPTY_FILE("empty.csv", EMPTY),
        ONLY_A_MARK("only-a-byte-order-mark.csv", EMPTY),
        ONLY_EMPTY_LINES("only-empty-lines.csv", EMPTY),
        HEADER_ONLY("header-only.csv", NO_ROWS),
        HEADER_AND_EMPTY_LINES("header-and-empty-lines.csv", NO_ROWS),

        NUL("nul.csv", ", byte 27 (line 2)" + NO_TEXT),
        UTF_16_WITHOUT_MARK("utf-16-without-mark.csv", ", byte 2 (line 1)" + NO_TEXT),
        PICTURE("picture.csv", ", byte 1 (line 1): 89 is not UTF-8" + SAVE_AS_UTF_8),
        WORKBOOK("workbook.csv", " is an Excel workbook or another ZIP archive: save it as CSV in UTF-8"),
        UTF_32("utf-32.csv", " has the byte-order mark of UTF-32, which is not supported: save it as UTF-8"),
        LATIN_1("latin-1.csv", ", byte 28 (line 2): FC is not UTF-8" + SAVE_AS_UTF_8),
        LATIN_1_FAR_BELOW("latin-1-far-below.csv", ", byte 54,028 (line 3,002): FC is not UTF-8" + SAVE_AS_UTF_8),
        CUT_CHARACTER("cut-character.csv", ", byte 28 (line 2): C3 is not UTF-8" + SAVE_AS_UTF_8),
        ODD_UTF_16(
                "odd-utf-16.csv",
                ", byte 57 (line 3): 41 is not UTF-16LE, which its byte-order mark promises: save the file as UTF-8"),

        QUOTE_NEVER_CLOSED(
                "quote-never-closed.csv",
                ", line 4: a quote is opened in the row that begins here and never closed: close it, or double the quotes "
                        + "within cells"),
        TEXT_AFTER_CLOSING_QUOTE("text-after-closing-quote.csv", ", line 3" + TEXT_AFTER_QUOTE),
        TEXT_AFTER_CLOSING_QUOTE_AT_END("text-after-closing-quote-at-end.csv", ", line 2" + TEXT_AFTER_QUOTE),

        TWO_BYTES(
                "two-bytes.csv",
                ", line 1: column 'x' (the nearest is sla) is no parameter of a ticket" + MEND_THE_HEADER),
        UNKNOWN_COLUMN(
                "unknown-column.csv",
                ", line 1: column 'statsu' (the nearest is status) is no parameter of a ticket" + MEND_THE_HEADER),
        MANY_UNKNOWN_COLUMNS(
                "many-unknown-columns.csv",
                ", line 1: columns 'prio' (the nearest is priority), 'due date' (the nearest is team, updated_at), 'a1' "
                        + "(the nearest is sla, team), 'b2' (the nearest is sla), 'c3' (the nearest is sla) and 2 more are no "
                        + "parameters of a ticket" + MEND_THE_HEADER),
        UNKNOWN_EVERYWHERE(
                "unknown-everywhere.csv",
                ", line 1: columns 'Foo' (the nearest is sla), 'Bar' (the nearest is sla, team, user), 'Baz' (the nearest "
                        + "is sla, team) are no parameters of a ticket" + MEND_THE_HEADER),
        DUPLICATE_COLUMN(
                "duplicate-column.csv", ", line 1: the columns 'status' and 'Status' both mean status" + TAKE_ONE_OUT),
        DUPLICATE_CUSTOM_FIELD(
                "duplicate-custom-field.csv",
                ", line 1: the columns 'custom[phone]' and 'cf.phone' both mean custom[phone]" + TAKE_ONE_OUT),
        NO_TICKET_COLUMN(
                "no-ticket-column.csv",
                ", line 1: no column is named ticket: name the one that holds the references so, or map it with "
                        + "caravan.csv.columns (Ticket No=ticket, say)"),
        NAMELESS_COLUMN(
                "nameless-column.csv", ", line 1: column 3 has no name: name it in the header, or take the column out"),
        NAMELESS_CUSTOM_FIELD(
                "nameless-custom-field.csv",
                ", line 1: column 'custom[]': the custom field has no name: expected custom[name], the name being the "
                        + "field's system name"),
        BRACKET_IN_CUSTOM_FIELD(
                "bracket-in-custom-field.csv",
                ", line 1: column 'custom[a[b]]': the custom field's name has a bracket in it: expected custom[name], the "
                        + "name being the field's system name without brackets"),
        LINE_BREAK_IN_CUSTOM_FIELD(
                "line-break-in-custom-field.csv",
                ", line 1: column 'custom[a\\u000ab]': the custom field's name has a control character (a tab or line "
                        + "break, say) in it: expected the field's system name"),

        TRUNCATED("truncated.csv.gz", " is compressed with gzip and ends too soon" + AGAIN),
        TRUNCATED_IN_HEADER("truncated-in-header.csv.gz", " is compressed with gzip and ends too soon" + AGAIN),
        WRONG_CHECKSUM("wrong-checksum.csv.gz", " is compressed with gzip and is damaged" + AGAIN),
        DAMAGED("damaged.csv.gz", " is compressed with gzip and is damaged" + AGAIN),
        WRONGLY_ENCODED_GZIP("wrongly-encoded.csv.gz", ", byte 28 (line 2): FC is not UTF-8" + SAVE_AS_UTF_8);

        private final String file;
        private final String message;

        Case(String file, String message) {
            this.file = file;
            this.message = message;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theMessageNamesFilePlaceAndRemedy(Case unreadable) throws IOException {
        assertMessage(unreadable(unreadable.file), CsvFixture.DEFAULTS, unreadable.message);
    }

    @Test
    void everyFixtureIsACase() throws IOException {
        try (Stream<Path> files = Files.list(unreadable("."))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(Case.values())
                            .map(unreadable -> unreadable.file)
                            .toList());
        }
    }

    @Test
    void noRowIsHandedOutOfAFileWhoseHeaderIsWrong() throws IOException {
        try (CsvFile file = CsvFixture.open(unreadable("unknown-column.csv"))) {
            assertThatThrownBy(() -> file.check(update -> {
                        throw new AssertionError(update);
                    }))
                    .isInstanceOf(UnreadableFileException.class);
        }
    }

    @Test
    void aMissingFile() {
        Path missing = folder.resolve("missing.csv");
        assertThatThrownBy(() -> CsvFixture.open(missing))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessage(missing + " does not exist: check its name and folder")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aFolder() {
        assertThatThrownBy(() -> CsvFixture.open(folder))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessage(folder + " is a folder: name a CSV file");
    }

    @Test
    void aDevice() {
        Path device = Path.of("/dev/null");
        assumeThat(device).exists();
        assertThatThrownBy(() -> CsvFixture.open(device))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessage("/dev/null is no regular file, and cannot be read twice: pass what it gives to standard "
                        + "input (-)");
    }

    @Test
    void aFileThatThisUserMayNotRead() throws IOException {
        Path file = Files.writeString(folder.resolve("secret.csv"), "ticket,status\nLF-616004,Open\n");
        assumeThat(Files.getFileStore(file).supportsFileAttributeView("posix")).isTrue();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(file)).as("the superuser reads all").isFalse();
        assertThatThrownBy(() -> CsvFixture.open(file))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessage(file + " may not be read by this user: allow it (chmod +r), or run as another user");
    }

    @Test
    void aNulInUtf16IsNamedByItsByte() throws IOException {
        String text = "ticket,status\nLF-616004,Op\u0000en\n";
        String rest =
                ": a NUL is here, so this is no text in %s: save the file as CSV in UTF-8, or, where it is UTF-16 "
                        + "without a byte-order mark, set caravan.csv.charset to UTF-16LE or UTF-16BE";
        Path plain = Files.writeString(folder.resolve("plain.csv"), text, UTF_16LE);
        assertMessage(plain, charset("UTF-16LE"), ", byte 53 (line 2)" + rest.formatted("UTF-16LE"));
        Path marked = Files.writeString(folder.resolve("marked.csv"), text, UTF_16);
        assertMessage(marked, CsvFixture.DEFAULTS, ", byte 55 (line 2)" + rest.formatted("UTF-16BE"));
    }

    @Test
    void theCharsetThatWasSetIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("umlaut.csv"), "ticket,status\nLF-616004,Öffnen\n", UTF_8);
        assertMessage(
                file,
                CsvFixture.settings(US_ASCII, null, Map.of(), Set.of()),
                ", byte 25 (line 2): C3 is not US-ASCII" + SAVE_AS_UTF_8);
    }

    @Test
    void aRowThatNeverEndsIsRefusedBeforeItFillsTheMemory() throws IOException {
        Path file = folder.resolve("endless.csv");
        try (Writer writer = Files.newBufferedWriter(file)) {
            writer.write("ticket,subject\nLF-616004,\"one\ntwo\"\nLF-616005,\"never closed\n");
            for (int i = 0; i < 900_000; i++) {
                writer.write("LF-616006,fine as such\n");
            }
        }
        assertMessage(
                file,
                CsvFixture.DEFAULTS,
                ", line 4: the row that begins here is longer than 10,000,000 bytes, as if a quote were opened and "
                        + "never closed: look for a cell that begins with a quote, and double the quotes within cells; "
                        + "a row that is that long needs a larger caravan.csv.max-row");
    }

    @Test
    void aHeaderThatNeverEndsIsRefusedToo() throws IOException {
        Path file = folder.resolve("endless.csv");
        try (Writer writer = Files.newBufferedWriter(file)) {
            writer.write("\"ticket,status\n");
            for (int i = 0; i < 900_000; i++) {
                writer.write("LF-616006,fine as such\n");
            }
        }
        assertMessage(
                file,
                CsvFixture.DEFAULTS,
                ", line 1: the row that begins here is longer than 10,000,000 bytes, as if a quote were opened and "
                        + "never closed: look for a cell that begins with a quote, and double the quotes within cells; "
                        + "a row that is that long needs a larger caravan.csv.max-row");
    }

    @Test
    void aColumnThatIsRenamedToAnotherThatIsThereIsADuplicate() throws IOException {
        Path file = Files.writeString(folder.resolve("twice.csv"), "Ticket,State,status\nLF-616004,Open,Open\n");
        assertMessage(
                file,
                CsvFixture.settings(UTF_8, null, Map.of("State", "status"), Set.of()),
                ", line 1: the columns 'State' and 'status' both mean status" + TAKE_ONE_OUT);
    }

    @Test
    void aRenameToWhatIsNoParameterIsAnErrorOfTheSettings() {
        CsvSettings settings = CsvFixture.settings(UTF_8, null, Map.of("Ticket No", "tickte"), Set.of());
        assertThatThrownBy(() -> CsvFixture.open(CsvFixture.readable("utf-8.csv"), settings))
                .isInstanceOf(SettingsException.class)
                .hasMessage("caravan.csv.columns: 'Ticket No=tickte' names no parameter of a ticket; the nearest is "
                        + "ticket");
    }

    @Test
    void aRenameToANamelessCustomFieldIsAnErrorOfTheSettings() {
        CsvSettings settings = CsvFixture.settings(UTF_8, null, Map.of("Phone", "custom[]"), Set.of());
        assertThatThrownBy(() -> CsvFixture.open(CsvFixture.readable("utf-8.csv"), settings))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "caravan.csv.columns: 'Phone=custom[]': the custom field has no name: expected custom[name], "
                                + "the name being the field's system name");
    }

    private static CsvSettings charset(String name) {
        return CsvFixture.settings(java.nio.charset.Charset.forName(name), null, Map.of(), Set.of());
    }

    private static void assertMessage(Path path, CsvSettings settings, String message) throws IOException {
        try (CsvFile file = CsvFixture.open(path, settings)) {
            assertThatThrownBy(() -> file.check(update -> {}))
                    .isInstanceOf(UnreadableFileException.class)
                    .hasMessage(path + message);
        }
    }
}
