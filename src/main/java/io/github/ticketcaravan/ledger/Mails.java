package io.github.ticketcaravan.ledger;

import io.github.ticketcaravan.update.Source;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The mails of a ledger: what was decided about each, where its commands' outcomes stand, and its answer.
 *
 * <p>A mail is known by where it lies, and by its Message-ID with a hash of its content, for it may be delivered
 * twice. The answer is written down whole, with its Message-ID, before the first try to send it; it waits here until
 * it was sent or is given up. Safe for several threads. Every method may throw {@link LedgerException}.
 */
public final class Mails {

    private final Database database;
    private final Clock clock;

    Mails(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** The mail that lies there, if it was taken in before. */
    public Optional<MailEntry> at(MailPlace place) {
        return database.read(handle -> handle.createQuery("select mail.* from mail"
                        + " join mail_place on mail_place.mail_id = mail.id"
                        + " where account = ? and folder = ? and uid_validity = ? and uid = ?")
                .bind(0, place.account())
                .bind(1, place.folder())
                .bind(2, place.uidValidity())
                .bind(3, place.uid())
                .map((row, context) -> mailOf(row))
                .findOne());
    }

    /** The mail of that number. */
    public Optional<MailEntry> find(long mailId) {
        return database.read(handle -> handle.createQuery("select * from mail where id = ?")
                .bind(0, mailId)
                .map((row, context) -> mailOf(row))
                .findOne());
    }

    /**
     * The same mail, delivered before. Sender and decision belong to it: what was quarantined because its sender was
     * not proved must not stand in the way of the true one.
     */
    public Optional<MailEntry> delivered(String messageId, String contentHash, String sender, String decision) {
        if (messageId.isEmpty()) {
            return Optional.empty();
        }
        return database.read(handle -> handle.createQuery("select * from mail where message_id = ?"
                        + " and content_hash = ? and sender = ? and decision = ? order by id limit 1")
                .bind(0, messageId)
                .bind(1, contentHash)
                .bind(2, sender)
                .bind(3, decision)
                .map((row, context) -> mailOf(row))
                .findOne());
    }

    /**
     * Enters a new mail.
     *
     * @param references the Message-IDs it names as those it replies to; one of an answer to the same sender makes it
     *     part of that thread
     */
    public MailEntry enter(
            MailPlace place,
            String messageId,
            String contentHash,
            String sender,
            String decision,
            String reason,
            List<String> references) {
        Instant now = clock.instant();
        return database.write(handle -> {
            long id = handle.createUpdate("insert into mail"
                            + " (message_id, content_hash, sender, decision, reason, thread, entered_at)"
                            + " values (?, ?, ?, ?, ?, ?, ?)")
                    .bind(0, messageId)
                    .bind(1, contentHash)
                    .bind(2, sender)
                    .bind(3, decision)
                    .bind(4, StorableText.sentence(reason))
                    .bind(5, thread(handle, sender, references))
                    .bind(6, Database.micros(now))
                    .executeAndReturnGeneratedKeys("id")
                    .mapTo(Long.class)
                    .one();
            handle.execute("update mail set thread = id where id = ? and thread is null", id);
            place(handle, place, id);
            return new MailEntry(id, null, messageId, contentHash, sender, decision, reason, now, null);
        });
    }

    private static @Nullable Long thread(Handle handle, String sender, List<String> references) {
        if (references.isEmpty()) {
            return null;
        }
        return handle.createQuery("select mail.thread from mail_answer join mail on mail.id = mail_answer.mail_id"
                        + " where mail.sender = :sender and mail_answer.message_id in (<references>)"
                        + " order by mail.id limit 1")
                .bind("sender", sender)
                .bindList("references", references)
                .mapTo(Long.class)
                .findOne()
                .orElse(null);
    }

    /** Notes that it lies there too. */
    public void found(long mailId, MailPlace place) {
        database.<Integer>write(handle -> place(handle, place, mailId));
    }

    private static int place(Handle handle, MailPlace place, long mailId) {
        return handle.createUpdate("insert into mail_place (account, folder, uid_validity, uid, mail_id)"
                        + " values (?, ?, ?, ?, ?) on conflict (account, folder, uid_validity, uid)"
                        + " do update set mail_id = excluded.mail_id")
                .bind(0, place.account())
                .bind(1, place.folder())
                .bind(2, place.uidValidity())
                .bind(3, place.uid())
                .bind(4, mailId)
                .execute();
    }

    /** Enters the import under which the outcomes of its commands will stand. */
    public MailEntry begin(MailEntry mail, String name, long commands) {
        return database.write(handle -> {
            String fingerprint = "mail " + mail.id();
            long importId = Ledger.begin(handle, fingerprint, Source.MAIL, name, null, commands, clock.instant());
            handle.execute("update mail set import_id = ? where id = ?", importId, mail.id());
            return mail.begun(importId);
        });
    }

    /** Notes which import one of its attachments is. */
    public void attached(long mailId, long importId) {
        database.<Integer>write(handle -> handle.execute(
                "insert into mail_attachment (mail_id, import_id) values (?, ?) on conflict do nothing",
                mailId,
                importId));
    }

    /**
     * Notes that each of its commands has an outcome, and that it is not answered. Those dead letters of earlier mails
     * in its thread whose tickets have an outcome in this one become {@code superseded}.
     *
     * @param exitCode of its import: 1 if a command was refused, else 0
     */
    public void finish(MailEntry mail, int exitCode) {
        database.<Integer>write(handle -> finish(handle, mail, exitCode));
    }

    /** Does the same, and puts its answer with those that wait to be sent. */
    public void finish(MailEntry mail, int exitCode, String messageId, String recipient, byte[] content) {
        database.<Integer>write(handle -> {
            handle.createUpdate("insert into mail_answer"
                            + " (mail_id, message_id, recipient, content, prepared_at, times, attempts, next_at)"
                            + " values (:mail, :message, :recipient, :content, :now, 1, 0, :now)"
                            + " on conflict (mail_id) do update set content = excluded.content,"
                            + " prepared_at = excluded.prepared_at, times = mail_answer.times + 1, attempts = 0,"
                            + " next_at = excluded.next_at")
                    .bind("mail", mail.id())
                    .bind("message", messageId)
                    .bind("recipient", recipient)
                    .bind("content", content)
                    .bind("now", Database.micros(clock.instant()))
                    .execute();
            return finish(handle, mail, exitCode);
        });
    }

    private int finish(Handle handle, MailEntry mail, int exitCode) {
        Instant now = clock.instant();
        if (mail.importId() != null) {
            Ledger.finish(handle, mail.importId(), exitCode, now);
            supersede(handle, mail, now);
        }
        return handle.execute(
                "update mail set finished_at = ? where id = ? and finished_at is null",
                Database.micros(now),
                mail.id());
    }

    private static void supersede(Handle handle, MailEntry mail, Instant now) {
        String earlier = "select import_id from mail where thread = (select thread from mail where id = :mail)"
                + " and sender = :sender and id < :mail and import_id is not null"
                + " union select import_id from mail_attachment where mail_id in"
                + " (select id from mail where thread = (select thread from mail where id = :mail)"
                + " and sender = :sender and id < :mail)";
        String these = "select import_id from mail where id = :mail and import_id is not null"
                + " union select import_id from mail_attachment where mail_id = :mail";
        handle.createUpdate("update dead_letter set state = 'superseded', changed_by = :sender, changed_at = :now"
                        + " where state in ('open', 'requested')"
                        + " and import_id in (" + earlier + ") and import_id not in (" + these + ")"
                        + " and upper(ticket) in (select upper(ticket) from outcome where import_id in (" + these
                        + "))")
                .bind("mail", mail.id())
                .bind("sender", mail.sender())
                .bind("now", Database.micros(now))
                .execute();
    }

    /** The Message-ID of the answer to a mail, if it has one. */
    public Optional<String> answerId(long mailId) {
        return database.read(handle -> handle.createQuery("select message_id from mail_answer where mail_id = ?")
                .bind(0, mailId)
                .mapTo(String.class)
                .findOne());
    }

    /** How many answers to that address were prepared since, those to its subaddresses (RFC 5233) among them. */
    public int answers(String recipient, Instant since) {
        String local = recipient.substring(0, recipient.lastIndexOf('@'));
        String domain = recipient.substring(recipient.lastIndexOf('@'));
        String user = local.indexOf('+') > 0 ? local.substring(0, local.indexOf('+')) : local;
        return database.read(handle -> handle.createQuery("select coalesce(sum(times), 0) from mail_answer"
                        + " where prepared_at > ? and (recipient = ? or recipient like ? escape '!')")
                .bind(0, Database.micros(since))
                .bind(1, user + domain)
                .bind(2, literal(user) + "+%" + literal(domain))
                .mapTo(Integer.class)
                .one());
    }

    private static String literal(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    /** The answers whose time to be sent has come, the oldest first, at most so many. */
    public List<MailAnswer> due(int most) {
        return database.read(handle -> handle.createQuery(
                        "select * from mail_answer where next_at <= ? order by next_at, mail_id limit ?")
                .bind(0, Database.micros(clock.instant()))
                .bind(1, most)
                .map((row, context) -> new MailAnswer(
                        row.getLong("mail_id"),
                        row.getString("message_id"),
                        row.getString("recipient"),
                        row.getBytes("content"),
                        Database.instant(row.getLong("prepared_at")),
                        row.getInt("attempts")))
                .list());
    }

    /** Notes that an answer is not to be tried again: it was sent, or is given up. */
    public void settled(MailAnswer answer) {
        database.<Integer>write(handle -> handle.execute(
                "update mail_answer set content = null, next_at = null, attempts = attempts + 1 where mail_id = ?",
                answer.mailId()));
    }

    /** Notes that a try has failed. */
    public void failed(MailAnswer answer, Instant next) {
        database.<Integer>write(handle -> handle.execute(
                "update mail_answer set next_at = ?, attempts = attempts + 1 where mail_id = ?",
                Database.micros(next),
                answer.mailId()));
    }

    /**
     * Forgets the mails that ended before that time and have no dead letter, so many at most.
     *
     * @return how many
     */
    static int prune(Handle handle, Instant before, int most) {
        List<Long> old = handle.createQuery(
                        "select id from mail where finished_at < ? and not exists"
                                + " (select 1 from dead_letter where dead_letter.import_id = mail.import_id) order by id limit ?")
                .bind(0, Database.micros(before))
                .bind(1, most)
                .mapTo(Long.class)
                .list();
        if (!old.isEmpty()) {
            for (String table : List.of("mail_place", "mail_attachment", "mail_answer")) {
                handle.createUpdate("delete from " + table + " where mail_id in (<old>)")
                        .bindList("old", old)
                        .execute();
            }
            handle.createUpdate("delete from mail where id in (<old>)")
                    .bindList("old", old)
                    .execute();
        }
        return old.size();
    }

    private static MailEntry mailOf(ResultSet row) throws SQLException {
        long importId = row.getLong("import_id");
        Long begun = row.wasNull() ? null : (Long) importId;
        return new MailEntry(
                row.getLong("id"),
                begun,
                row.getString("message_id"),
                row.getString("content_hash"),
                row.getString("sender"),
                row.getString("decision"),
                row.getString("reason"),
                Database.instant(row.getLong("entered_at")),
                Ledger.optionalInstant(row, "finished_at"));
    }
}
