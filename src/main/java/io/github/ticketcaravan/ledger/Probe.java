package io.github.ticketcaravan.ledger;

import io.github.ticketcaravan.ledger.LedgerException.Remedy;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;

/**
 * Whether outcomes can be kept: writes as much as some thousand of them take, commits it, reads it back, and removes it.
 *
 * <p>To open a ledger needs no room, and so says nothing of a full disk. What was removed stays with the database, so
 * that there is as much room for outcomes.
 */
final class Probe {

    static final int BYTES = 1_000_000;

    /** Nobody reads it any more: its writer was killed. */
    private static final Duration STALE = Duration.ofHours(1);

    private final Database database;

    Probe(Database database) {
        this.database = database;
    }

    /** @throws LedgerException if it cannot be written, or does not come back as it was */
    void write(Instant now) {
        byte[] content = new byte[BYTES];
        // Nothing that could be compressed.
        new Random().nextBytes(content);
        if (!database.isShared()) {
            // The file beside the database has to grow again, too.
            database.read(handle -> handle.createQuery("pragma wal_checkpoint(truncate)")
                    .mapToMap()
                    .list());
        }
        long id = database.<Long>write(
                handle -> handle.createUpdate("insert into probe (written_at, content) values (?, ?)")
                        .bind(0, Database.micros(now))
                        .bind(1, content)
                        .executeAndReturnGeneratedKeys("id")
                        .mapTo(Long.class)
                        .one());
        byte[] back = database.read(handle -> handle.createQuery("select content from probe where id = ?")
                .bind(0, id)
                .mapTo(byte[].class)
                .one());
        if (!Arrays.equals(content, back)) {
            throw database.refused("what was written is not what is read", Diagnosis.DAMAGED, Remedy.REPAIR);
        }
        int unused = database.<Integer>write(
                handle -> handle.createUpdate("delete from probe where id = ? or written_at < ?")
                        .bind(0, id)
                        .bind(1, Database.micros(now.minus(STALE)))
                        .execute());
    }
}
