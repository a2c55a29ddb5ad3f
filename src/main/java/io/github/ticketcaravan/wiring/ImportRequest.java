package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.ledger.Import;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * One CSV file to apply.
 *
 * @param name how it is called in the ledger and in dead letters
 * @param receipts where its receipts go
 * @param again whether it is sent even if it was imported whole before
 * @param limit rows to send at most, from the top
 * @param brake whether it is held when too much of it is refused
 * @param begun told once the file was read whole, before anything is sent
 */
public record ImportRequest(
        Path file,
        String name,
        Receipts receipts,
        boolean again,
        long limit,
        boolean brake,
        Consumer<CsvImport> begun) {

    /** The folder of the receipts and the beginning of their names, as one path. */
    public interface Receipts {
        Path of(Import entry);
    }
}
