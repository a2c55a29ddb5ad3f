package io.github.ticketcaravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ticketcaravan.ledger.LedgerException.Remedy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long PostgreSQL may take to answer, and what its refusals mean. */
class ConnectionLimitsTest {

    @TempDir
    private Path folder;

    private String url;

    @BeforeEach
    void createDatabase() {
        url = LedgerDatabase.POSTGRESQL.fresh(folder);
    }

    private static String shown(Handle handle, String setting) {
        return handle.createQuery("show " + setting).mapTo(String.class).one();
    }

    private static int socketMillis(Handle handle) {
        try {
            return handle.getConnection().getNetworkTimeout();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anyStatementOnPostgresqlHasALimitAtTheServerAndALongerOneHere() {
        try (Database database = Database.open(url)) {
            assertThat(database.<String>read(handle -> shown(handle, "statement_timeout")))
                    .isEqualTo("50s");
            assertThat(database.<Integer>read(ConnectionLimitsTest::socketMillis))
                    .isEqualTo(60_000);
            assertThat(database.<String>read(handle -> shown(handle, "tcp_keepalives_idle")))
                    .isEqualTo("30");
        }
    }

    @Test
    void whatGoesThroughAWholeImportHasMoreTimeAndOnlyThat() {
        try (Database database = Database.open(url)) {
            assertThat(database.<String>readLong(
                            handle -> shown(handle, "statement_timeout") + " " + socketMillis(handle)))
                    .isEqualTo("15min 910000");
            for (int connection = 0; connection < 5; connection++) {
                assertThat(database.<String>read(
                                handle -> shown(handle, "statement_timeout") + " " + socketMillis(handle)))
                        .isEqualTo("50s 60000");
            }
        }
    }

    @Test
    void whatTheUrlSaysOfLimitsWins() {
        String own = url + "&socketTimeout=7&options=-c%20statement_timeout=3s";
        try (Database database = Database.open(own)) {
            assertThat(database.<String>read(handle -> shown(handle, "statement_timeout") + " " + socketMillis(handle)))
                    .isEqualTo("3s 7000");
            assertThat(database.<String>readLong(
                            handle -> shown(handle, "statement_timeout") + " " + socketMillis(handle)))
                    .isEqualTo("3s 7000");
        }
    }

    @Test
    void aStatementThatTakesTooLongEndsAndTheConnectionIsUsedAgain() {
        try (Database database = Database.open(url + "&options=-c%20statement_timeout=100ms")) {
            assertThatThrownBy(() -> database.read(handle ->
                            handle.createQuery("select pg_sleep(60)").mapToMap().list()))
                    .isInstanceOfSatisfying(
                            LedgerException.class,
                            failure -> assertThat(failure.remedy()).isEqualTo(Remedy.WAIT))
                    .hasMessageContaining("statement timeout");
            assertThat(database.<String>read(handle -> shown(handle, "server_version_num")))
                    .isNotBlank();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/ledger_\\d+, /no_such_ledger, CONFIGURE, does not exist",
        "user=\\w+, user=nobody_at_all, CONFIGURE, does not exist",
        "localhost:\\d+, localhost:1, WAIT, Connection refused",
        "$, &socketTimeout=soon, CONFIGURE, socketTimeout",
        "jdbc:postgresql:, jdbc:postgres:, CONFIGURE, no URL of a database",
        "jdbc:postgresql:, postgresql:, CONFIGURE, no URL of a database",
    })
    void onlyWhereWaitingMayHelpAFailureSaysSo(String part, String instead, Remedy remedy, String because) {
        String mistaken = url.replaceFirst(part, instead);
        assertThat(mistaken).isNotEqualTo(url);

        assertThatThrownBy(() -> Ledger.open(mistaken, Clock.systemUTC()))
                .isInstanceOfSatisfying(
                        LedgerException.class,
                        failure -> assertThat(failure.remedy())
                                .as(failure.getMessage())
                                .isEqualTo(remedy))
                .hasMessageContaining(because)
                .hasMessageContaining("caravan.ledger.url");
    }

    @Test
    void aDatabaseThatAcceptsNoConnectionsForAWhileIsWaitedFor() {
        String name = url.replaceFirst(".*/(\\w+)\\?.*", "$1");
        try (Database server = Database.open(LedgerDatabase.POSTGRESQL.fresh(folder))) {
            server.<Integer>read(handle -> handle.execute("alter database " + name + " allow_connections false"));
        }

        assertThatThrownBy(() -> Ledger.open(url, Clock.systemUTC()))
                .isInstanceOfSatisfying(
                        LedgerException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(Remedy.WAIT));
    }
}
