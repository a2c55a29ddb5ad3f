package io.github.ticketcaravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Text that a database refuses, or changes, in every column that has any. */
@Timeout(60)
@ParameterizedClass
@EnumSource(LedgerDatabase.class)
class HostileTextTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    /** A NUL, and both halves of surrogate pairs alone, beside a whole one. */
    private static final String HOSTILE = "a\0b \ud83d c\udc00 \ud83c\udfab \u202e'\"\\;--";

    private static final String ESCAPED = "a\\u0000b \\ud83d c\\udc00 \ud83c\udfab \u202e'\"\\;--";

    @Parameter
    private LedgerDatabase database;

    @TempDir
    private Path folder;

    private String url;
    private Ledger ledger;

    @BeforeEach
    void open() {
        url = database.fresh(folder);
        ledger = Ledger.open(url, Clock.fixed(NOON, ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private void reject(long importId, TicketUpdate update) throws Exception {
        String errors = "{\"errors\":{\"x\\u0000\\ud83d\":[\"\\u0000 \\ud83d\"]}}";
        LedgerTest.keep(ledger, importId, update, 422, errors, NOON);
    }

    private static TicketUpdate update(long position, String ticket) {
        return new TicketUpdate(
                new Origin(Source.QUEUE, HOSTILE, position),
                ticket,
                Map.of("custom[" + HOSTILE + "]", HOSTILE),
                HOSTILE,
                List.of(),
                List.of(),
                null);
    }

    private static String random(int length, long seed) {
        byte[] bytes = new byte[length / 2];
        new Random(seed).nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void ofADeadLetterIsKeptWithItsValuesUnchangedAndEscapesElsewhere() throws Exception {
        Import entry = ledger.begin(HOSTILE, Source.QUEUE, HOSTILE, HOSTILE, 1);
        reject(entry.id(), update(1, HOSTILE));

        assertThat(ledger.latest(HOSTILE)).get().satisfies(found -> {
            assertThat(found.name()).isEqualTo(ESCAPED);
            assertThat(found.header()).isEqualTo(ESCAPED);
        });
        assertThat(ledger.counts(entry.id())).containsEntry(Outcome.REJECTED, 1L);
        List<OutcomeLine> lines = new ArrayList<>();
        ledger.outcomes(entry.id(), rows -> rows.forEachRemaining(lines::add));
        assertThat(lines).extracting(OutcomeLine::ticket).containsExactly(ESCAPED);

        DeadLetter letter = ledger.deadLetters()
                .list(new DeadLetterFilter(null, null, HOSTILE, null, null, Set.of()))
                .get(0);
        assertThat(letter.parameters()).isEqualTo(Map.of("custom[" + HOSTILE + "]", HOSTILE));
        assertThat(letter.original()).isEqualTo(ESCAPED);
        assertThat(letter.name()).isEqualTo(ESCAPED);
        assertThat(ledger.deadLetters().edit(letter.id(), HOSTILE, Map.of(HOSTILE, HOSTILE), HOSTILE))
                .isTrue();
        assertThat(ledger.deadLetters().find(letter.id())).get().satisfies(edited -> {
            assertThat(edited.parameters()).isEqualTo(Map.of(HOSTILE, HOSTILE));
            assertThat(edited.changedBy()).isEqualTo(ESCAPED);
        });
        assertThat(ledger.deadLetters().discard(letter.id(), HOSTILE)).isTrue();
    }

    @Test
    void ofAMailIsKeptAndTheMailFoundAgain() {
        MailPlace place = new MailPlace(HOSTILE, HOSTILE, 1, 1);
        MailEntry entered =
                ledger.mails().enter(place, HOSTILE, HOSTILE, HOSTILE, "execute", HOSTILE, List.of(HOSTILE));
        MailEntry begun = ledger.mails().begin(entered, HOSTILE, 1);
        ledger.mails().finish(begun, 0, HOSTILE, HOSTILE + "@example.com", new byte[] {0});

        assertThat(ledger.mails().at(place)).get().extracting(MailEntry::id).isEqualTo(entered.id());
        assertThat(ledger.mails().delivered(HOSTILE, HOSTILE, HOSTILE, "execute"))
                .get()
                .extracting(MailEntry::id)
                .isEqualTo(entered.id());
        assertThat(ledger.mails().answerId(entered.id())).contains(ESCAPED);
        assertThat(ledger.mails().due(9)).hasSize(1);
    }

    @Test
    void ofAMessageIsKeptAndTheMessageFoundAgainHoweverLongItsId() {
        String end = random(6_000, 1);
        List<Messages.Message> messages =
                List.of(message("plain"), message(HOSTILE), message("a" + end), message("b" + end), message(end + "a"));
        List<Messages.Entry> entered = ledger.messages().enter(messages);
        List<Messages.Entry> again = ledger.messages().enter(messages);

        assertThat(entered).extracting(Messages.Entry::position).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(again).extracting(Messages.Entry::position).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(again).extracting(Messages.Entry::isNew).containsOnly(false);
        assertThat(ledger.messages().enter(List.of(message(end + "b"))).get(0).isNew())
                .as("two long IDs that begin alike are two")
                .isTrue();
    }

    private static Messages.Message message(String id) {
        return new Messages.Message(HOSTILE, id, "hash", 1, Map.of("key", random(20_000, 2)));
    }

    @Test
    void aKeyIsKeptAsItIsUpToTheBound() {
        assertThat(StorableText.key("\u4e2d".repeat(166))).isEqualTo("\u4e2d".repeat(166));
        assertThat(StorableText.key("\u4e2d".repeat(167)))
                .startsWith("\u4e2d".repeat(83) + "... ")
                .hasSizeLessThan(140);
        assertThat(StorableText.key("x\0")).startsWith("x\\u0000... ").isNotEqualTo(StorableText.key("x\\u0000"));
    }

    @Test
    void aReasonThatNobodyCouldReadIsShortened() throws Exception {
        Import entry = ledger.begin("one", Source.CSV, "one.csv", null, 1);
        TicketUpdate update =
                update(1, "LF-616004").with(new io.github.ticketcaravan.update.Problem("subject", random(200_000, 3)));
        reject(entry.id(), update);

        assertThat(ledger.deadLetters().list(DeadLetterFilter.ofImport(entry.id())))
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason()).hasSize(10_003).endsWith("..."));
    }

    @Test
    void aLongTextIsKeptOnceHoweverManyLettersHaveIt() throws Exception {
        Import entry = ledger.begin("one", Source.CSV, "one.csv", null, 4);
        String text = HOSTILE + random(100_000, 4);
        String name = "custom[" + random(60_000, 5) + "]";
        for (int position = 1; position <= 3; position++) {
            reject(
                    entry.id(),
                    new TicketUpdate(
                            new Origin(Source.MAIL, "<1@example.com>", position),
                            "LF-" + position,
                            Map.of(name, text),
                            position == 3 ? "sha256:short" : text,
                            List.of(),
                            List.of(),
                            null));
        }

        assertThat(ledger.deadLetters().list(DeadLetterFilter.ofImport(entry.id())))
                .allSatisfy(letter -> assertThat(letter.parameters()).isEqualTo(Map.of(name, text)))
                .extracting(DeadLetter::original)
                .containsExactly(StorableText.of(text), StorableText.of(text), "sha256:short");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from long_text")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getInt(1))
                    .as("parameters, original, and what looks like a hash")
                    .isEqualTo(3);
        }
    }

    /** Whatever else a database may refuse. */
    @Test
    void whatTheDatabaseRefusesBecomesADeadLetterThatSaysSoAndTheOthersAreKept() throws Exception {
        refuseTheTicket("POISON");
        Import entry = ledger.begin("one", Source.CSV, "one.csv", null, 4);
        for (String ticket : List.of("LF-1", "POISON", "LF-2")) {
            reject(entry.id(), update(ledger.positions(entry.id()).cardinality() + 2L, ticket));
        }
        LedgerTest.keep(ledger, entry.id(), update(5, "POISON"), 200, "{}", NOON);

        assertThat(ledger.isBroken()).isFalse();
        List<OutcomeLine> lines = new ArrayList<>();
        ledger.outcomes(entry.id(), rows -> rows.forEachRemaining(lines::add));
        assertThat(lines).extracting(OutcomeLine::ticket).containsExactly("LF-1", "", "LF-2", "");
        assertThat(lines)
                .extracting(OutcomeLine::outcome)
                .containsExactly(Outcome.REJECTED, Outcome.REJECTED, Outcome.REJECTED, Outcome.APPLIED);
        assertThat(ledger.deadLetters().list(DeadLetterFilter.ofImport(entry.id())))
                .hasSize(3)
                .filteredOn(letter -> letter.ticket().isEmpty())
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.position()).isEqualTo(3);
                    assertThat(letter.reason()).startsWith("the ledger cannot keep what it was: The ledger ");
                });
    }

    private void refuseTheTicket(String ticket) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    switch (database) {
                        case SQLITE ->
                            "create trigger refuse before insert on outcome when new.ticket = '" + ticket
                                    + "' begin select raise(abort, 'refused'); end";
                        case POSTGRESQL ->
                            "alter table outcome add constraint refuse check (ticket <> '" + ticket + "')";
                    });
        }
    }
}
