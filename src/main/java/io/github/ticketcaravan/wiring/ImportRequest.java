package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.ledger.Import;
import io.github.ticketcaravan.update.TicketUpdate;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One CSV file to apply.
 *
 * @param name how it is called in the ledger and in dead letters
 * @param receipts where its receipts go
 * @param again whether it is sent even if it was imported whole before
 * @param limit rows to send at most, from the top
 * @param brake whether it is held when too much of it is refused
 * @param message the Message-ID of the mail it is attached to, by which it is known too; empty where there is none
 * @param sender of that mail; null where there is none
 * @param inboxFile of a dropped file: which it is, so that after a kill it is told from one that is dropped again; else
 *     empty
 * @param permission has what its sender may not do refused, as a problem of the row
 * @param begun told once the file was read whole, before anything is sent
 */
public record ImportRequest(
        Path file,
        String name,
        Receipts receipts,
        boolean again,
        long limit,
        boolean brake,
        String message,
        @Nullable String sender,
        String inboxFile,
        UnaryOperator<TicketUpdate> permission,
        Consumer<CsvImport> begun) {

    /** One that came by no mail, whose rows may do anything. */
    public ImportRequest(
            Path file,
            String name,
            Receipts receipts,
            boolean again,
            long limit,
            boolean brake,
            Consumer<CsvImport> begun) {
        this(file, name, receipts, again, limit, brake, "", null, "", UnaryOperator.identity(), begun);
    }

    /** The folder of the receipts and the beginning of their names, as one path. */
    public interface Receipts {
        Path of(Import entry);
    }
}
