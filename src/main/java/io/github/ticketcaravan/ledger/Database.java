package io.github.ticketcaravan.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.ticketcaravan.files.OwnerOnly;
import io.github.ticketcaravan.ledger.LedgerException.Remedy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The ledger's database, SQLite or PostgreSQL: opened, migrated, and with errors that tell the remedy. */
final class Database implements AutoCloseable {

    private static final String SQLITE = "jdbc:sqlite:";

    /** Data exception, integrity constraint violation, program limit exceeded. */
    private static final Set<String> SQL_STATES_ABOUT_VALUES = Set.of("22", "23", "54");

    /** SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH. */
    private static final Set<Integer> SQLITE_ABOUT_VALUES = Set.of(18, 19, 20);

    private final String url;
    private final HikariDataSource dataSource;
    private final Jdbi jdbi;

    private Database(String url, HikariDataSource dataSource) {
        this.url = url;
        this.dataSource = dataSource;
        this.jdbi = Jdbi.create(dataSource).registerArgument(new StorableArguments());
    }

    static Database open(String url) {
        return open(url, (Path) null);
    }

    /** @param receipts a folder with the receipts of what was recorded, by which a ledger that was lost is noticed */
    static Database open(String url, @Nullable Path receipts) {
        findDriver(url);
        HikariConfig pool = Pool.of(url);
        if (isSqlite(url)) {
            makeFolder(Path.of(file(url)).toAbsolutePath().getParent());
        }
        try {
            return isSqlite(url) ? openAlone(url, pool, receipts) : open(url, pool);
        } catch (LedgerException told) {
            throw told;
        } catch (RuntimeException | IOException | SQLException e) {
            throw Diagnosis.of("be opened", url, e);
        }
    }

    private static void findDriver(String url) {
        try {
            var unused = DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw Diagnosis.of(
                    "be opened",
                    url,
                    "this is no URL of a database that it can be in",
                    "mend caravan.ledger.url, jdbc:postgresql://HOST/DATABASE?user=...&password=...",
                    Remedy.CONFIGURE,
                    e);
        }
    }

    /** SQLite has no lock that lasts for a migration: of two that open a new ledger at once, one would fail. */
    private static synchronized Database openAlone(String url, HikariConfig pool, @Nullable Path receipts)
            throws IOException, SQLException {
        Path lock = Path.of(file(url) + ".opening");
        try (FileChannel channel = OwnerOnly.open(lock)) {
            // Let go of with the channel.
            var unused = channel.lock();
            new SqliteFile(url, Path.of(file(url))).check(receipts);
            Database database = open(url, pool);
            // SQLite gives the files beside it the same mode when it makes them.
            for (String end : List.of("", "-wal", "-shm", ".opening")) {
                OwnerOnly.tighten(Path.of(file(url) + end));
            }
            return database;
        }
    }

    private static Database open(String url, HikariConfig pool) {
        HikariDataSource dataSource = new HikariDataSource(pool);
        try {
            new Schema(url, dataSource).migrate();
            return new Database(url, dataSource);
        } catch (RuntimeException e) {
            dataSource.close();
            throw e;
        }
    }

    static boolean isSqlite(String url) {
        return url.startsWith(SQLITE);
    }

    private static String file(String url) {
        return url.substring(SQLITE.length()).replaceFirst("\\?.*", "");
    }

    private static void makeFolder(@Nullable Path folder) {
        try {
            if (folder != null) {
                OwnerOnly.makeFolders(folder);
            }
        } catch (IOException e) {
            throw new LedgerException(
                    "The folder " + folder + " for the ledger cannot be made (" + e
                            + "): make it writable, or choose another with --data or caravan.ledger.url",
                    Remedy.CONFIGURE,
                    e);
        }
    }

    /** Whether several processes can have it open: SQLite's file belongs to the one that has the data folder. */
    boolean isShared() {
        return !isSqlite(url);
    }

    LedgerException refused(String because, String advice, Remedy remedy) {
        return Diagnosis.of("be relied on", url, because, advice, remedy, null);
    }

    <T> T read(Function<Handle, T> work) {
        try {
            return jdbi.withHandle(work::apply);
        } catch (JdbiException e) {
            throw Diagnosis.of("be read", url, e);
        }
    }

    /** The same for work that goes through a whole import, which can take the server minutes. */
    <T> T readLong(Function<Handle, T> work) {
        try {
            return jdbi.inTransaction(handle -> {
                allowMinutes(handle);
                return work.apply(handle);
            });
        } catch (JdbiException e) {
            throw Diagnosis.of("be read", url, e);
        }
    }

    /** Until the transaction ends and the connection goes back to the pool; not where the URL has other limits. */
    private void allowMinutes(Handle handle) {
        if (!isShared()) {
            return;
        }
        try {
            Connection connection = handle.getConnection();
            if (connection.getNetworkTimeout() == Pool.SOCKET_SECONDS * 1_000) {
                connection.setNetworkTimeout(Runnable::run, (Pool.LONG_SECONDS + 10) * 1_000);
            }
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
        handle.execute(
                "select set_config('statement_timeout', ?, true) where current_setting('statement_timeout') = ?",
                Pool.LONG_SECONDS + "s",
                Pool.STATEMENT_SECONDS + "s");
    }

    <T> T write(Function<Handle, T> work) {
        try {
            return jdbi.inTransaction(work::apply);
        } catch (JdbiException e) {
            throw Diagnosis.of("be written", url, e);
        }
    }

    /** Gives the rows to {@code use}, holding no more than so many. */
    <T> void stream(int atOnce, Function<Handle, Query> query, RowMapper<T> mapper, Ledger.Use<T> use)
            throws IOException {
        try {
            // PostgreSQL sends rows piecemeal only within a transaction.
            jdbi.useTransaction(handle -> {
                allowMinutes(handle);
                query.apply(handle).setFetchSize(atOnce).map(mapper).useIterator(use::with);
            });
        } catch (JdbiException e) {
            throw Diagnosis.of("be read", url, e);
        }
    }

    /** Whether a piece of work failed because of the values it was to write, and not of the database itself. */
    static boolean isAboutTheValues(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refused) {
                String state = refused.getSQLState();
                return state == null
                        ? SQLITE_ABOUT_VALUES.contains(refused.getErrorCode() & 0xFF)
                        : SQL_STATES_ABOUT_VALUES.contains(state.substring(0, Math.min(2, state.length())));
            }
        }
        return false;
    }

    /** Every text that is bound to a statement is made storable. */
    private static final class StorableArguments extends AbstractArgumentFactory<String> {

        StorableArguments() {
            super(Types.VARCHAR);
        }

        @Override
        protected Argument build(String value, ConfigRegistry config) {
            String storable = StorableText.of(value);
            return (position, statement, context) -> statement.setString(position, storable);
        }
    }

    static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
