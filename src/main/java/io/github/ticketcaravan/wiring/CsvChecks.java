package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.csv.CsvCheck;
import io.github.ticketcaravan.csv.CsvFile;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.camel.impl.DefaultCamelContext;

/** The first pass over a file on its own: all of it is read and nothing sent. */
public final class CsvChecks {

    private CsvChecks() {}

    /**
     * Reads all of the file.
     *
     * @param each is given every row's update, valid or not
     * @throws io.github.ticketcaravan.csv.UnreadableFileException naming file, place and remedy
     */
    public static CsvCheck check(Path file, Settings settings, Consumer<TicketUpdate> each) throws IOException {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            UpdateRules rules = new UpdateRules(settings.timeZone());
            try (CsvFile csv = CsvFile.open(CsvFile.named(file), settings.csv(), rules, new CamelCsvParser(context))) {
                return csv.check(each);
            }
        }
    }
}
