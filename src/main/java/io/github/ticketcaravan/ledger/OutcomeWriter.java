package io.github.ticketcaravan.ledger;

import com.fasterxml.jackson.core.type.TypeReference;
import io.github.ticketcaravan.delivery.Dispatch;
import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.delivery.Receipt;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a group of outcomes, and the dead letters among them, in one transaction.
 *
 * <p>An outcome that is there already stays as it is. The outcome of a replay goes to the dead letter it replays,
 * instead of making another: where the letter still waits, can become this update, and was not changed meanwhile.
 * Whether an update may replay the letter that it names was decided before it was sent.
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
                + " reason, attempts, first_at, last_at, problems, replays, state)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'open') on conflict do nothing");
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
                    .bind(14, problems(update))
                    .add();
        }
        batch.execute();
    }

    /** What stays until somebody edits the letter; null where nothing does. */
    private static @Nullable String problems(TicketUpdate update) {
        Map<String, List<String>> problems = new LinkedHashMap<>();
        for (Problem problem : update.problems()) {
            if (problem.stays()) {
                problems.computeIfAbsent(problem.field(), field -> new ArrayList<>())
                        .add(problem.message());
            }
        }
        return problems.isEmpty() ? null : Json.write(problems);
    }

    /** The letter as it is now, before the outcome of its replay. */
    private record Replayed(
            long id, String ticket, @Nullable Integer status, Set<String> errors, boolean waits) {

        boolean canTake(TicketUpdate update) {
            return waits && DeadLetter.canBecome(ticket, status, errors, update.ticket());
        }
    }

    /** False if it becomes a dead letter of its own, should it be refused. */
    private boolean replay(Handle handle, Dispatch dispatch) {
        TicketUpdate update = dispatch.update();
        boolean isTheLetter = update.origin().source() == Source.CLI;
        // What could not be kept has lost its name with all else; before it was sent it was found to be a replay.
        boolean isWithoutContent = update.origin().name().isEmpty();
        Replayed letter = find(
                handle,
                ids.number(String.valueOf(update.replayOf())),
                dispatch.importId(),
                isTheLetter && !isWithoutContent);
        if (letter == null || !(isWithoutContent ? letter.waits : letter.canTake(update))) {
            // A request is the letter itself; withdrawn or edited while it was under way, it stays as it is.
            return isTheLetter && !isWithoutContent;
        }
        settle(handle, letter.id, dispatch.receipt());
        if (!isTheLetter) {
            changed(handle, letter.id, dispatch);
        }
        return true;
    }

    private static @Nullable Replayed find(Handle handle, long id, long importId, boolean isRequested) {
        String waits = isRequested
                ? "state = 'requested' and (changed_at is null or changed_at <="
                        + " (select started_at from import where import.id = :import))"
                // A second row with its ID in one file becomes a letter of its own: none is lost.
                : "state in ('open', 'requested') and import_id <> :import";
        return handle.createQuery("select ticket, status, errors, case when " + waits + " then 1 else 0 end as waits"
                        + " from dead_letter where id = :id")
                .bind("id", id)
                .bind("import", importId)
                .map((row, context) -> new Replayed(
                        id,
                        row.getString("ticket"),
                        Ledger.optionalInteger(row, "status"),
                        Json.read(row.getString("errors"), new TypeReference<Map<String, Object>>() {})
                                .keySet(),
                        row.getInt("waits") == 1))
                .findOne()
                .orElse(null);
    }

    private static void settle(Handle handle, long id, Receipt receipt) {
        boolean applied = receipt.outcome() == Outcome.APPLIED;
        handle.createUpdate("update dead_letter set state = ?, replays = replays + 1, attempts = attempts + ?,"
                        + " last_at = ? where id = ?")
                .bind(0, applied ? "applied" : "open")
                .bind(1, receipt.attempts())
                .bind(2, Database.micros(receipt.finishedAt()))
                .bind(3, id)
                .execute();
        if (!applied) {
            handle.createUpdate("update dead_letter set outcome = ?, status = ?, errors = ?, reason = ?,"
                            + " forwarded_at = null where id = ?")
                    .bind(0, receipt.outcome().word())
                    .bind(1, receipt.status())
                    .bind(2, Json.write(receipt.errors()))
                    .bind(3, StorableText.sentence(receipt.reason()))
                    .bind(4, id)
                    .execute();
        }
    }

    /** A mended row is the letter's new form: refused, it stands in the rejected file of the import that brought it. */
    private static void changed(Handle handle, long id, Dispatch dispatch) {
        TicketUpdate update = dispatch.update();
        Receipt receipt = dispatch.receipt();
        String source = update.origin().source().word();
        handle.createUpdate("update dead_letter set changed_at = ?, changed_by = coalesce("
                        + DeadLetters.senderOf(Long.toString(dispatch.importId())) + ", ?) where id = ?")
                .bind(0, Database.micros(receipt.finishedAt()))
                .bind(1, source + " " + update.origin().name())
                .bind(2, id)
                .execute();
        if (receipt.outcome() != Outcome.APPLIED) {
            handle.createUpdate("update dead_letter set import_id = ?, source = ?, name = ?, position = ?, ticket = ?,"
                            + " parameters = ?, original = ?, problems = ? where id = ?")
                    .bind(0, dispatch.importId())
                    .bind(1, source)
                    .bind(2, update.origin().name())
                    .bind(3, update.origin().position())
                    .bind(4, update.ticket())
                    .bind(5, LongText.kept(handle, Json.write(update.parameters())))
                    .bind(6, LongText.kept(handle, update.original()))
                    .bind(7, problems(update))
                    .bind(8, id)
                    .execute();
        }
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
