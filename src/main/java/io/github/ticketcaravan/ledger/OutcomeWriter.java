package io.github.ticketcaravan.ledger;

import io.github.ticketcaravan.delivery.Dispatch;
import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.delivery.Receipt;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * Writes a group of outcomes, and the dead letters among them, in one transaction.
 *
 * <p>An outcome that is there already stays as it is. The outcome of a replay goes to the dead letter it replays,
 * instead of making another.
 */
final class OutcomeWriter implements GroupCommit.Writer<Dispatch> {

    private static final String INSERT_OUTCOME = "insert into outcome"
            + " (import_id, position, ticket, parameters, outcome, status, attempts, reason, finished_at)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing";

    private final Database database;
    private final DeadLetterId ids;

    OutcomeWriter(Database database, DeadLetterId ids) {
        this.database = database;
        this.ids = ids;
    }

    @Override
    public void write(List<Dispatch> group) {
        database.write(handle -> {
            insertOutcomes(handle, group);
            List<Dispatch> letters = new ArrayList<>();
            for (Dispatch dispatch : group) {
                boolean replayed = dispatch.update().replayOf() != null && replay(handle, dispatch);
                if (!replayed && dispatch.receipt().outcome().isDeadLetter()) {
                    letters.add(dispatch);
                }
            }
            insertDeadLetters(handle, letters);
            return letters.size();
        });
    }

    /** In plain JDBC: every row passes here, and binding through Jdbi took more time than the database. */
    private static void insertOutcomes(Handle handle, List<Dispatch> group) {
        try (PreparedStatement statement =
                handle.getConnection().unwrap(Connection.class).prepareStatement(INSERT_OUTCOME)) {
            for (Dispatch dispatch : group) {
                Receipt receipt = dispatch.receipt();
                TicketUpdate update = dispatch.update();
                statement.setLong(1, dispatch.importId());
                statement.setLong(2, update.origin().position());
                statement.setString(3, StorableText.of(update.ticket()));
                statement.setString(
                        4, StorableText.of(String.join("\n", update.parameters().keySet())));
                statement.setString(5, receipt.outcome().word());
                statement.setObject(6, receipt.status(), Types.INTEGER);
                statement.setInt(7, receipt.attempts());
                statement.setString(8, StorableText.sentence(receipt.reason()));
                statement.setLong(9, Database.micros(receipt.finishedAt()));
                statement.addBatch();
            }
            statement.executeBatch();
        } catch (SQLException e) {
            throw new UnableToExecuteStatementException(String.valueOf(e.getMessage()), e, null);
        }
    }

    private static void insertDeadLetters(Handle handle, List<Dispatch> letters) {
        if (letters.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("insert into dead_letter"
                + " (import_id, source, name, position, ticket, parameters, original, outcome, status, errors,"
                + " reason, attempts, first_at, last_at, replays, state)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'open') on conflict do nothing");
        for (Dispatch dispatch : letters) {
            TicketUpdate update = dispatch.update();
            Receipt receipt = dispatch.receipt();
            batch.bind(0, dispatch.importId())
                    .bind(1, update.origin().source().word())
                    .bind(2, update.origin().name())
                    .bind(3, update.origin().position())
                    .bind(4, update.ticket())
                    .bind(5, LongText.kept(handle, Json.write(update.parameters())))
                    .bind(6, LongText.kept(handle, update.original()))
                    .bind(7, receipt.outcome().word())
                    .bind(8, receipt.status())
                    .bind(9, Json.write(receipt.errors()))
                    .bind(10, StorableText.sentence(receipt.reason()))
                    .bind(11, receipt.attempts())
                    .bind(12, Database.micros(receipt.firstAt()))
                    .bind(13, Database.micros(receipt.finishedAt()))
                    .add();
        }
        batch.execute();
    }

    /** False if there is no such dead letter here that could still be replayed. */
    private boolean replay(Handle handle, Dispatch dispatch) {
        TicketUpdate update = dispatch.update();
        Receipt receipt = dispatch.receipt();
        long id = ids.number(String.valueOf(update.replayOf()));
        if (receipt.outcome() == Outcome.APPLIED) {
            return handle.createUpdate("update dead_letter set state = 'applied', replays = replays + 1,"
                                    + " attempts = attempts + ?, last_at = ?"
                                    + " where id = ? and state in ('open', 'requested')")
                            .bind(0, receipt.attempts())
                            .bind(1, Database.micros(receipt.finishedAt()))
                            .bind(2, id)
                            .execute()
                    > 0;
        }
        boolean refused = handle.createUpdate("update dead_letter set state = 'open', replays = replays + 1,"
                                + " attempts = attempts + ?, last_at = ?, outcome = ?, status = ?, errors = ?, reason = ?,"
                                + " forwarded_at = null"
                                // A second row with its ID in one file becomes a letter of its own: none is lost.
                                + " where id = ? and import_id <> ? and state in ('open', 'requested')")
                        .bind(0, receipt.attempts())
                        .bind(1, Database.micros(receipt.finishedAt()))
                        .bind(2, receipt.outcome().word())
                        .bind(3, receipt.status())
                        .bind(4, Json.write(receipt.errors()))
                        .bind(5, StorableText.sentence(receipt.reason()))
                        .bind(6, id)
                        .bind(7, dispatch.importId())
                        .execute()
                > 0;
        if (refused && update.origin().source() != Source.CLI) {
            // A mended row is the letter's new form: it stands in the rejected file of the import that brought it.
            handle.createUpdate("update dead_letter set import_id = ?, source = ?, name = ?, position = ?, ticket = ?,"
                            + " parameters = ?, original = ? where id = ?")
                    .bind(0, dispatch.importId())
                    .bind(1, update.origin().source().word())
                    .bind(2, update.origin().name())
                    .bind(3, update.origin().position())
                    .bind(4, update.ticket())
                    .bind(5, LongText.kept(handle, Json.write(update.parameters())))
                    .bind(6, LongText.kept(handle, update.original()))
                    .bind(7, id)
                    .execute();
        }
        return refused;
    }

    @Override
    public boolean isOfAnElement(RuntimeException failure) {
        return Database.isAboutTheValues(failure);
    }

    /** Its outcome stands, but of what it was only the place is kept. What was not applied is a dead letter without content. */
    @Override
    public void writeInstead(Dispatch dispatch, RuntimeException failure) {
        write(List.of(dispatch.withoutContent("the ledger cannot keep what it was: " + failure.getMessage())));
    }

    @Override
    public void written(List<Dispatch> group) {
        group.forEach(dispatch -> dispatch.kept().complete(dispatch.receipt()));
    }

    @Override
    public void failed(List<Dispatch> group, RuntimeException failure) {
        group.forEach(dispatch -> dispatch.kept().completeExceptionally(failure));
    }
}
