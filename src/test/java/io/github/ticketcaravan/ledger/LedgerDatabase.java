package io.github.ticketcaravan.ledger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** The databases a ledger can be in; tests of what it keeps run on each. */
public enum LedgerDatabase {
    SQLITE {
        @Override
        public String fresh(Path folder) {
            return "jdbc:sqlite:" + folder.resolve("ledger.db");
        }
    },
    /** A real server with its own binaries, started once in a run of tests and ended with it. */
    POSTGRESQL {
        @Override
        public String fresh(Path folder) {
            String name = "ledger_" + NUMBER.incrementAndGet();
            try (Connection connection = Server.INSTANCE.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + name);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return Server.INSTANCE.getJdbcUrl("postgres", name);
        }
    };

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** The JDBC URL of an empty database that nobody else uses; a file of it is in {@code folder}. */
    public abstract String fresh(Path folder);

    private static final class Server {

        private static final EmbeddedPostgres INSTANCE = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder().start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
