package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Whether the ledger can be opened and written. */
public final class LedgerCheck implements Check {

    private static final String SQLITE = "jdbc:sqlite:";

    private final Settings settings;

    public LedgerCheck(Settings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "ledger";
    }

    @Override
    public String find() {
        String url = settings.ledger().url();
        // What follows "?" may be a password.
        String shown = url.replaceFirst("\\?.*", "");
        if (url.startsWith(SQLITE) && !Files.exists(Path.of(shown.substring(SQLITE.length())))) {
            return shown + ", made at the first start";
        }
        // Opening it writes to it.
        Ledger.open(url, Clock.systemUTC()).close();
        return shown;
    }
}
