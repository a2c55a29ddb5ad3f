package io.github.ticketcaravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ticketcaravan.ledger.LedgerException.Remedy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether outcomes can be kept is seen by writing, not by opening. */
class ProbeTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    private Path folder;

    private static long number(String url, String query) throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @ParameterizedTest
    @EnumSource(LedgerDatabase.class)
    void itLeavesNothingBehindNotEvenOfOneThatWasKilled(LedgerDatabase database) throws Exception {
        String url = database.fresh(folder);
        try (Ledger ledger = Ledger.open(url, Clock.fixed(NOON, ZoneOffset.UTC))) {
            String insert = "insert into probe (written_at, content) values (%d, %s)";
            String nothing = database == LedgerDatabase.SQLITE ? "x'00'" : "'\\x00'";
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute(insert.formatted(Database.micros(NOON.minus(Duration.ofHours(2))), nothing));
                // That of another process, which is about to read it.
                statement.execute(insert.formatted(Database.micros(NOON), nothing));
            }

            ledger.probe();
            ledger.probe();
        }

        assertThat(number(url, "select count(*) from probe")).isEqualTo(1);
        assertThat(number(url, "select written_at from probe")).isEqualTo(Database.micros(NOON));
    }

    @Test
    void aLedgerThatCannotGrowIsFullAlthoughItOpens() {
        String url = LedgerDatabase.SQLITE.fresh(folder);
        Ledger.open(url, Clock.systemUTC()).close();

        try (Ledger ledger = Ledger.open(url + "?max_page_count=100", Clock.systemUTC())) {
            assertThatThrownBy(ledger::probe)
                    .isInstanceOfSatisfying(
                            LedgerException.class,
                            failure -> assertThat(failure.remedy()).isEqualTo(Remedy.WAIT))
                    .hasMessageStartingWith("The ledger " + url + " cannot be written (")
                    .hasMessageEndingWith("): the disk is full: make room");
        }
    }
}
