package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.ledger.LedgerDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A ledger that is damaged, lost, another program's or a newer version's is refused by name, and nothing is sent. */
class DamagedLedgerTest {

    private static final String NEWER = "insert into flyway_schema_history (installed_rank, version, description, type,"
            + " script, checksum, installed_by, execution_time, success)"
            + " values (900, '900', 'later', 'SQL', 'V900__later.sql', 1, 'me', 1, %s)";

    @TempDir
    private Path folder;

    private Path data;
    private Path ledger;
    private Path file;

    /** What happened to the ledger, and what its user is told. */
    enum Damage {
        CUT_IN_HALF("it is damaged", "put back a copy from a backup, together with the file NAME-wal") {
            @Override
            void happen(Path ledger) throws IOException {
                byte[] whole = Files.readAllBytes(ledger);
                Files.write(ledger, Arrays.copyOf(whole, whole.length / 2));
            }
        },
        CUT_AT_ITS_BEGINNING("does not begin as a SQLite database does", "put back a copy from a backup") {
            @Override
            void happen(Path ledger) throws IOException {
                Files.write(ledger, Arrays.copyOf(Files.readAllBytes(ledger), 10));
            }
        },
        FLIPPED_FIRST_BYTE("does not begin as a SQLite database does", "put back a copy from a backup") {
            @Override
            void happen(Path ledger) throws IOException {
                flip(ledger, 0);
            }
        },
        FLIPPED_IN_ITS_SCHEMA("it is damaged", "put back a copy from a backup") {
            @Override
            void happen(Path ledger) throws IOException {
                flip(ledger, 100);
            }
        },
        TEXT("something else lies there, or it is damaged", "set caravan.ledger.url to another file") {
            @Override
            void happen(Path ledger) throws IOException {
                Files.writeString(ledger, "no database, whatever it is called\n".repeat(99));
            }
        },
        FOLDER("it is a folder", "set caravan.ledger.url to a file") {
            @Override
            void happen(Path ledger) throws IOException {
                Files.delete(ledger);
                Files.createDirectory(ledger);
            }
        },
        EMPTY_BESIDE_ITS_CHANGES("it is empty, but ledger.db-wal beside it holds its last changes", "from a backup") {
            @Override
            void happen(Path ledger) throws IOException {
                Files.write(ledger, new byte[0]);
                Files.write(Path.of(ledger + "-wal"), new byte[4_152]);
            }
        },
        GONE_BESIDE_ITS_CHANGES("it is gone, but ledger.db-wal beside it holds its last changes", "from a backup") {
            @Override
            void happen(Path ledger) throws IOException {
                Files.delete(ledger);
                Files.write(Path.of(ledger + "-wal"), new byte[4_152]);
            }
        },
        EMPTY_BESIDE_RECEIPTS("it is empty, but", "to begin a new ledger, which knows of nothing that was sent") {
            @Override
            void happen(Path ledger) throws IOException {
                Files.write(ledger, new byte[0]);
                Path done = Files.createDirectories(ledger.resolveSibling("done"));
                Files.writeString(done.resolve("2026-11-23T19-50-00Z-a.results.csv"), "row,ticket\n");
            }
        },
        OF_ANOTHER_PROGRAM("it holds the tables of another program", "set caravan.ledger.url to a file of its own") {
            @Override
            void happen(Path ledger) throws IOException {
                Files.delete(ledger);
                execute("jdbc:sqlite:" + ledger, "create table customer (name text)");
            }
        },
        OF_ANOTHER_PROGRAM_THAT_MIGRATES_TOO(
                "it holds the tables of another program", "set caravan.ledger.url to a file of its own") {
            @Override
            void happen(Path ledger) {
                execute("jdbc:sqlite:" + ledger, "drop table ledger");
                execute("jdbc:sqlite:" + ledger, NEWER.formatted("1"));
            }
        },
        OF_A_NEWER_VERSION(
                "a newer version of Ticket Caravan has changed its tables",
                "run that version, or put back a backup of before") {
            @Override
            void happen(Path ledger) {
                execute("jdbc:sqlite:" + ledger, NEWER.formatted("1"));
            }
        },
        CHANGED_BY_HAND("its tables are not those that any version", "put back a copy from a backup") {
            @Override
            void happen(Path ledger) {
                execute("jdbc:sqlite:" + ledger, "update flyway_schema_history set checksum = 7 where version = '1'");
            }
        };

        private final String because;
        private final String advice;

        Damage(String because, String advice) {
            this.because = because;
            this.advice = advice;
        }

        abstract void happen(Path ledger) throws IOException;
    }

    @BeforeEach
    void makeLedger() throws IOException {
        data = Files.createDirectories(folder.resolve("data"));
        ledger = data.resolve("ledger.db");
        file = Files.writeString(folder.resolve("rows.csv"), "ticket,status\nLF-616004,New\n");
        Ledger.open(url(), Clock.systemUTC()).close();
        execute(
                url(),
                "insert into import (id, fingerprint, source, name, total, started_at)"
                        + " values (1, 'f', 'csv', 'rows.csv', 5000, 0)");
        execute(
                url(),
                "with recursive n (i) as (select 2 union all select i + 1 from n where i < 5000)"
                        + " insert into outcome select 1, i, 'T-' || i, 'subject', 'applied', 200, 1, '', 0 from n");
    }

    private String url() {
        return "jdbc:sqlite:" + ledger;
    }

    private static void flip(Path ledger, int position) throws IOException {
        byte[] bytes = Files.readAllBytes(ledger);
        bytes[position] ^= 0x40;
        Files.write(ledger, bytes);
    }

    private static void execute(String url, String statement) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement executed = connection.createStatement()) {
            executed.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String bytes(Path path) {
        try {
            return Files.isRegularFile(path) ? Arrays.toString(Files.readAllBytes(path)) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Cli.Result run(ScriptedServer helpDesk, String url, Object... command) {
        Object[] words = Arrays.copyOf(command, command.length + 1);
        words[command.length] = "--set=caravan.ledger.url=" + url;
        return Cli.run(data, helpDesk.url(), words);
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void itIsRefusedByNameWithTheRemedyAndLeftAsItIs(Damage damage) throws Exception {
        damage.happen(ledger);
        String before = bytes(ledger) + bytes(Path.of(ledger + "-wal"));
        try (ScriptedServer helpDesk = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            for (Object[] command : new Object[][] {{"import", file}, {"run"}, {"dead", "list"}}) {
                Cli.Result result = run(helpDesk, url(), command);

                assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(2);
                assertThat(result.err())
                        .startsWith("The ledger " + url() + " cannot be opened (")
                        .contains(damage.because, damage.advice)
                        .doesNotContain("permissions");
            }
            assertThat(helpDesk.requests()).isEmpty();
            assertThat(bytes(ledger) + bytes(Path.of(ledger + "-wal"))).isEqualTo(before);

            Cli.Result doctor = run(helpDesk, url(), "doctor");
            assertThat(doctor.exitCode()).isEqualTo(2);
            assertThat(doctor.out())
                    .contains("wrong  ledger         The ledger " + url())
                    .contains(damage.advice);
        }
    }

    @Test
    void doctorFindsAPageThatIsDamagedAlthoughTheLedgerOpens() throws Exception {
        byte[] whole = Files.readAllBytes(ledger);
        int page = whole.length / 2 / 4096 * 4096;
        Arrays.fill(whole, page, page + 2_000, (byte) 0x5a);
        Files.write(ledger, whole);
        try (ScriptedServer helpDesk = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            Cli.Result doctor = run(helpDesk, url(), "doctor");

            assertThat(doctor.exitCode()).isEqualTo(2);
            assertThat(doctor.out())
                    .contains("wrong  ledger         The ledger " + url() + " cannot be ")
                    .contains("it is damaged: keep it for inspection, and put back a copy from a backup");
        }
    }

    @Test
    void doctorSaysWhatItHasLookedAt() throws Exception {
        String postgresql = LedgerDatabase.POSTGRESQL.fresh(folder);
        try (ScriptedServer helpDesk = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            assertThat(run(helpDesk, url(), "doctor").out())
                    .contains("ok     ledger         " + url()
                            + ", written and read; its integrity check found nothing wrong");
            assertThat(run(helpDesk, postgresql, "doctor").out())
                    .contains(", written and read; the server knows of no damage (its pages were not read: pg_amcheck"
                            + " does that)");
        }
    }

    @Test
    void aPostgresqlDatabaseOfAnotherProgramOrANewerVersionIsRefusedToo() throws Exception {
        String newer = LedgerDatabase.POSTGRESQL.fresh(folder);
        Ledger.open(newer, Clock.systemUTC()).close();
        execute(newer, NEWER.formatted("true"));
        String foreign = LedgerDatabase.POSTGRESQL.fresh(folder);
        execute(foreign, "create table customer (name text)");
        try (ScriptedServer helpDesk = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            Cli.Result first = run(helpDesk, newer, "import", file);
            assertThat(first.exitCode()).isEqualTo(2);
            assertThat(first.err()).contains("a newer version of Ticket Caravan has changed its tables");

            Cli.Result second = run(helpDesk, foreign, "run");
            assertThat(second.exitCode()).isEqualTo(2);
            assertThat(second.err())
                    .contains("it holds the tables of another program")
                    .contains("set caravan.ledger.url to a database or schema of its own");
            assertThat(helpDesk.requests()).isEmpty();
        }
    }

    @Test
    void anEmptyFileWithoutAnythingBesideItIsANewLedger() throws Exception {
        Files.write(ledger, new byte[0]);
        try (ScriptedServer helpDesk = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            assertThat(run(helpDesk, url(), "import", file).exitCode()).isZero();
        }
    }
}
