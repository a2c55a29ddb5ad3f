package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.wiring.Caravan;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files and configurations that cannot be used: one sentence each, exit code 2, and nothing is sent. */
class UnusableInputTest {

    private static ScriptedServer server;

    @TempDir
    private Path folder;

    private Path data;

    @BeforeAll
    static void startTheServer() throws IOException {
        server = ScriptedServer.always(ScriptedServer.json(200, "true"));
    }

    @AfterAll
    static void stopTheServer() {
        server.close();
    }

    @BeforeEach
    void chooseTheDataFolder() {
        data = folder.resolve("data");
    }

    @AfterEach
    void nothingWasSent() {
        assertThat(server.requests()).isEmpty();
    }

    /** Each kind of unreadable file in its turn; all of them are in UnreadableFileTest. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            empty.csv              | ' is empty: expected a header with a column ticket, and one row for each update'
            header-only.csv        | ' has a header and no rows: expected one for each update'
            picture.csv            | ', byte 1 (line 1): 89 is not UTF-8: save the file as UTF-8, or name its charset with caravan.csv.charset (windows-1252, say)'
            latin-1-far-below.csv  | ', byte 54,028 (line 3,002): FC is not UTF-8: save the file as UTF-8, or name its charset with caravan.csv.charset (windows-1252, say)'
            nul.csv                | ', byte 27 (line 2): a NUL is here, so this is no text in UTF-8: save the file as CSV in UTF-8, or, where it is UTF-16 without a byte-order mark, set caravan.csv.charset to UTF-16LE or UTF-16BE'
            quote-never-closed.csv | ', line 4: a quote is opened in the row that begins here and never closed: close it, or double the quotes within cells'
            unknown-column.csv     | ', line 1: column ''statsu'' (the nearest is status) is no parameter of a ticket: mend the header, or map a name to a parameter with caravan.csv.columns, or pass its column over with caravan.csv.ignore'
            truncated.csv.gz       | ' is compressed with gzip and ends too soon: fetch it, or compress it, again'
            """)
    void aFileThatCannotBeRead(String name, String message) {
        Path file = Cli.PROJECT.resolve("src/test/resources/csv/unreadable").resolve(name);

        assertRefused(Cli.run(data, server.url(), "import", file), file + message);
        Cli.Result dryRun = Cli.run("import", "--dry-run", file, "--data", data);
        assertThat(dryRun.exitCode()).isEqualTo(2);
        assertThat(dryRun.err()).isEqualTo(file + message + System.lineSeparator());
    }

    @Test
    void aFileThatDoesNotExist() {
        Path file = folder.resolve("missing.csv");

        assertRefused(Cli.run(data, server.url(), "import", file), file + " does not exist: check its name and folder");
    }

    @Test
    void aFileThatThisUserMayNotRead() throws IOException {
        Path file = write("secret.csv", "ticket,status\nLF-1,New\n");
        assumeThat(file.toFile().setReadable(false) && !Files.isReadable(file))
                .as("the superuser reads all")
                .isTrue();

        assertRefused(
                Cli.run(data, server.url(), "import", file),
                file + " may not be read by this user: allow it (chmod +r), or run as another user");
    }

    @Test
    void aCellOf10MegabytesIsInvalidInItsRowAlone() throws IOException {
        Path file = folder.resolve("large.csv");
        try (Writer writer = Files.newBufferedWriter(file)) {
            writer.write("ticket,reply_due_at\nLF-1,2026-11-23\nLF-2,");
            for (int i = 0; i < 10_000; i++) {
                writer.write("x".repeat(1_000));
            }
            writer.write("\nLF-3,2026-11-23\n");
        }

        Cli.Result result = Cli.run("import", "--dry-run", file, "--data", data);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("large.csv: 3 rows, 2 would be sent, 1 are invalid. Nothing was sent.");
        assertThat(result.out().lines().filter(line -> line.startsWith("row 3")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("row 3  LF-2  invalid: reply_due_at")
                        .hasSizeLessThan(500));
    }

    @Test
    void aStackTraceIsToldOnlyToThoseWhoAsk() {
        Path file = folder.resolve("missing.csv");

        Cli.Result result = Cli.run(data, server.url(), "import", "--verbose", file);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .startsWith(file + " does not exist: check its name and folder\n")
                .contains("NoSuchFileException", "\tat ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            caravan.endpoint.ulr=x        | caravan.endpoint.ulr: there is no such key; did you mean caravan.endpoint.url?
            endpoint.url=x                | endpoint.url: there is no such key; keys begin with caravan. or camel.
            caravan.delivery.window=many  | caravan.delivery.window=many: expected a whole number from 1 to 1000000
            """)
    void aKeyOrValueThatIsWrong(String set, String message) throws IOException {
        Path file = write("good.csv", "ticket,status\nLF-1,New\n");

        assertRefused(Cli.run(data, server.url(), "import", file, "--set", set), "Configuration: " + message);
    }

    @Test
    void anAddressWithoutAScheme() throws IOException {
        assertRefused(
                Cli.run(data, "desk.example.com", "import", write("good.csv", "ticket,status\nLF-1,New\n")),
                "Configuration: caravan.endpoint.url=desk.example.com: expected the help desk's base URL, such as"
                        + " https://api.sirportly.com");
    }

    @Test
    void theSameInTheFile() throws IOException {
        Path config = Files.createDirectory(folder.resolve("config"));
        Files.writeString(config.resolve("application.properties"), "caravan.delivery.windwo = 5\n");

        assertRefused(
                Cli.run(data, server.url(), "import", "a.csv", "--config", config),
                "Configuration: caravan.delivery.windwo: there is no such key; did you mean caravan.delivery.window?");
    }

    @Test
    void aConfigurationThatIsNoText() throws IOException {
        Path config = Files.createDirectory(folder.resolve("config"));
        Path file = config.resolve("application.properties");
        Files.write(file, "caravan.time-zone = Zürich\n".getBytes(StandardCharsets.ISO_8859_1));

        assertRefused(
                Cli.run("import", "a.csv", "--config", config),
                "Configuration: " + file
                        + " cannot be read (java.nio.charset.MalformedInputException: Input length = 1):"
                        + " expected UTF-8 text of key=value lines");

        Files.writeString(file, "caravan.csv.inbox = C:\\users\\inbox\n");

        assertRefused(
                Cli.run("import", "a.csv", "--config", config),
                "Configuration: " + file + " cannot be read (java.lang.IllegalArgumentException: Malformed \\uxxxx"
                        + " encoding.): expected UTF-8 text of key=value lines");
    }

    @Test
    void foldersThatAreNotThere() throws IOException {
        Path missing = folder.resolve("missing");
        Path file = write("good.csv", "ticket,status\nLF-1,New\n");

        assertRefused(
                Cli.run("import", file, "--config", missing),
                "Configuration: --config " + missing + ": there is no application.properties in it");
        assertRefused(
                Cli.run(data, server.url(), "import", file, "--routes", missing),
                "Configuration: --routes " + missing + ": there is no such folder");
    }

    @ParameterizedTest
    @CsvSource({"import,a.csv,", "run,,", "send,LF-1,status=New"})
    void noHelpDeskIsConfigured(String command, String first, String second) {
        Cli.Result result = Cli.run(Stream.of(command, first, second, "--data", data)
                .filter(word -> word != null)
                .toArray());

        assertRefused(
                result,
                "Configuration: caravan.endpoint.url is empty, so there is no help desk to send to. Set it in "
                        + Cli.PROJECT.resolve("config/application.properties").normalize()
                        + " with caravan.endpoint.token and caravan.endpoint.secret. To practise first, run 'caravan"
                        + " sandbox' in another shell and add --set caravan.endpoint.url=http://localhost:8089 to this"
                        + " command");
        assertThat(data).doesNotExist();
    }

    @Test
    void aDataFolderThatCannotBeMade() throws IOException {
        Path file = write("good.csv", "ticket,status\nLF-1,New\n");
        Path inTheWay = write("in-the-way", "");

        Cli.Result result = Cli.run(inTheWay, server.url(), "import", file);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("Configuration: --data " + inTheWay + ": cannot be written (")
                .endsWith("): make it writable, or choose another folder");
    }

    @Test
    void aLedgerThatIsNone() throws IOException {
        Path file = write("good.csv", "ticket,status\nLF-1,New\n");
        Path noLedger = write("ledger.db", "This is no database, however long one looks at it. ".repeat(100));

        Cli.Result result =
                Cli.run(data, server.url(), "import", file, "--set", "caravan.ledger.url=jdbc:sqlite:" + noLedger);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("The ledger jdbc:sqlite:" + noLedger + " cannot be opened (")
                .endsWith("(it does not begin as a SQLite database does): something else lies there, or it is damaged:"
                        + " put back a copy from a backup, or set caravan.ledger.url to another file");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aDataFolderThatAnotherProcessWorksWith() throws IOException {
        Path file = write("good.csv", "ticket,status\nLF-1,New\n");
        Settings settings = Settings.of(
                new Values(
                        Map.of(),
                        Map.of(),
                        Map.of("caravan.endpoint.url", server.url().toString())),
                data);
        try (Caravan other = Caravan.start(
                settings, Caravan.Mode.ONE_SHOT, Cli.PROJECT.resolve("routes"), Map.of(), Clock.systemUTC(), "test")) {
            Cli.Result result = Cli.run(data, server.url(), "import", file);

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("Configuration: --data " + data + ": another caravan works with this folder.");
            assertThat(Cli.run(data, server.url(), "dead", "list").exitCode())
                    .as("reading goes on beside it")
                    .isZero();
            assertThat(other.ledger()).isNotNull();
        }
    }

    private static void assertRefused(Cli.Result result, String sentence) {
        assertThat(result.err()).isEqualTo(sentence + System.lineSeparator());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
