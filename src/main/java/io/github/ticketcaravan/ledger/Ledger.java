package io.github.ticketcaravan.ledger;

import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.delivery.Dispatch;
import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.delivery.Ownership;
import io.github.ticketcaravan.update.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The ledger: which instruction has which outcome, and all of it for a dead letter.
 *
 * <p>Outcomes are committed in groups and survive a crash of the machine once {@link Dispatch#kept} is complete;
 * an outcome that is there already stays as it is. Safe for several threads. Every method may throw
 * {@link LedgerException}.
 */
public final class Ledger implements AutoCloseable {

    /** What is done with the rows of an answer while they are read. */
    public interface Use<T> {
        void with(Iterator<T> rows) throws IOException;
    }

    /** So that whoever waits to write comes to it between two steps. */
    private static final long PRUNING_PAUSE_MILLIS = 20;

    private final Database database;
    private final Clock clock;
    private final DeadLetters deadLetters;
    private final Mails mails;
    private final Messages messages;
    private final GroupCommit<Dispatch> outcomes;
    private final Leases leases;
    private volatile boolean closing;

    private Ledger(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        DeadLetterId ids = new DeadLetterId(mark());
        this.deadLetters = new DeadLetters(database, ids, clock);
        this.mails = new Mails(database, clock);
        this.messages = new Messages(database, clock);
        this.leases = new Leases(database);
        this.outcomes = new GroupCommit<>("ledger", new OutcomeWriter(database, ids));
    }

    /**
     * Opens the ledger, and makes it if it is not there.
     *
     * @param url a JDBC URL, of SQLite or PostgreSQL
     */
    public static Ledger open(String url, Clock clock) {
        return open(url, null, clock);
    }

    /**
     * The same, but refuses to begin a new ledger in the place of one that was lost.
     *
     * @param receipts a folder with the receipts of what was recorded
     */
    public static Ledger open(String url, @Nullable Path receipts, Clock clock) {
        Database database = Database.open(url, receipts);
        try {
            return new Ledger(database, clock);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /**
     * Makes sure that outcomes can be kept: that there is room for some, and that what is written can be read.
     *
     * @throws LedgerException if not
     */
    public void probe() {
        new Probe(database).write(clock.instant());
    }

    /**
     * Has the database look for damage in what it has, which can take long.
     *
     * @return what was looked at
     * @throws LedgerException telling the damage
     */
    public String inspect() {
        return Inspection.of(database);
    }

    /** Tells this ledger's dead letters from those of any other. */
    private String mark() {
        return database.write(handle -> {
            handle.createUpdate("insert into ledger (id, mark) values (1, ?) on conflict do nothing")
                    .bind(0, Integer.toString(36 * 36 * 36 + new SecureRandom().nextInt(35 * 36 * 36 * 36), 36))
                    .execute();
            return handle.createQuery("select mark from ledger")
                    .mapTo(String.class)
                    .one();
        });
    }

    /** The newest import of that fingerprint. */
    public Optional<Import> latest(String fingerprint) {
        return database.read(
                handle -> handle.createQuery("select * from import where fingerprint = ? order by id desc limit 1")
                        .bind(0, fingerprint)
                        .map((row, context) -> importOf(row))
                        .findOne());
    }

    /** Enters a new import, which now has no outcomes. */
    public Import begin(String fingerprint, Source source, String name, @Nullable String header, long total) {
        Instant now = clock.instant();
        long id = database.<Long>write(handle -> begin(handle, fingerprint, source, name, header, total, now));
        return new Import(id, fingerprint, source, name, header, total, now, null, null, null);
    }

    static long begin(
            Handle handle,
            String fingerprint,
            Source source,
            String name,
            @Nullable String header,
            long total,
            Instant now) {
        return handle.createUpdate(
                        "insert into import (fingerprint, source, name, header, total, started_at) values (?, ?, ?, ?, ?, ?)")
                .bind(0, fingerprint)
                .bind(1, source.word())
                .bind(2, name)
                .bind(3, header)
                .bind(4, total)
                .bind(5, Database.micros(now))
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    /** Notes which file in the inbox an import is read from; null once that was moved. */
    public void readFrom(long importId, @Nullable String inboxFile) {
        int unused =
                database.<Integer>write(handle -> handle.createUpdate("update import set inbox_file = ? where id = ?")
                        .bind(0, inboxFile)
                        .bind(1, importId)
                        .execute());
    }

    /** Notes that every instruction of the import has its outcome. */
    public void finish(long importId, int exitCode) {
        int unused = database.<Integer>write(handle -> finish(handle, importId, exitCode, clock.instant()));
    }

    static int finish(Handle handle, long importId, int exitCode, Instant now) {
        return handle.createUpdate("update import set finished_at = ?, exit_code = ? where id = ?")
                .bind(0, Database.micros(now))
                .bind(1, exitCode)
                .bind(2, importId)
                .execute();
    }

    /** The positions of an import that have an outcome. */
    public BitSet positions(long importId) {
        BitSet positions = new BitSet();
        database.readLong(handle -> {
            handle.createQuery("select position from outcome where import_id = ?")
                    .bind(0, importId)
                    .mapTo(Long.class)
                    .forEach(position -> positions.set(Math.toIntExact(position)));
            return positions;
        });
        return positions;
    }

    /** How many instructions of an import have which outcome. */
    public Map<Outcome, Long> counts(long importId) {
        Map<Outcome, Long> counts = new LinkedHashMap<>();
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, 0L);
        }
        database.readLong(handle -> {
            handle.createQuery("select outcome, count(*) as number from outcome where import_id = ? group by outcome")
                    .bind(0, importId)
                    .map((row, context) -> counts.put(Outcome.of(row.getString(1)), row.getLong(2)))
                    .list();
            return counts;
        });
        return counts;
    }

    /** The most frequent reasons for an outcome, each with its number, most frequent first. */
    public Map<String, Long> reasons(long importId, Outcome outcome, int most) {
        Map<String, Long> reasons = new LinkedHashMap<>();
        database.readLong(handle -> {
            handle.createQuery("select reason, count(*) as number from outcome where import_id = ? and outcome = ?"
                            + " group by reason order by number desc, reason limit ?")
                    .bind(0, importId)
                    .bind(1, outcome.word())
                    .bind(2, most)
                    .map((row, context) -> reasons.put(row.getString(1), row.getLong(2)))
                    .list();
            return reasons;
        });
        return reasons;
    }

    /** Gives the outcomes of an import to {@code use}, by position, without holding them all. */
    public void outcomes(long importId, Use<OutcomeLine> use) throws IOException {
        database.stream(
                1_000,
                handle -> handle.createQuery("select * from outcome where import_id = ? order by position")
                        .bind(0, importId),
                (row, context) -> outcomeOf(row),
                use);
    }

    /**
     * Hands over the outcome of a settled update; {@link Dispatch#kept} tells when it is committed. Blocks only while
     * much more is settled than can be written.
     */
    public Dispatch keep(Dispatch dispatch) throws InterruptedException {
        outcomes.add(Objects.requireNonNull(dispatch, "the message's body is no Dispatch"));
        dispatch.handOver();
        return dispatch;
    }

    public DeadLetters deadLetters() {
        return deadLetters;
    }

    public Mails mails() {
        return mails;
    }

    public Messages messages() {
        return messages;
    }

    /**
     * Whether this process is the one, of all that share the ledger, which forwards dead letters and replays those that
     * were asked for. Where none is, it becomes it, until {@link #close}.
     */
    public boolean isOnDuty() {
        return isOnDuty("dead letters");
    }

    /** The same of another duty than dead letters, such as reading a certain mailbox; each has a process of its own. */
    public boolean isOnDuty(String duty) {
        return duty(duty).isPresent();
    }

    /** The same of dead letters, with what tells before each request whether it is still so. */
    public Optional<Ownership> duty() {
        return duty("dead letters");
    }

    /** The same of another duty. */
    public Optional<Ownership> duty(String duty) {
        return leases.take(duty);
    }

    /**
     * Takes an unfinished import for this process, until {@link #release}.
     *
     * @throws DeliveryStopped naming the process that has it, if another one has
     */
    public Ownership claim(String fingerprint, String name) {
        String lease = "import " + fingerprint;
        return leases.take(lease)
                .orElseThrow(() -> new DeliveryStopped(name + " is being imported by another caravan, "
                        + leases.holder(lease).orElse("which has just ended")
                        + ": wait for its end, then try again; what has an outcome is not sent twice"));
    }

    /** Lets another process have an import. */
    public void release(String fingerprint) {
        leases.release("import " + fingerprint);
    }

    /** Whether outcomes could not be written; after that this object writes none any more, but another can. */
    public boolean isBroken() {
        return outcomes.isBroken();
    }

    /**
     * Forgets the outcomes of imports that ended before that time, and the imports, messages and mails themselves; never
     * a dead letter, nor what it belongs to. Others can write meanwhile. It ends early when the ledger is closed.
     *
     * @param most how long it may take; what is left then is for another time
     */
    public void prune(Instant before, Duration most) throws InterruptedException {
        long start = System.nanoTime();
        Pruning pruning = new Pruning(database, before);
        while (!closing && System.nanoTime() - start < most.toNanos() && pruning.step()) {
            TimeUnit.MILLISECONDS.sleep(PRUNING_PAUSE_MILLIS);
        }
    }

    @Override
    public void close() {
        closing = true;
        outcomes.close();
        leases.close();
        database.close();
    }

    private static Import importOf(ResultSet row) throws SQLException {
        return new Import(
                row.getLong("id"),
                row.getString("fingerprint"),
                Source.valueOf(row.getString("source").toUpperCase(Locale.ROOT)),
                row.getString("name"),
                row.getString("header"),
                row.getLong("total"),
                Database.instant(row.getLong("started_at")),
                optionalInstant(row, "finished_at"),
                optionalInteger(row, "exit_code"),
                row.getString("inbox_file"));
    }

    private static OutcomeLine outcomeOf(ResultSet row) throws SQLException {
        return new OutcomeLine(
                row.getLong("position"),
                row.getString("ticket"),
                Outcome.of(row.getString("outcome")),
                optionalInteger(row, "status"),
                row.getInt("attempts"),
                row.getString("reason"),
                Database.instant(row.getLong("finished_at")));
    }

    static @Nullable Integer optionalInteger(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : (Integer) value;
    }

    static @Nullable Instant optionalInstant(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : Database.instant(value);
    }
}
