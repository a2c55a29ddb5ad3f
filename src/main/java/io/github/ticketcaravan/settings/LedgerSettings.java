package io.github.ticketcaravan.settings;

import java.nio.file.Path;

/**
 * The keys {@code caravan.ledger.*}.
 *
 * @param url the JDBC URL of the ledger's database
 */
public record LedgerSettings(String url) {

    static LedgerSettings of(Values values, Path data, EndpointSettings endpoint) {
        // What was practised must never count as done on the real help desk, nor the other way round.
        Path folder = endpoint.isPractice() ? data.resolve("sandbox") : data;
        return new LedgerSettings(values.text("caravan.ledger.url", "jdbc:sqlite:" + folder.resolve("ledger.db")));
    }
}
