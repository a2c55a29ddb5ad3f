package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.ledger.Ledger;
import io.github.ticketcaravan.ledger.Messages;
import io.github.ticketcaravan.queue.MessageReader;
import io.github.ticketcaravan.queue.QueueMessage;
import io.github.ticketcaravan.queue.Reply;
import io.github.ticketcaravan.replay.NamedLetters;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.TicketUpdate;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of the route {@code queue-batch}: messages that are acknowledged together, whatever broker they are from.
 *
 * <p>A message is known by the sender's {@code caravan-id}, else by its own ID. What of it has an outcome in the
 * ledger is not sent again, but answered again; under a known {@code caravan-id}, other content is {@code invalid}.
 * Safe for several threads; each batch is for one.
 */
public final class QueueBatches {

    private static final Logger LOG = LoggerFactory.getLogger(QueueBatches.class);

    /** The exchange property by which a source says that it has given a batch up. */
    static final String GIVEN_UP = "givenUp";

    /** The exchange property under which a batch is found while it is carried out. */
    static final String PROPERTY = "queueBatch";

    private final Ledger ledger;
    private final Delivery delivery;
    private final MessageReader reader;
    private final Map<Place, List<QueueBatch.Part>> underWay = new ConcurrentHashMap<>();

    QueueBatches(Ledger ledger, Delivery delivery, MessageReader reader) {
        this.ledger = ledger;
        this.delivery = delivery;
        this.reader = reader;
    }

    /** A message as it was read. */
    private record Read(QueueMessage message, String content, List<TicketUpdate> updates) {

        String id() {
            return message.caravanId() == null ? message.key() : "caravan-id " + message.caravanId();
        }

        /** The sender's ID is another message's: refused. Brokers' IDs alone can repeat, as after a broker lost its store. */
        Read refusedUnlessById() {
            if (message.caravanId() == null) {
                return this;
            }
            Problem other = new Problem(
                    "caravan-id",
                    Problem.quote(message.caravanId()) + " is known with other content: expected a new one");
            return new Read(
                    message,
                    content,
                    updates.stream().map(update -> update.with(other)).toList());
        }
    }

    /** Where the first update of a message stands in the ledger. */
    private record Place(long importId, long position) {}

    /**
     * Reads the messages, and looks up in the ledger what of them is done. Nothing is sent yet.
     *
     * @param givenUp asked before each attempt: whether the source wants no more of the batch sent; null: it never does
     */
    public QueueBatch begin(
            @Body List<QueueMessage> messages, @ExchangeProperty(GIVEN_UP) @Nullable BooleanSupplier givenUp)
            throws IOException {
        List<Read> reads = new ArrayList<>(messages.size());
        for (QueueMessage message : messages) {
            reads.add(new Read(message, hash(message.body()), reader.read(message)));
        }
        List<Messages.Entry> places = enter(reads);
        // Asked first: what has ended since is known to the ledger.
        Map<Place, List<QueueBatch.Part>> byPlace = underWay(places);
        Map<Place, Messages.Answer> known = known(reads, places);
        NamedLetters named = named(reads);

        List<QueueBatch.Entry> entries = new ArrayList<>(reads.size());
        List<QueueBatch.Part> toSend = new ArrayList<>();
        for (int i = 0; i < reads.size(); i++) {
            Read read = reads.get(i);
            Messages.Entry place = places.get(i);
            List<QueueBatch.Part> parts = byPlace.computeIfAbsent(
                    new Place(place.importId(), place.position()),
                    first -> noted(first, parts(read, place, known, named, toSend)));
            entries.add(new QueueBatch.Entry(read.message, parts));
        }
        return new QueueBatch(delivery, entries, toSend, givenUp == null ? () -> false : givenUp);
    }

    /** Messages that another batch has taken in and not settled yet: this one waits for the same outcomes. */
    private Map<Place, List<QueueBatch.Part>> underWay(List<Messages.Entry> entries) {
        Map<Place, List<QueueBatch.Part>> found = new HashMap<>();
        for (Messages.Entry entry : entries) {
            Place place = new Place(entry.importId(), entry.position());
            List<QueueBatch.Part> parts = entry.isNew() ? null : underWay.get(place);
            if (parts != null) {
                found.put(place, parts);
            }
        }
        return found;
    }

    private List<QueueBatch.Part> noted(Place place, List<QueueBatch.Part> parts) {
        underWay.put(place, parts);
        CompletableFuture<?>[] replies =
                parts.stream().map(QueueBatch.Part::reply).toArray(CompletableFuture<?>[]::new);
        var unused = CompletableFuture.allOf(replies).whenComplete((all, failure) -> underWay.remove(place, parts));
        return parts;
    }

    /** Gives each message its place; where other content stands under its ID, one apart from that. */
    private List<Messages.Entry> enter(List<Read> reads) {
        List<Messages.Entry> places = new ArrayList<>(ledger.messages()
                .enter(reads.stream().map(read -> entered(read, read.id())).toList()));
        List<Messages.Message> others = new ArrayList<>();
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < reads.size(); i++) {
            Read read = reads.get(i);
            // The same text can be read as other updates: by another content type, or as the beginning of a longer one.
            if (!places.get(i).is(read.content, read.updates.size())) {
                reads.set(i, read.refusedUnlessById());
                others.add(entered(read, read.message.key() + " " + read.content + " " + read.updates.size()));
                indexes.add(i);
            }
        }
        if (!others.isEmpty()) {
            List<Messages.Entry> apart = ledger.messages().enter(others);
            for (int i = 0; i < apart.size(); i++) {
                places.set(indexes.get(i), apart.get(i));
            }
        }
        return places;
    }

    private static Messages.Message entered(Read read, String id) {
        Map<String, String> origin = new LinkedHashMap<>();
        origin.put("message_id", read.message.id());
        origin.putAll(read.message.origin());
        return new Messages.Message(read.message.name(), id, read.content, read.updates.size(), origin);
    }

    /** What the ledger has of messages that came before. */
    private Map<Place, Messages.Answer> known(List<Read> reads, List<Messages.Entry> places) {
        Map<Long, LongSummaryStatistics> positions = new HashMap<>();
        for (int i = 0; i < places.size(); i++) {
            Messages.Entry place = places.get(i);
            if (!place.isNew()) {
                LongSummaryStatistics range =
                        positions.computeIfAbsent(place.importId(), importId -> new LongSummaryStatistics());
                range.accept(place.position());
                range.accept(place.position() + reads.get(i).updates.size());
            }
        }
        Map<Place, Messages.Answer> known = new HashMap<>();
        positions.forEach((importId, range) -> ledger.messages()
                .answers(importId, range.getMin(), range.getMax())
                .forEach((position, answer) -> known.put(new Place(importId, position), answer)));
        return known;
    }

    /** The dead letters that messages name. */
    private NamedLetters named(List<Read> reads) throws IOException {
        List<String> ids = reads.stream()
                .map(Read::updates)
                .flatMap(Collection::stream)
                .flatMap(update -> Stream.ofNullable(update.replayOf()))
                .toList();
        return NamedLetters.find(ledger.deadLetters(), ids, null, -1, (update, letter) -> false);
    }

    private static List<QueueBatch.Part> parts(
            Read read,
            Messages.Entry place,
            Map<Place, Messages.Answer> known,
            NamedLetters named,
            List<QueueBatch.Part> toSend) {
        List<QueueBatch.Part> parts = new ArrayList<>(read.updates.size());
        long position = place.position();
        for (TicketUpdate update : read.updates) {
            QueueBatch.Part part = new QueueBatch.Part(place.importId(), at(position, named.check(update)));
            Messages.Answer answer = known.get(new Place(place.importId(), position));
            if (answer == null) {
                toSend.add(part);
            } else {
                part.reply()
                        .complete(new Reply(
                                answer.ticket(),
                                answer.outcome().word(),
                                answer.status(),
                                answer.attempts(),
                                answer.errors()));
            }
            parts.add(part);
            position++;
        }
        return parts;
    }

    /** In the ledger a batch is counted through. */
    private static TicketUpdate at(long position, TicketUpdate update) {
        Origin origin = update.origin();
        return new TicketUpdate(
                new Origin(origin.source(), origin.name(), position),
                update.ticket(),
                update.parameters(),
                update.original(),
                update.problems(),
                update.warnings(),
                update.replayOf());
    }

    private static String hash(byte[] body) {
        try {
            return Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Hands one update over; blocks while the window is full. */
    public void deliver(@Body QueueBatch.Part part, @ExchangeProperty(PROPERTY) QueueBatch batch)
            throws InterruptedException {
        batch.deliver(part);
    }

    /** Notes why no more are handed over. */
    public void interrupted(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause,
            @ExchangeProperty(PROPERTY) QueueBatch batch) {
        batch.interrupt(cause);
    }

    /**
     * Waits until each update has its outcome in the ledger.
     *
     * @return the answer to each message, in their order
     * @throws io.github.ticketcaravan.delivery.DeliveryStopped if not each has one: then none may be acknowledged
     */
    public List<QueueAnswer> finish(@ExchangeProperty(PROPERTY) QueueBatch batch) throws InterruptedException {
        batch.awaitOutcomes();
        List<QueueAnswer> answers = new ArrayList<>(batch.entries().size());
        for (QueueBatch.Entry entry : batch.entries()) {
            tellRefusals(entry);
            answers.add(new QueueAnswer(
                    entry.message(),
                    Reply.json(entry.parts().stream()
                            .map(QueueBatch.Part::reply)
                            .map(CompletableFuture::join)
                            .toList())));
        }
        return answers;
    }

    /** One line a message, however many updates it has. */
    private static void tellRefusals(QueueBatch.Entry entry) {
        List<String> refusals = entry.parts().stream()
                .map(QueueBatch.Part::refusal)
                .filter(refusal -> !refusal.isEmpty())
                .collect(Collectors.toList());
        if (!refusals.isEmpty()) {
            LOG.warn(
                    "{}, message {}: {}{}",
                    entry.message().name(),
                    entry.message().id(),
                    refusals.size() == 1 && entry.parts().size() == 1
                            ? ""
                            : refusals.size() + " of " + entry.parts().size() + " updates were refused, the first as ",
                    refusals.get(0).replaceAll("\\s+", " "));
        }
    }
}
