package io.github.ticketcaravan.ledger;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of a ledger: to look at, mend, give up, and have replayed.
 *
 * <p>Safe for several threads, and beside a process that delivers. Every method may throw {@link LedgerException}.
 */
public final class DeadLetters {

    private static final LongText PARAMETERS = new LongText("parameters");
    private static final LongText ORIGINAL = new LongText("original");

    private static final String ITS_MESSAGE = " from message where message.import_id = dead_letter.import_id"
            + " and message.position <= dead_letter.position order by message.position desc limit 1)";

    /** With the sender, where it came by mail, and the message, where it came by a queue. */
    private static final String SELECT =
            "select dead_letter.*, " + PARAMETERS.selected() + ", " + ORIGINAL.selected() + ","
                    + senderOf("dead_letter.import_id") + " as sender,"
                    + " (select message.position" + ITS_MESSAGE + " as message_position, (select origin" + ITS_MESSAGE
                    + " as origin from dead_letter";

    /** Each may have the largest row or message. */
    private static final int FEW = 20;

    private static final String PENDING = "state in ('open', 'requested')";

    private static final TypeReference<LinkedHashMap<String, List<String>>> MESSAGES = new TypeReference<>() {};

    private final Database database;
    private final DeadLetterId ids;
    private final Clock clock;

    /** Who sent the mail that an import belongs to; of a file that came several times, the first. */
    static String senderOf(String importId) {
        return "coalesce((select sender from mail where mail.import_id = " + importId + "),"
                + " (select sender from mail join mail_attachment on mail_attachment.mail_id = mail.id"
                + " where mail_attachment.import_id = " + importId + " order by mail.id limit 1))";
    }

    DeadLetters(Database database, DeadLetterId ids, Clock clock) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
    }

    /** Gives those that match to {@code use}, in the order their instructions were given, without holding them all. */
    public void list(DeadLetterFilter filter, Ledger.Use<DeadLetter> use) throws IOException {
        database.stream(
                FEW,
                handle -> handle.createQuery(SELECT + filter.where() + " order by import_id, position")
                        .bindMap(filter.values()),
                (row, context) -> letterOf(row),
                use);
    }

    /** Those that match, all of them in memory. */
    public List<DeadLetter> list(DeadLetterFilter filter) throws IOException {
        List<DeadLetter> letters = new ArrayList<>();
        list(filter, rows -> rows.forEachRemaining(letters::add));
        return letters;
    }

    /** The one of that ID. */
    public Optional<DeadLetter> find(String id) {
        return find(ids.number(id));
    }

    /** The one of the ID that a person typed: its number alone will do. */
    public Optional<DeadLetter> typed(String id) {
        return find(ids.typed(id));
    }

    private Optional<DeadLetter> find(long number) {
        return database.read(handle -> handle.createQuery(SELECT + " where id = ?")
                .bind(0, number)
                .map((row, context) -> letterOf(row))
                .findOne());
    }

    /**
     * Changes what it would send; what came stays in {@code original}. A request to send it is withdrawn, and the
     * problems that stayed with it are gone. False if it waits for nobody any more.
     */
    public boolean edit(String id, String ticket, Map<String, String> parameters, String who) {
        return 1
                == database.<Integer>write(handle -> handle.createUpdate("update dead_letter set ticket = ?,"
                                + " parameters = ?, changed_by = ?, changed_at = ?, problems = null, state = 'open'"
                                + " where id = ? and " + PENDING)
                        .bind(0, ticket)
                        .bind(1, LongText.kept(handle, Json.write(parameters)))
                        .bind(2, who)
                        .bind(3, Database.micros(clock.instant()))
                        .bind(4, ids.number(id))
                        .execute());
    }

    /** Gives it up; it is kept. A request to send it is withdrawn. False if it waits for nobody any more. */
    public boolean discard(String id, String who) {
        return 1
                == database.<Integer>write(handle -> handle.createUpdate("update dead_letter set state = 'discarded',"
                                + " changed_by = ?, changed_at = ? where id = ? and " + PENDING)
                        .bind(0, who)
                        .bind(1, Database.micros(clock.instant()))
                        .bind(2, ids.number(id))
                        .execute());
    }

    /** Asks whoever delivers to send it again. False if it is not open. */
    public boolean request(String id) {
        return 1
                == database.<Integer>write(handle -> handle.createUpdate(
                                "update dead_letter set state = 'requested' where id = ? and state = 'open'")
                        .bind(0, ids.number(id))
                        .execute());
    }

    /** The IDs of those that were asked for and are not settled yet. */
    public Set<String> requested() {
        return database.read(handle -> handle.createQuery("select id from dead_letter where state = 'requested'")
                .map((row, context) -> ids.of(row.getLong("id")))
                .collect(Collectors.toSet()));
    }

    /** Takes a request back, so that it is open again. False if it is settled, or there was none. */
    public boolean withdraw(String id) {
        return 1
                == database.<Integer>write(handle -> handle.createUpdate(
                                "update dead_letter set state = 'open' where id = ? and state = 'requested'")
                        .bind(0, ids.number(id))
                        .execute());
    }

    /** The IDs of those not yet sent to {@code caravan.dead-letter.forward} as they are now, the oldest first. */
    public List<String> toForward(int most) {
        return database.read(
                handle -> handle.createQuery("select id from dead_letter where forwarded_at is null and state = 'open'"
                                + " order by id limit ?")
                        .bind(0, most)
                        .map((row, context) -> ids.of(row.getLong(1)))
                        .list());
    }

    /** Notes that it was sent to {@code caravan.dead-letter.forward}. */
    public void forwarded(String id) {
        int unused = database.<Integer>write(
                handle -> handle.createUpdate("update dead_letter set forwarded_at = ? where id = ?")
                        .bind(0, Database.micros(clock.instant()))
                        .bind(1, ids.number(id))
                        .execute());
    }

    /**
     * Which of the letters come too late: since each was first tried, another update of the same ticket has been
     * applied that sets one of the same parameters.
     *
     * @param exceptImport an import whose own updates do not count; -1 for none
     * @return the letter's ID to the parameter that was set since
     */
    public Map<String, String> overtaken(List<DeadLetter> letters, long exceptImport) throws IOException {
        Map<String, List<DeadLetter>> byTicket = new HashMap<>();
        long first = Long.MAX_VALUE;
        for (DeadLetter letter : letters) {
            byTicket.computeIfAbsent(key(letter.ticket()), key -> new ArrayList<>())
                    .add(letter);
            first = Math.min(first, Database.micros(letter.firstAt()));
        }
        Map<String, String> overtaken = new LinkedHashMap<>();
        long since = first;
        // One scan, since an index by ticket would cost every row of every import.
        database.<String[]>stream(
                1_000,
                handle -> handle.createQuery("select ticket, parameters, finished_at from outcome"
                                + " where outcome = 'applied' and finished_at > ? and import_id <> ?")
                        .bind(0, since)
                        .bind(1, exceptImport),
                (row, context) -> new String[] {row.getString(1), row.getString(2), row.getString(3)},
                rows -> rows.forEachRemaining(row -> {
                    for (DeadLetter letter : byTicket.getOrDefault(key(row[0]), List.of())) {
                        if (Long.parseLong(row[2]) > Database.micros(letter.firstAt())) {
                            Arrays.stream(row[1].split("\n", -1))
                                    .filter(letter.parameters()::containsKey)
                                    .findFirst()
                                    .ifPresent(parameter -> overtaken.put(letter.id(), parameter));
                        }
                    }
                }));
        return overtaken;
    }

    private static String key(String ticket) {
        return ticket.toUpperCase(Locale.ROOT);
    }

    private DeadLetter letterOf(ResultSet row) throws SQLException {
        return new DeadLetter(
                ids.of(row.getLong("id")),
                row.getString("source"),
                row.getString("name"),
                optionalText(row, "sender"),
                positionOf(row),
                originOf(row),
                row.getString("ticket"),
                Json.read(PARAMETERS.of(row), new TypeReference<LinkedHashMap<String, String>>() {}),
                ORIGINAL.of(row),
                row.getString("outcome"),
                Ledger.optionalInteger(row, "status"),
                Json.read(row.getString("errors"), MESSAGES),
                row.getString("reason"),
                problemsOf(row),
                row.getInt("attempts"),
                Database.instant(row.getLong("first_at")),
                Database.instant(row.getLong("last_at")),
                row.getInt("replays"),
                row.getString("state"),
                optionalText(row, "changed_by"),
                Ledger.optionalInstant(row, "changed_at"));
    }

    /** In the ledger a batch of messages is counted through; here, what stands in one. */
    private static long positionOf(ResultSet row) throws SQLException {
        long position = row.getLong("position");
        long first = row.getLong("message_position");
        return row.wasNull() ? position : position - first + 1;
    }

    private static Map<String, String> originOf(ResultSet row) throws SQLException {
        String origin = row.getString("origin");
        return origin == null ? Map.of() : Json.read(origin, new TypeReference<LinkedHashMap<String, String>>() {});
    }

    private static Map<String, List<String>> problemsOf(ResultSet row) throws SQLException {
        String problems = row.getString("problems");
        return problems == null ? Map.of() : Json.read(problems, MESSAGES);
    }

    private static @Nullable String optionalText(ResultSet row, String column) throws SQLException {
        return row.getString(column);
    }
}
