package io.github.ticketcaravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What ended long ago is forgotten in steps, between which others write. */
@ParameterizedClass
@EnumSource(LedgerDatabase.class)
class PruningTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final int MORE_THAN_TWO_STEPS = 2 * Pruning.OUTCOMES_AT_ONCE + 500;

    @Parameter
    private LedgerDatabase database;

    @TempDir
    private Path folder;

    private String url;

    @BeforeEach
    void createLedger() {
        url = database.fresh(folder);
        Ledger.open(url, Clock.systemUTC()).close();
    }

    private void ended(int importId, int outcomes) throws SQLException {
        execute("insert into import (id, fingerprint, source, name, total, started_at, finished_at) values (" + importId
                + ", 'f', 'csv', 'a.csv', 9, 0, 0)");
        execute("with recursive n (i) as (select 1 union all select i + 1 from n where i < " + outcomes + ")"
                + " insert into outcome select " + importId
                + ", i, 'T-' || i, 'subject', 'applied', 200, 1, '', 0 from n");
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement executed = connection.createStatement()) {
            executed.execute(statement);
        }
    }

    private long count(String table) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void aStepForgetsABoundedNumberOfOutcomesAndLeavesRoomForWriters() throws Exception {
        ended(1, MORE_THAN_TWO_STEPS);
        ended(2, 3);
        try (Database opened = Database.open(url)) {
            Pruning pruning = new Pruning(opened, NOON);
            assertThat(pruning.step()).as("mails").isTrue();
            long left = MORE_THAN_TWO_STEPS + 3;
            assertThat(count("outcome")).isEqualTo(left);
            for (int step = 0; step < 2; step++) {
                assertThat(pruning.step()).isTrue();
                left -= Pruning.OUTCOMES_AT_ONCE;
                assertThat(count("outcome")).isEqualTo(left);
                // On a connection that waits for nobody.
                execute("insert into import (id, fingerprint, source, name, total, started_at) values (" + (900 + step)
                        + ", 'new', 'csv', 'b', 1, 0)");
            }
            assertThat(pruning.step()).isTrue();
            assertThat(count("outcome")).isZero();
            assertThat(pruning.step()).isFalse();
        }
        assertThat(count("import")).as("those that have not ended").isEqualTo(2);
    }

    @Test
    void manySmallImportsAreForgottenToo() throws Exception {
        for (int importId = 1; importId <= 450; importId++) {
            ended(importId, 1);
        }
        try (Ledger ledger = Ledger.open(url, Clock.systemUTC())) {
            ledger.prune(NOON, Duration.ofMinutes(1));
        }
        assertThat(count("import")).isZero();
        assertThat(count("outcome")).isZero();
    }

    @Test
    void itEndsWhenItsTimeIsUpAndGoesOnAnotherTime() throws Exception {
        ended(1, MORE_THAN_TWO_STEPS);
        try (Ledger ledger = Ledger.open(url, Clock.systemUTC())) {
            ledger.prune(NOON, Duration.ZERO);
            assertThat(count("outcome")).isEqualTo(MORE_THAN_TWO_STEPS);
            ledger.prune(NOON, Duration.ofMinutes(1));
            assertThat(count("outcome")).isZero();
        }
    }
}
