package io.github.ticketcaravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that is there, is not there, or is something else. */
class LedgerFailureTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private Ledger open(Path file) {
        return Ledger.open("jdbc:sqlite:" + file, NOON);
    }

    @Test
    void aFileThatIsNoDatabaseIsToldWithItsPlaceAndRemedy() throws IOException {
        Path file = Files.writeString(
                folder.resolve("ledger.db"), "this is not a database, whatever it is called\n".repeat(99));

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(LedgerException.class)
                .hasMessageStartingWith("The ledger jdbc:sqlite:" + file + " cannot be opened (")
                .hasMessageContaining("it does not begin as a SQLite database does")
                .hasMessageEndingWith("or set caravan.ledger.url to another file");
        assertThat(file).content().startsWith("this is not a database");
    }

    @Test
    void aFolderThatCannotBeMadeIsToldWithItsPlaceAndRemedy() throws IOException {
        Path file = Files.writeString(folder.resolve("in-the-way"), "");

        assertThatThrownBy(() -> open(file.resolve("ledger.db")))
                .isInstanceOf(LedgerException.class)
                .hasMessageStartingWith("The folder " + file + " for the ledger cannot be made (")
                .hasMessageEndingWith("make it writable, or choose another with --data or caravan.ledger.url");
    }

    @Test
    void aFolderThatCannotBeWrittenIsToldWithItsPlaceAndRemedy() throws IOException {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        assumeThat(locked.toFile().setWritable(false)).isTrue();
        assumeThat(Files.isWritable(locked))
                .as("to the superuser all folders are writable")
                .isFalse();

        assertThatThrownBy(() -> open(locked.resolve("ledger.db")))
                .isInstanceOf(LedgerException.class)
                .hasMessageStartingWith(
                        "The ledger jdbc:sqlite:" + locked.resolve("ledger.db") + " cannot be opened (");
    }

    @Test
    void aPasswordInTheUrlIsNotShown() {
        assertThatThrownBy(() -> Ledger.open("jdbc:nonsense://db/ledger?user=me&password=hush-77", NOON))
                .isInstanceOf(LedgerException.class)
                .message()
                .doesNotContain("hush-77");
    }
}
