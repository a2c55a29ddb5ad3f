package io.github.ticketcaravan.ledger;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Forgets the outcomes of imports that ended before a time, and the imports, messages and mails themselves; never a dead
 * letter, nor what it belongs to.
 *
 * <p>In steps of a few milliseconds, since outcomes wait while SQLite is written. For one thread.
 */
final class Pruning {

    static final int OUTCOMES_AT_ONCE = 2_000;
    private static final int ENTRIES_AT_ONCE = 200;

    /** A batch of messages is never noted as finished: that would be one more write for each. */
    private static final String ENDED = "(finished_at < :before or source = 'queue' and started_at < :before)";

    private static final String WITHOUT_LETTER =
            " and not exists (select 1 from dead_letter where import_id = import.id)";

    private final Database database;
    private final Instant before;
    private boolean mailsAreDone;
    private long doneUpTo;

    Pruning(Database database, Instant before) {
        this.database = database;
        this.before = before;
    }

    /** @param upTo the import before which none has anything left */
    private record Progress(long upTo, boolean isAll) {}

    /** Does a little of it; false once nothing is left. */
    boolean step() {
        if (!mailsAreDone) {
            int forgotten = database.<Integer>write(handle -> Mails.prune(handle, before, ENTRIES_AT_ONCE));
            mailsAreDone = forgotten < ENTRIES_AT_ONCE;
            return true;
        }
        Progress progress = database.write(this::forgetImports);
        doneUpTo = progress.upTo;
        return !progress.isAll;
    }

    private Progress forgetImports(Handle handle) {
        List<Long> ended = handle.createQuery("select id from import where id > :done and " + ENDED + " order by id"
                        + " limit " + ENTRIES_AT_ONCE)
                .bind("done", doneUpTo)
                .bind("before", Database.micros(before))
                .mapTo(Long.class)
                .list();
        long upTo = doneUpTo;
        int room = OUTCOMES_AT_ONCE;
        for (long id : ended) {
            room -= forgetOutcomes(handle, id, room);
            if (room <= 0) {
                return new Progress(upTo, false);
            }
            forgetEntry(handle, id);
            upTo = id;
        }
        return new Progress(upTo, ended.isEmpty());
    }

    private static int forgetOutcomes(Handle handle, long importId, int most) {
        return handle.createUpdate("delete from outcome where import_id = :id and position <= coalesce((select position"
                        + " from outcome where import_id = :id order by position limit 1 offset :last), :all)")
                .bind("id", importId)
                .bind("last", most - 1)
                .bind("all", Long.MAX_VALUE)
                .execute();
    }

    private static void forgetEntry(Handle handle, long importId) {
        String only = " in (select id from import where id = :id" + WITHOUT_LETTER + ")";
        handle.createUpdate("delete from message where import_id" + only)
                .bind("id", importId)
                .execute();
        handle.createUpdate("delete from import where id" + only
                        + " and not exists (select 1 from mail where import_id = import.id)"
                        + " and not exists (select 1 from mail_attachment where import_id = import.id)")
                .bind("id", importId)
                .execute();
    }
}
