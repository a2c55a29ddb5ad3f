package io.github.ticketcaravan.ledger;

import io.github.ticketcaravan.delivery.Ownership;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one process at a time does of all that share a ledger: it reads a mailbox, replays dead letters, carries out an
 * import. Each lease may be another process's.
 *
 * <p>A lease is a row that its holder renews every few seconds. The holder gives it up {@link #MARGIN} before the database
 * lets another process have it, even if the database is out of reach or has failed over; a lock of a session would be
 * free at once there, while its holder still sends. After a kill, another process has it within {@link #LENGTH}. Where
 * the ledger is not shared, every lease is this process's. Safe for several threads.
 */
final class Leases implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

    private static final Duration LENGTH = Duration.ofSeconds(20);

    /** For a clock of the database that is set while a lease runs. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private static final Duration RENEWAL = Duration.ofSeconds(4);

    /** With a database that does not answer, when a lease is released. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String NOW = "(extract(epoch from clock_timestamp()) * 1000000)::bigint";

    private static final String TAKE = "insert into lease (name, owner, holder, expires_at)"
            + " values (:name, :owner, :holder, " + NOW + " + :length)"
            + " on conflict (name) do update set owner = excluded.owner, holder = excluded.holder,"
            + " expires_at = excluded.expires_at where lease.owner = excluded.owner or lease.expires_at < " + NOW;

    private final Database database;
    private final String owner = UUID.randomUUID().toString();
    private final Map<String, Ownership> held = new HashMap<>();
    private @Nullable ScheduledExecutorService renewing;
    private boolean closed;

    Leases(Database database) {
        this.database = database;
    }

    /** Takes a lease, or finds that this process has it; empty while another process has it. */
    synchronized Optional<Ownership> take(String name) {
        if (!database.isShared()) {
            return Optional.of(Ownership.endless());
        }
        Ownership before = held.get(name);
        if (before != null && !before.isOver()) {
            return Optional.of(before);
        }
        held.remove(name);
        Ownership ownership = new Ownership();
        // Asked first, since it is asked several times a second, and to try writes.
        if (closed || isAnothers(name) || !database.write(handle -> take(handle, name, ownership))) {
            return Optional.empty();
        }
        held.put(name, ownership);
        renew();
        return Optional.of(ownership);
    }

    private boolean isAnothers(String name) {
        return database.read(handle -> handle.createQuery(
                        "select 1 from lease where name = :name and owner <> :owner and expires_at >= " + NOW)
                .bind("name", name)
                .bind("owner", owner)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    private boolean take(Handle handle, String name, Ownership ownership) {
        long nanoTime = System.nanoTime();
        long millis = System.currentTimeMillis();
        int taken = handle.createUpdate(TAKE)
                .bind("name", name)
                .bind("owner", owner)
                .bind("holder", process())
                .bind("length", micros(LENGTH))
                .execute();
        if (taken > 0) {
            ownership.confirmed(nanoTime, millis, LENGTH.minus(MARGIN));
        }
        return taken > 0;
    }

    /** The process that has it, by host and process ID; empty where none has. */
    Optional<String> holder(String name) {
        return database.read(handle -> handle.createQuery("select holder from lease where name = ?")
                .bind(0, name)
                .mapTo(String.class)
                .findOne());
    }

    /** Lets another process have it at once. */
    synchronized void release(String name) {
        Ownership ownership = held.remove(name);
        ExecutorService executor = renewing;
        if (ownership != null && executor != null) {
            ownership.end();
            delete(executor, "delete from lease where owner = ? and name = ?", owner, name);
        }
    }

    /** Where the database is away it is not waited for: a lease that is not released ends by itself. */
    private void delete(ExecutorService executor, String statement, Object... values) {
        Future<?> deletion =
                executor.submit(() -> database.<Integer>write(handle -> handle.execute(statement, values)));
        try {
            deletion.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException away) {
            LOG.debug("a lease is not released, and ends by itself", away);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew() {
        if (renewing == null) {
            ScheduledExecutorService executor = Executors.newScheduledThreadPool(2, work -> {
                Thread thread = new Thread(work, "leases");
                thread.setDaemon(true);
                return thread;
            });
            var unused = executor.scheduleWithFixedDelay(
                    this::renewAll, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
            renewing = executor;
        }
    }

    private void renewAll() {
        Map<String, Ownership> all;
        synchronized (this) {
            held.values().removeIf(Ownership::isOver);
            all = Map.copyOf(held);
        }
        try {
            all.forEach(this::renew);
        } catch (RuntimeException away) {
            LOG.debug("leases cannot be renewed", away);
        }
    }

    private void renew(String name, Ownership ownership) {
        long nanoTime = System.nanoTime();
        long millis = System.currentTimeMillis();
        int renewed = database.<Integer>write(handle -> handle.createUpdate(
                        "update lease set expires_at = " + NOW + " + :length where name = :name and owner = :owner")
                .bind("name", name)
                .bind("owner", owner)
                .bind("length", micros(LENGTH))
                .execute());
        if (renewed > 0) {
            ownership.confirmed(nanoTime, millis, LENGTH.minus(MARGIN));
        } else {
            ownership.end();
        }
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    private static String process() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown host";
        }
        return "process " + ProcessHandle.current().pid() + " on " + host;
    }

    /** Gives all of them up, for others to take. */
    @Override
    public synchronized void close() {
        closed = true;
        ExecutorService executor = renewing;
        if (executor != null) {
            held.values().forEach(Ownership::end);
            held.clear();
            delete(executor, "delete from lease where owner = ?", owner);
            executor.shutdownNow();
        }
    }
}
