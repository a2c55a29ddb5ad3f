package io.github.ticketcaravan.ledger;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.ticketcaravan.ledger.LedgerException.Remedy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What lies where a SQLite ledger should be, looked at before SQLite is: that takes nothing, and a file without content,
 * for a new database, and drops the changes of the old one that wait in the file NAME-wal.
 */
final class SqliteFile {

    private static final byte[] BEGINNING = "SQLite format 3\0".getBytes(US_ASCII);

    private final String url;
    private final Path file;

    SqliteFile(String url, Path file) {
        this.url = url;
        this.file = file;
    }

    /**
     * @param receipts a folder with the receipts of what was recorded; null if it is not known
     * @throws LedgerException if it is neither a ledger nor where one may be made
     */
    void check(@Nullable Path receipts) throws IOException, SQLException {
        if (Files.isDirectory(file)) {
            throw refused("it is a folder", "set caravan.ledger.url to a file", Remedy.CONFIGURE);
        }
        Path log = Path.of(file + "-wal");
        if (size(file) == 0) {
            if (size(log) > 0) {
                throw refused(
                        "it is " + (Files.exists(file) ? "empty" : "gone") + ", but " + log.getFileName()
                                + " beside it holds its last changes",
                        "put it back from a backup, with the file NAME-wal of the same backup; to begin a new ledger,"
                                + " move both away",
                        Remedy.REPAIR);
            }
            if (Files.exists(file) && receipts != null && hasReceipts(receipts)) {
                throw refused(
                        "it is empty, but " + receipts + " has receipts of what was recorded in it",
                        "put it back from a backup; to begin a new ledger, which knows of nothing that was sent,"
                                + " remove it",
                        Remedy.REPAIR);
            }
            return;
        }
        if (!Arrays.equals(BEGINNING, beginning())) {
            throw refused(
                    "it does not begin as a SQLite database does",
                    "something else lies there, or it is damaged: put back a copy from a backup, or set"
                            + " caravan.ledger.url to another file",
                    Remedy.REPAIR);
        }
        if (isForeign()) {
            throw refused(Schema.FOREIGN, "set caravan.ledger.url to a file of its own", Remedy.CONFIGURE);
        }
    }

    /** Asked on a connection that changes nothing: those of the pool switch the file to write-ahead logging. */
    private boolean isForeign() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet tables = statement.executeQuery("select name from sqlite_schema where type = 'table'"
                        + " and name not like 'sqlite\\_%' escape '\\' and name <> 'flyway_schema_history'")) {
            boolean hasTables = false;
            while (tables.next()) {
                hasTables = true;
                if (tables.getString(1).equals("ledger")) {
                    return false;
                }
            }
            return hasTables;
        }
    }

    private LedgerException refused(String because, String advice, Remedy remedy) {
        return Diagnosis.of("be opened", url, because, advice, remedy, null);
    }

    private static long size(Path path) throws IOException {
        return Files.exists(path) ? Files.size(path) : 0;
    }

    private byte[] beginning() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(BEGINNING.length);
        }
    }

    private static boolean hasReceipts(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> receipts = Files.newDirectoryStream(folder, "*.results.csv")) {
            return receipts.iterator().hasNext();
        }
    }
}
