package io.github.ticketcaravan.failures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Updates as a CSV file. */
final class CsvRows {

    private CsvRows() {}

    static void write(Path file, List<Update> updates) throws IOException {
        List<String> lines = new ArrayList<>(List.of("ticket,subject"));
        updates.forEach(update -> lines.add(update.ticket() + "," + update.number()));
        Files.write(file, lines);
    }
}
