package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Whether the ledger can be opened and written, and whether its database knows of damage. */
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
        String file = shown.replaceFirst("^" + SQLITE, "");
        if (url.startsWith(SQLITE) && !Files.exists(Path.of(file)) && !Files.exists(Path.of(file + "-wal"))) {
            return shown + ", made at the first start";
        }
        try (Ledger ledger = Ledger.open(url, settings.csv().done(), Clock.systemUTC())) {
            ledger.probe();
            return shown + ", written and read; " + ledger.inspect();
        }
    }
}
