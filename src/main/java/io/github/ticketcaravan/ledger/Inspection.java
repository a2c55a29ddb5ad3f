package io.github.ticketcaravan.ledger;

import io.github.ticketcaravan.ledger.LedgerException.Remedy;
import java.util.List;

/** What the database itself knows of damage. */
final class Inspection {

    private static final int MOST_TOLD = 3;

    private Inspection() {}

    /**
     * @return what was looked at, and what was not
     * @throws LedgerException telling the damage
     */
    static String of(Database database) {
        return database.isShared() ? postgresql(database) : sqlite(database);
    }

    /** Reads every page. */
    private static String sqlite(Database database) {
        List<String> found = database.read(handle -> handle.createQuery("pragma integrity_check(" + MOST_TOLD + ")")
                .mapTo(String.class)
                .list());
        if (!found.equals(List.of("ok"))) {
            throw database.refused(String.join("; ", found).replaceAll("\\s+", " "), Diagnosis.DAMAGED, Remedy.REPAIR);
        }
        return "its integrity check found nothing wrong";
    }

    private static String postgresql(Database database) {
        long failures = database.<Long>read(handle -> handle.createQuery(
                        // As JSON, since servers before 12 have no such column.
                        "select coalesce((to_jsonb(d) ->> 'checksum_failures')::bigint, 0) from pg_stat_database d"
                                + " where datname = current_database()")
                .mapTo(Long.class)
                .one());
        List<String> indexes = database.read(
                handle -> handle.createQuery("select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid"
                                + " where c.relnamespace = current_schema()::regnamespace and not i.indisvalid")
                        .mapTo(String.class)
                        .list());
        if (failures > 0) {
            throw database.refused(
                    "the server has read pages with wrong checksums, " + failures + " times",
                    "look at the server's disk, and put back a backup",
                    Remedy.REPAIR);
        }
        if (!indexes.isEmpty()) {
            throw database.refused(
                    "these indexes of it are not valid: " + String.join(", ", indexes),
                    "run 'reindex index NAME' for each",
                    Remedy.REPAIR);
        }
        return "the server knows of no damage (its pages were not read: pg_amcheck does that)";
    }
}
