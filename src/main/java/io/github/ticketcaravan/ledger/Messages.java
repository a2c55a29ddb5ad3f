package io.github.ticketcaravan.ledger;

import com.fasterxml.jackson.core.type.TypeReference;
import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.update.Source;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * The messages of queues: which are known, and what became of their updates.
 *
 * <p>Several processes may share a ledger: whoever enters a message first decides where it stands. Safe for several
 * threads. Every method may throw {@link LedgerException}.
 */
public final class Messages {

    private static final int AT_ONCE = 500;

    private static final String INSERT = "insert into message (name, id, content, import_id, position, origin, updates)"
            + " values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing";

    /**
     * A message as it is entered.
     *
     * @param name the queue or topic
     * @param id what tells it from the others there
     * @param content a hash of what it says
     * @param updates how many are in it
     * @param origin kept for its dead letters
     */
    public record Message(String name, String id, String content, int updates, Map<String, String> origin) {

        public Message {
            name = StorableText.key(name);
            id = StorableText.key(id);
            origin = new LinkedHashMap<>(origin);
            origin.replaceAll((property, value) -> StorableText.key(value));
        }
    }

    /**
     * Where a message stands in the ledger.
     *
     * @param content the hash of what it said when it was entered
     * @param importId of the batch it came with
     * @param position of its first update there
     * @param updates how many it had when it was entered; null where that is not known
     * @param isNew whether it was entered just now
     */
    public record Entry(
            String content,
            long importId,
            long position,
            @Nullable Integer updates,
            boolean isNew) {

        /** Whether a message that says this, and has so many updates, is the same. */
        public boolean is(String otherContent, int otherUpdates) {
            return content.equals(otherContent) && (updates == null || updates == otherUpdates);
        }
    }

    /** What became of an update, as its sender is told. */
    public record Answer(
            String ticket, Outcome outcome, @Nullable Integer status, int attempts, Map<String, List<String>> errors) {}

    private record Name(String name, String id) {}

    private final Database database;
    private final Clock clock;

    Messages(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Enters those that are not known, in one transaction.
     *
     * @return where each stands, in their order
     */
    public List<Entry> enter(List<Message> messages) {
        Map<Name, Entry> entries = database.read(handle -> find(handle, messages));
        List<Message> unknown = new ArrayList<>();
        Set<Name> entered = new HashSet<>();
        for (Message message : messages) {
            Name name = new Name(message.name, message.id);
            if (!entries.containsKey(name) && entered.add(name)) {
                unknown.add(message);
            }
        }
        if (!unknown.isEmpty()) {
            entries.putAll(database.write(handle -> enterNew(handle, unknown)));
        }
        return messages.stream()
                .map(message -> entries.get(new Name(message.name, message.id)))
                .toList();
    }

    private Map<Name, Entry> enterNew(Handle handle, List<Message> messages) {
        long importId = begin(handle, messages);
        Map<Name, Entry> entries = new LinkedHashMap<>();
        long position = 1;
        for (Message message : messages) {
            entries.put(
                    new Name(message.name, message.id),
                    new Entry(message.content, importId, position, message.updates, true));
            position += message.updates;
        }
        if (!insert(handle, messages, entries)) {
            // Another process was quicker with some of them.
            find(handle, messages).forEach((name, entry) -> {
                if (entry.importId != importId) {
                    entries.put(name, entry);
                }
            });
        }
        return entries;
    }

    private long begin(Handle handle, List<Message> messages) {
        return handle.createUpdate(
                        "insert into import (fingerprint, source, name, header, total, started_at) values (?, ?, ?, ?, ?, ?)")
                .bind(0, UUID.randomUUID().toString())
                .bind(1, Source.QUEUE.word())
                .bind(2, messages.get(0).name)
                .bind(3, (String) null)
                .bind(4, messages.stream().mapToLong(Message::updates).sum())
                .bind(5, Database.micros(clock.instant()))
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one();
    }

    /** False if some were there already. In plain JDBC, as each message passes here. */
    private static boolean insert(Handle handle, List<Message> messages, Map<Name, Entry> entries) {
        // In one order, so that two processes with the same messages do not wait for each other.
        List<Message> sorted = messages.stream()
                .sorted(Comparator.comparing(Message::name).thenComparing(Message::id))
                .toList();
        try (PreparedStatement statement = handle.getConnection().prepareStatement(INSERT)) {
            for (Message message : sorted) {
                Entry entry = Objects.requireNonNull(entries.get(new Name(message.name, message.id)));
                statement.setString(1, message.name);
                statement.setString(2, message.id);
                statement.setString(3, message.content);
                statement.setLong(4, entry.importId);
                statement.setLong(5, entry.position);
                statement.setString(6, StorableText.of(Json.write(message.origin)));
                statement.setInt(7, message.updates);
                statement.addBatch();
            }
            return Arrays.stream(statement.executeBatch()).allMatch(inserted -> inserted == 1);
        } catch (SQLException e) {
            throw new UnableToExecuteStatementException(String.valueOf(e.getMessage()), e, null);
        }
    }

    private static Map<Name, Entry> find(Handle handle, List<Message> messages) {
        Map<String, List<String>> ids = new LinkedHashMap<>();
        for (Message message : messages) {
            ids.computeIfAbsent(message.name, name -> new ArrayList<>()).add(message.id);
        }
        Map<Name, Entry> found = new HashMap<>();
        ids.forEach((name, all) -> {
            for (int from = 0; from < all.size(); from += AT_ONCE) {
                handle.createQuery("select id, content, import_id, position, updates from message"
                                + " where name = :name and id in (<ids>)")
                        .bind("name", name)
                        .bindList("ids", all.subList(from, Math.min(all.size(), from + AT_ONCE)))
                        .map((row, context) -> found.put(
                                new Name(name, row.getString(1)),
                                new Entry(
                                        row.getString(2),
                                        row.getLong(3),
                                        row.getLong(4),
                                        Ledger.optionalInteger(row, "updates"),
                                        false)))
                        .list();
            }
        });
        return found;
    }

    /** What became of the updates of an import from one position up to, not including, another; by position. */
    public Map<Long, Answer> answers(long importId, long from, long to) {
        Map<Long, Answer> answers = new HashMap<>();
        return database.read(handle -> {
            handle.createQuery("select o.position, o.ticket, o.outcome, o.status, o.attempts, d.errors from outcome o"
                            + " left join dead_letter d on d.import_id = o.import_id and d.position = o.position"
                            + " where o.import_id = ? and o.position >= ? and o.position < ?")
                    .bind(0, importId)
                    .bind(1, from)
                    .bind(2, to)
                    .map((row, context) -> answers.put(
                            row.getLong(1),
                            new Answer(
                                    row.getString(2),
                                    Outcome.of(row.getString(3)),
                                    Ledger.optionalInteger(row, "status"),
                                    row.getInt(5),
                                    errors(row.getString(6)))))
                    .list();
            return answers;
        });
    }

    private static Map<String, List<String>> errors(@Nullable String json) {
        return json == null ? Map.of() : Json.read(json, new TypeReference<LinkedHashMap<String, List<String>>>() {});
    }
}
