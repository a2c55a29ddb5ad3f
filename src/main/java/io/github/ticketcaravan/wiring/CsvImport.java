package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.csv.CsvCheck;
import io.github.ticketcaravan.csv.CsvFile;
import io.github.ticketcaravan.csv.UnreadableFileException;
import io.github.ticketcaravan.ledger.Import;
import io.github.ticketcaravan.ledger.LedgerException;
import io.github.ticketcaravan.replay.NamedLetters;
import io.github.ticketcaravan.update.TicketUpdate;
import java.io.IOException;
import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * One CSV file while it is being applied: which rows are still to be sent, and how many are settled.
 *
 * <p>One thread reads; {@link #settled} may be asked from any.
 */
public final class CsvImport {

    private final ImportRequest request;
    private final CsvFile file;
    private final CsvCheck check;
    private final Import entry;
    private final BitSet done;
    private final boolean repeated;
    private final Batch batch;
    private final NamedLetters named;
    private final long settledBefore;

    /**
     * @param done the positions that have an outcome already
     * @param named the dead letters that its rows name
     * @param repeated whether it was imported whole before, and nothing is to be sent
     */
    CsvImport(
            ImportRequest request,
            CsvFile file,
            CsvCheck check,
            Import entry,
            BitSet done,
            boolean repeated,
            Batch batch,
            NamedLetters named) {
        this.request = request;
        this.file = file;
        this.check = check;
        this.entry = entry;
        this.done = done;
        this.repeated = repeated;
        this.settledBefore = done.cardinality();
        this.batch = batch;
        this.named = named;
    }

    /** The rows still to be sent, in the file's order, within the request's limit. */
    public Iterator<TicketUpdate> updates() throws UnreadableFileException {
        if (repeated) {
            return Collections.emptyIterator();
        }
        Iterator<TicketUpdate> rows = file.updates();
        return new Iterator<>() {
            private long passed;
            private @Nullable TicketUpdate next;

            @Override
            public boolean hasNext() {
                while (next == null && rows.hasNext() && passed < request.limit()) {
                    TicketUpdate row = rows.next();
                    passed++;
                    next = done.get(Math.toIntExact(row.origin().position()))
                            ? null
                            : named.check(request.permission().apply(row));
                }
                return next != null;
            }

            @Override
            public TicketUpdate next() {
                TicketUpdate update = hasNext() ? next : null;
                if (update == null) {
                    throw new NoSuchElementException();
                }
                next = null;
                return update;
            }
        };
    }

    void close() {
        try {
            file.close();
        } catch (IOException e) {
            batch.interrupt(e);
        }
    }

    ImportRequest request() {
        return request;
    }

    Import entry() {
        return entry;
    }

    CsvCheck check() {
        return check;
    }

    boolean isRepeated() {
        return repeated;
    }

    Batch batch() {
        return batch;
    }

    /** How it stands as far as this process knows, where the ledger cannot tell any more. */
    public ImportSummary asFarAsKnown(LedgerException failure) {
        batch.interrupt(failure);
        return new ImportSummary(
                entry,
                batch.counts(),
                settled() - settledBefore,
                batch.unrecorded(),
                Map.of(),
                List.of(),
                batch.stopped(),
                batch.isBraked(),
                null);
    }

    /** Rows that have an outcome by now. */
    public long settled() {
        return batch.settled();
    }

    /** Rows that had an outcome before this run. */
    public long settledBefore() {
        return settledBefore;
    }

    /** Rows to settle in all, within the limit. */
    public long total() {
        return Math.min(check.rows(), request.limit());
    }
}
