package io.github.ticketcaravan.ledger;

import io.github.ticketcaravan.ledger.LedgerException.Remedy;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an error of the ledger's database means, and what helps: told from its code, never from its text. */
final class Diagnosis {

    static final String DAMAGED =
            "it is damaged: keep it for inspection, and put back a copy from a backup, together with the file NAME-wal"
                    + " that belongs to it";

    private static final String LOOK_AT_FOLDER =
            "look at its folder's permissions and free space, or set caravan.ledger.url";

    private static final Set<String> SETTINGS_CLASSES = Set.of("22", "28", "3D", "3F", "42");

    private Diagnosis() {}

    /** @param what it cannot: {@code be read} */
    static LedgerException of(String what, String url, Exception cause) {
        Throwable root = cause;
        SQLException code = null;
        for (Throwable each = cause; each != null; each = each.getCause() == each ? null : each.getCause()) {
            root = each;
            code = each instanceof SQLException sql ? sql : code;
        }
        // Of a connection the system tells best what is wrong with it, of anything else the database.
        Throwable teller = code == null || root instanceof IOException ? root : code;
        String because = teller.getMessage() == null
                ? teller.toString()
                : teller.getMessage().lines().findFirst().orElse("");
        return Database.isSqlite(url)
                ? sqlite(what, url, because, code, cause)
                : postgresql(what, url, because, code, cause);
    }

    static LedgerException of(
            String what, String url, String because, String advice, Remedy remedy, @Nullable Exception cause) {
        return new LedgerException(
                "The ledger " + shown(url) + " cannot " + what + " (" + because + "): " + advice, remedy, cause);
    }

    /** Without what follows "?", which may be a password. */
    static String shown(String url) {
        return url.contains("?") ? url.substring(0, url.indexOf('?')) : url;
    }

    /** The codes are those of sqlite.org/rescode.html. */
    private static LedgerException sqlite(
            String what, String url, String because, @Nullable SQLException code, Exception cause) {
        return switch (code == null ? 0 : code.getErrorCode() & 0xff) {
            case 11, 26 -> of(what, url, because, DAMAGED, Remedy.REPAIR, cause);
            case 13 -> of(what, url, because, "the disk is full: make room", Remedy.WAIT, cause);
            // Busy, locked, an error of the disk.
            case 5, 6, 10 -> of(what, url, because, LOOK_AT_FOLDER, Remedy.WAIT, cause);
            default -> of(what, url, because, LOOK_AT_FOLDER, Remedy.CONFIGURE, cause);
        };
    }

    /** The codes are those of the appendix "PostgreSQL Error Codes". */
    private static LedgerException postgresql(
            String what, String url, String because, @Nullable SQLException code, Exception cause) {
        Remedy remedy = code == null ? Remedy.CONFIGURE : remedy(code.getSQLState());
        String advice = switch (remedy) {
            case WAIT ->
                "look whether the database server is there, lets us in and has room, or set caravan.ledger.url";
            case CONFIGURE ->
                "the database server is there, but refuses this: mend caravan.ledger.url, its user and"
                        + " password, or what the server permits";
            case REPAIR -> "the server finds its files damaged: put back a backup";
        };
        return of(what, url, because, advice, remedy, cause);
    }

    private static Remedy remedy(@Nullable String state) {
        if (state == null) {
            return Remedy.WAIT;
        }
        if (state.equals("XX001") || state.equals("XX002")) {
            return Remedy.REPAIR;
        }
        boolean isRefused = state.equals("08004") || SETTINGS_CLASSES.stream().anyMatch(state::startsWith);
        return isRefused ? Remedy.CONFIGURE : Remedy.WAIT;
    }
}
