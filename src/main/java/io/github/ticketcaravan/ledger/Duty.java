package io.github.ticketcaravan.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one process does for all that share a ledger: it forwards dead letters, and replays those that were asked for;
 * it reads a mailbox; it sends the answers to mails. Each of these duties may be another process's.
 *
 * <p>Whoever asks first is on duty until it ends. In PostgreSQL that is an advisory lock, which the server lets go of
 * with the connection: after a kill at once, after a loss of power or network within a minute. Safe for several
 * threads.
 */
final class Duty implements AutoCloseable {

    private static final String TAKE = "select pg_try_advisory_lock(hashtext(?), hashtext(current_schema()))";
    private static final String NOTICE_SOON_WHO_IS_GONE =
            "set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3";
    private static final int VALID_SECONDS = 5;

    private final Database database;
    private final Set<String> taken = new HashSet<>();
    private @Nullable Connection held;

    Duty(Database database) {
        this.database = database;
    }

    /** Whether this process is on that duty; it takes it over where nobody is. */
    synchronized boolean take(String duty) {
        if (!database.isShared()) {
            return true;
        }
        try {
            Connection before = held;
            if (before != null && !before.isValid(VALID_SECONDS)) {
                close();
                before = null;
            }
            return before == null ? takeFirst(duty) : taken.contains(duty) || locks(before, duty);
        } catch (SQLException e) {
            close();
            throw new LedgerException(
                    "The ledger cannot tell which process is on duty (" + e.getMessage()
                            + "): look whether the database server is there",
                    e);
        }
    }

    /** Holds a connection only as long as there is a lock on it. */
    private boolean takeFirst(String duty) throws SQLException {
        Connection connection = database.connection();
        held = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute(NOTICE_SOON_WHO_IS_GONE);
        }
        boolean locked = locks(connection, duty);
        if (!locked) {
            close();
        }
        return locked;
    }

    private boolean locks(Connection connection, String duty) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setString(1, duty);
            try (ResultSet row = statement.executeQuery()) {
                boolean locked = row.next() && row.getBoolean(1);
                if (locked) {
                    taken.add(duty);
                }
                return locked;
            }
        }
    }

    /** Gives all of them up, for others to take. */
    @Override
    public synchronized void close() {
        Connection connection = held;
        held = null;
        taken.clear();
        if (connection == null) {
            return;
        }
        try (connection;
                Statement statement = connection.createStatement()) {
            // The connection goes back to its pool, and its locks would stay with it.
            statement.execute("select pg_advisory_unlock_all()");
        } catch (SQLException alreadyGone) {
            // And its locks with it.
        }
    }
}
