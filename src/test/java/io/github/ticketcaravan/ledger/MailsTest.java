package io.github.ticketcaravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.MovableClock;
import io.github.ticketcaravan.update.Source;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the ledger knows of mails, in either database. */
class MailsTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final byte[] CONTENT = "Subject: größe\r\n\r\n\0".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private static Path folder;

    private static EmbeddedPostgres postgres;

    private final MovableClock clock = new MovableClock(NOON);
    private long uid;

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    static Stream<String> databases() {
        return Stream.of(
                "jdbc:sqlite:" + folder.resolve(UUID.randomUUID() + ".db"),
                postgres.getJdbcUrl("postgres", "postgres") + "&currentSchema=s"
                        + UUID.randomUUID().toString().replace("-", ""));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aMailIsKnownByWhereItLies(String url) {
        try (Ledger ledger = open(url)) {
            MailPlace place = place();
            MailEntry entry = enter(ledger, place, "<1@example.com>", "execute");
            assertThat(ledger.mails().at(place).orElseThrow().importId())
                    .as("as after a kill between the two")
                    .isNull();
            ledger.mails().begin(entry, "<1@example.com>", 1);

            MailEntry again = ledger.mails().at(place).orElseThrow();
            assertThat(again.id()).isEqualTo(entry.id());
            assertThat(again.importId()).isNotNull();
            assertThat(again.sender()).isEqualTo("adam@example.com");
            assertThat(again.decision()).isEqualTo("execute");
            assertThat(again.isFinished()).isFalse();
            assertThat(ledger.mails().at(place())).isEmpty();
            assertThat(ledger.mails().at(new MailPlace(place.account(), place.folder(), 99, place.uid())))
                    .as("UIDs of another UIDVALIDITY are others")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aSecondDeliveryIsKnownByMessageIdContentSenderAndDecision(String url) {
        try (Ledger ledger = open(url)) {
            MailEntry entry = enter(ledger, place(), "<1@example.com>", "execute");
            Mails mails = ledger.mails();

            assertThat(mails.delivered("<1@example.com>", "hash", "adam@example.com", "execute"))
                    .map(MailEntry::id)
                    .contains(entry.id());
            assertThat(mails.delivered("<1@example.com>", "other", "adam@example.com", "execute"))
                    .isEmpty();
            assertThat(mails.delivered("<1@example.com>", "hash", "eve@example.com", "execute"))
                    .isEmpty();
            assertThat(mails.delivered("<1@example.com>", "hash", "adam@example.com", "quarantine"))
                    .isEmpty();
            enter(ledger, place(), "", "execute");
            assertThat(mails.delivered("", "hash", "adam@example.com", "execute"))
                    .as("without a Message-ID it is never the same")
                    .isEmpty();

            MailPlace second = place();
            mails.found(entry.id(), second);
            assertThat(mails.at(second)).map(MailEntry::id).contains(entry.id());
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void anAnswerWaitsUntilItIsSettledAndKeepsItsMessageId(String url) {
        try (Ledger ledger = open(url)) {
            Mails mails = ledger.mails();
            MailEntry entry = enter(ledger, place(), "<1@example.com>", "execute");
            assertThat(mails.answerId(entry.id())).isEmpty();
            mails.finish(entry, 0, "<a@caravan>", "adam@example.com", CONTENT);

            assertThat(mails.answerId(entry.id())).contains("<a@caravan>");
            MailAnswer answer = mails.due(10).get(0);
            assertThat(answer.content()).isEqualTo(CONTENT);
            assertThat(answer.attempts()).isZero();
            mails.failed(answer, NOON.plusSeconds(5));
            assertThat(mails.due(10)).isEmpty();
            clock.forward(Duration.ofSeconds(5));
            assertThat(mails.due(10)).singleElement().satisfies(due -> {
                assertThat(due.attempts()).isEqualTo(1);
                assertThat(due.messageId()).isEqualTo("<a@caravan>");
            });
            mails.settled(answer);
            assertThat(mails.due(10)).isEmpty();

            mails.finish(entry, 0, "<another@caravan>", "adam@example.com", CONTENT);
            assertThat(mails.due(10)).extracting(MailAnswer::messageId).containsExactly("<a@caravan>");
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void answersAreCountedByAddressEachDeliveryAnew(String url) {
        try (Ledger ledger = open(url)) {
            Mails mails = ledger.mails();
            MailEntry one = enter(ledger, place(), "<1@example.com>", "execute");
            MailEntry two = enter(ledger, place(), "<2@example.com>", "execute");
            mails.finish(one, 0, "<a@caravan>", "adam@example.com", CONTENT);
            mails.finish(one, 0, "<a@caravan>", "adam@example.com", CONTENT);
            mails.finish(two, 0, "<b@caravan>", "adam@example.com", CONTENT);

            assertThat(mails.answers("adam@example.com", NOON.minusSeconds(1))).isEqualTo(3);
            assertThat(mails.answers("adam@example.com", NOON)).isZero();
            assertThat(mails.answers("eve@example.com", NOON.minusSeconds(1))).isZero();
        }
        try (Ledger reopened = open(url)) {
            assertThat(reopened.mails().answers("adam@example.com", NOON.minusSeconds(1)))
                    .isEqualTo(3);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void answersToSubaddressesCountForTheAddress(String url) {
        try (Ledger ledger = open(url)) {
            Mails mails = ledger.mails();
            for (String recipient : List.of(
                    "a_b@example.com",
                    "a_b+1@example.com",
                    "a_b+2+x@example.com",
                    "axb+3@example.com",
                    "a_b+4@other.example",
                    "a_bc@example.com")) {
                MailEntry entry = enter(ledger, place(), "<" + recipient + ">", "execute");
                mails.finish(entry, 0, "<answer-" + recipient + ">", recipient, CONTENT);
            }

            Instant before = NOON.minusSeconds(1);
            assertThat(mails.answers("a_b@example.com", before)).isEqualTo(3);
            assertThat(mails.answers("a_b+9@example.com", before)).isEqualTo(3);
            assertThat(mails.answers("axb@example.com", before)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void mailsArePrunedWithTheirImports(String url) throws Exception {
        try (Ledger ledger = open(url)) {
            Mails mails = ledger.mails();
            MailPlace place = place();
            MailEntry entry = enter(ledger, place, "<1@example.com>", "execute");
            MailEntry begun = mails.begin(entry, "<1@example.com>", 1);
            mails.attached(entry.id(), anImport(ledger));
            mails.finish(begun, 0, "<a@caravan>", "adam@example.com", CONTENT);
            MailPlace open = place();
            enter(ledger, open, "<2@example.com>", "execute");

            ledger.prune(NOON, Duration.ofMinutes(1));
            assertThat(mails.at(place)).isPresent();
            ledger.prune(NOON.plus(Duration.ofMillis(1)), Duration.ofMinutes(1));
            assertThat(mails.at(place)).isEmpty();
            assertThat(mails.answerId(entry.id())).isEmpty();
            assertThat(mails.at(open)).as("not finished").isPresent();
        }
    }

    private static MailEntry enter(Ledger ledger, MailPlace place, String messageId, String decision) {
        return ledger.mails().enter(place, messageId, "hash", "adam@example.com", decision, "because", List.of());
    }

    private static long anImport(Ledger ledger) {
        return ledger.begin(UUID.randomUUID().toString(), Source.MAIL, "<1@example.com>", null, 1)
                .id();
    }

    private MailPlace place() {
        return new MailPlace("support@mail.example.com", "INBOX", 7, ++uid);
    }

    private Ledger open(String url) {
        return Ledger.open(url, clock);
    }
}
