package io.github.ticketcaravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.ticketcaravan.update.Source;
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
    void whatIsWrittenIsThereWhenItIsOpenedAgain() {
        Path file = folder.resolve("new/folder/ledger.db");
        Import entry;
        try (Ledger ledger = open(file)) {
            entry = ledger.begin("fingerprint", Source.CSV, "größe 🎫.csv", "ticket,status", 17);
            ledger.finish(entry.id(), 1);
        }
        try (Ledger ledger = open(file)) {
            Import again = ledger.latest("fingerprint").orElseThrow();

            assertThat(again.id()).isEqualTo(entry.id());
            assertThat(again.name()).isEqualTo("größe 🎫.csv");
            assertThat(again.header()).isEqualTo("ticket,status");
            assertThat(again.total()).isEqualTo(17);
            assertThat(again.startedAt()).isEqualTo(NOON.instant());
            assertThat(again.finishedAt()).isEqualTo(NOON.instant());
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(ledger.latest("another")).isEmpty();
        }
    }

    @Test
    void theNewestImportOfAFileIsTheOneThatCounts() {
        try (Ledger ledger = open(folder.resolve("ledger.db"))) {
            ledger.begin("fingerprint", Source.CSV, "a.csv", null, 1);
            Import second = ledger.begin("fingerprint", Source.CSV, "b.csv", null, 1);

            assertThat(ledger.latest("fingerprint")).contains(second);
        }
    }

    @Test
    void twoLedgersHaveDifferentMarks() {
        try (Ledger one = open(folder.resolve("one.db"));
                Ledger other = open(folder.resolve("other.db"))) {
            assertThat(one.deadLetters().find("zzzzz-1")).isEmpty();
            assertThat(other.deadLetters().find("1")).isEmpty();
        }
        DeadLetterId ids = new DeadLetterId("k3f9");
        assertThat(ids.of(17)).isEqualTo("k3f9-17");
        assertThat(ids.number("k3f9-17")).isEqualTo(17);
        assertThat(ids.number("17")).isEqualTo(17);
        for (String other :
                new String[] {"k3f8-17", "k3f9-", "k3f9-1x", "k3f917", "-17", "", "k3f9--17", "k3f9-" + "9".repeat(19)
                }) {
            assertThat(ids.number(other)).as(other).isEqualTo(-1);
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsToldWithItsPlaceAndRemedy() throws IOException {
        Path file = Files.writeString(
                folder.resolve("ledger.db"), "this is not a database, whatever it is called\n".repeat(99));

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(LedgerException.class)
                .hasMessageStartingWith("The ledger jdbc:sqlite:" + file + " cannot be opened (")
                .hasMessageContaining("not a database")
                .hasMessageEndingWith("look at its folder's permissions and free space, or set caravan.ledger.url")
                .hasCauseInstanceOf(RuntimeException.class);
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
