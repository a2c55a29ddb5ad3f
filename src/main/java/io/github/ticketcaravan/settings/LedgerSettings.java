package io.github.ticketcaravan.settings;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The keys {@code caravan.ledger.*}.
 *
 * @param url the JDBC URL of the ledger's database, SQLite or PostgreSQL
 * @param keep how long the outcomes of an import that has ended are kept; dead letters are kept until discarded
 */
public record LedgerSettings(String url, Duration keep) {

    static LedgerSettings of(Values values, Path data, EndpointSettings endpoint) {
        // What was practised must never count as done on the real help desk, nor the other way round.
        Path folder = endpoint.isPractice() ? data.resolve("sandbox") : data;
        Duration keep = values.duration("caravan.ledger.keep", Duration.ofDays(90), Duration.ofDays(1));
        LedgerSettings inFolder = in(folder, keep);
        return new LedgerSettings(values.text("caravan.ledger.url", inFolder.url), keep);
    }

    static LedgerSettings in(Path folder, Duration keep) {
        return new LedgerSettings("jdbc:sqlite:" + folder.resolve("ledger.db"), keep);
    }
}
