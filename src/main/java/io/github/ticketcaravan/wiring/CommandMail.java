package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.ledger.MailEntry;
import io.github.ticketcaravan.mail.MailDecision;
import io.github.ticketcaravan.mail.Transcript.AttachedFile;
import io.github.ticketcaravan.update.TicketUpdate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** One mail while its commands are carried out. For one thread. */
public final class CommandMail {

    private final MailDecision decision;
    private final MailEntry entry;
    private final BitSet done;
    private final Batch batch;
    private final List<ImportRequest> imports = new ArrayList<>();
    private final List<AttachedFile> files = new ArrayList<>();
    private final List<Path> receipts = new ArrayList<>();
    private final String folder;
    private boolean settled;

    /**
     * @param done the positions of updates that have an outcome already
     * @param folder where the mail goes
     */
    CommandMail(MailDecision decision, MailEntry entry, BitSet done, Batch batch, String folder) {
        this.decision = decision;
        this.entry = entry;
        this.done = done;
        this.batch = batch;
        this.folder = folder;
    }

    /** The updates still to be given to delivery, in the mail's order. */
    public List<TicketUpdate> updates() {
        if (settled) {
            return List.of();
        }
        return decision.updates().stream()
                .filter(update -> !done.get(Math.toIntExact(update.origin().position())))
                .toList();
    }

    /** The CSV files attached to it. */
    public List<ImportRequest> imports() {
        return imports;
    }

    /** Whether all of it has an outcome, so that it can be moved. */
    public boolean isSettled() {
        return settled;
    }

    /** The folder it is moved to then. */
    public String folder() {
        return folder;
    }

    void settle() {
        settled = true;
    }

    MailDecision decision() {
        return decision;
    }

    MailEntry entry() {
        return entry;
    }

    Batch batch() {
        return batch;
    }

    void add(ImportRequest attachment) {
        imports.add(attachment);
    }

    void add(AttachedFile file, List<Path> receiptFiles) {
        files.add(file);
        receipts.addAll(receiptFiles);
    }

    List<AttachedFile> files() {
        return files;
    }

    List<Path> receipts() {
        return receipts;
    }
}
