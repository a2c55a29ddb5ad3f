package io.github.ticketcaravan.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What one process does for all that share a ledger: it forwards dead letters, and replays those that were asked for.
 *
 * <p>Whoever asks first is on duty until it ends. In PostgreSQL that is an advisory lock, which the server lets go of
 * with the connection: after a kill at once, after a loss of power or network within a minute. Safe for several
 * threads.
 */
final class Duty implements AutoCloseable {

    private static final String TAKE =
            "select pg_try_advisory_lock(hashtext('ticket-caravan'), hashtext(current_schema()))";
    private static final String NOTICE_SOON_WHO_IS_GONE =
            "set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3";
    private static final int VALID_SECONDS = 5;

    private final Database database;
    private @Nullable Connection held;

    Duty(Database database) {
        this.database = database;
    }

    /** Whether this process is on duty; it takes it over where nobody is. */
    synchronized boolean take() {
        if (!database.isShared()) {
            return true;
        }
        try {
            Connection before = held;
            if (before != null && before.isValid(VALID_SECONDS)) {
                return true;
            }
            close();
            Connection connection = database.connection();
            if (locks(connection)) {
                held = connection;
                return true;
            }
            connection.close();
            return false;
        } catch (SQLException e) {
            throw new LedgerException(
                    "The ledger cannot tell who forwards and replays dead letters (" + e.getMessage()
                            + "): look whether the database server is there",
                    e);
        }
    }

    private static boolean locks(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(NOTICE_SOON_WHO_IS_GONE);
            try (ResultSet row = statement.executeQuery(TAKE)) {
                return row.next() && row.getBoolean(1);
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Gives it up, for another to take. */
    @Override
    public synchronized void close() {
        Connection connection = held;
        held = null;
        if (connection == null) {
            return;
        }
        try (connection;
                Statement statement = connection.createStatement()) {
            // The connection goes back to its pool, and the lock would stay with it.
            statement.execute("select pg_advisory_unlock_all()");
        } catch (SQLException alreadyGone) {
            // And the lock with it.
        }
    }
}
