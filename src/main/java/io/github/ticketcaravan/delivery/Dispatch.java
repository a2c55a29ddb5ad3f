package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One update on its way: what was tried so far, and how it was settled.
 *
 * <p>It travels the routes as the message body. One thread at a time works on it, and the routes hand it from
 * one to the next; nothing here blocks.
 */
public final class Dispatch {

    private enum State {
        /** For its first attempt, or the next. */
        WAITING,
        UNDER_WAY,
        ABANDONED
    }

    /** No ticket has this reference, and an inquiry names nothing to change. */
    private static final TicketUpdate NOTHING = new TicketUpdate(
            new Origin(Source.CLI, "inquiry", 0),
            Delivery.NO_SUCH_TICKET,
            Map.of(),
            Delivery.NO_SUCH_TICKET,
            List.of(),
            List.of(),
            null);

    private static final long NO_IMPORT = -1;

    private final long importId;
    private final TicketUpdate update;
    private final String order;
    private final BooleanSupplier held;
    private final Clock clock;
    private final CompletableFuture<Receipt> kept = new CompletableFuture<>();
    private State state;
    private @Nullable Instant firstAt;
    private int attempts;
    private int countedAttempts;
    private long conclusiveBefore;
    private boolean timedOut;
    private @Nullable Answer answer;
    private @Nullable Verdict verdict;
    private @Nullable Receipt receipt;
    private volatile boolean handedOver;

    Dispatch(long importId, TicketUpdate update, BooleanSupplier held, Clock clock, long conclusiveSoFar) {
        this.importId = importId;
        this.update = update;
        this.order = update.ticket().toUpperCase(Locale.ROOT);
        this.held = held;
        this.clock = clock;
        this.conclusiveBefore = conclusiveSoFar;
        this.state = isValid() ? State.WAITING : State.UNDER_WAY;
    }

    /** Asks the endpoint whether it answers at all; it is never settled, kept, nor tried again. */
    static Dispatch inquiry(Clock clock) {
        return new Dispatch(NO_IMPORT, NOTHING, () -> false, clock, 0);
    }

    boolean isInquiry() {
        return importId == NO_IMPORT;
    }

    /** The import, in the ledger, that the update belongs to. */
    public long importId() {
        return importId;
    }

    public TicketUpdate update() {
        return update;
    }

    /** Whether its source wants no more of its updates sent. */
    boolean isHeld() {
        return held.getAsBoolean();
    }

    /** What updates have in common that must stay in order with one another. */
    String order() {
        return order;
    }

    public boolean isValid() {
        return update.isValid();
    }

    /** The body of the request. */
    public byte[] form() {
        return FormBody.of(update);
    }

    /**
     * Takes the answer to an attempt.
     *
     * @param counted whether it uses up one of the attempts it has
     */
    void answered(Answer next, Verdict judged, boolean counted, long conclusiveSoFar) {
        attempts++;
        countedAttempts += counted ? 1 : 0;
        answer = next;
        verdict = judged;
        conclusiveBefore = conclusiveSoFar;
        timedOut |= next.cause() instanceof InterruptedIOException && !next.isUnreachable();
    }

    /** Notes that it waits for its next attempt; from now on it may be abandoned. */
    public synchronized void awaitRetry() {
        state = State.WAITING;
    }

    /** False if it was abandoned meanwhile and must not be sent. */
    synchronized boolean beginAttempt() {
        if (state == State.WAITING) {
            state = State.UNDER_WAY;
        }
        if (firstAt == null) {
            firstAt = clock.instant();
        }
        return state == State.UNDER_WAY;
    }

    /** False if it does not wait for an attempt, and so will be settled or left by the attempt under way. */
    synchronized boolean abandon() {
        if (state == State.WAITING) {
            state = State.ABANDONED;
            return true;
        }
        return false;
    }

    /** Requests sent, or tried to be. */
    int attempts() {
        return attempts;
    }

    /** Those that tell something about this update, and not about the endpoint as a whole. */
    int countedAttempts() {
        return countedAttempts;
    }

    /** How many updates the endpoint had settled when this one was last tried, or taken in. */
    long conclusiveBefore() {
        return conclusiveBefore;
    }

    @Nullable
    Answer answer() {
        return answer;
    }

    @Nullable
    Verdict verdict() {
        return verdict;
    }

    void settleApplied() {
        settle(Outcome.APPLIED, attempts > 1 ? "at attempt " + attempts : "", Map.of());
    }

    synchronized void settle(Outcome outcome, String reason, Map<String, List<String>> errors) {
        Instant now = clock.instant();
        Integer status = answer == null || answer.status() == Answer.NONE ? null : answer.status();
        // The endpoint may have carried it out although its answer never came; whoever reads the receipt must know.
        String late = timedOut ? (reason.isEmpty() ? "" : "; ") + "an earlier attempt timed out after it was sent" : "";
        receipt = new Receipt(outcome, status, attempts, reason + late, errors, firstAt == null ? now : firstAt, now);
    }

    /** The same outcome of an update of which nothing is kept but where it stood, and the reason for that. */
    public Dispatch withoutContent(String reason) {
        Origin origin = update.origin();
        // A letter that is replayed keeps what it has.
        Source source = update.replayOf() == null ? origin.source() : Source.CLI;
        TicketUpdate place = new TicketUpdate(
                new Origin(source, "", origin.position()), "", Map.of(), "", List.of(), List.of(), update.replayOf());
        Dispatch same = new Dispatch(importId, place, held, clock, conclusiveBefore);
        Receipt known = receipt();
        same.receipt = new Receipt(
                known.outcome(),
                known.status(),
                known.attempts(),
                reason,
                Map.of(),
                known.firstAt(),
                known.finishedAt());
        return same;
    }

    public boolean isSettled() {
        return receipt != null;
    }

    /** Notes that its outcome is on its way into the ledger, so that {@link #kept} will be completed. */
    public void handOver() {
        handedOver = true;
    }

    /** Whether it was settled, and whoever keeps outcomes has it. */
    boolean isHandedOver() {
        return isSettled() && (handedOver || kept.isDone());
    }

    /** Whether it will have no outcome, now or in this run. */
    public boolean isLeft() {
        return kept.isCompletedExceptionally();
    }

    /** How it was settled. */
    public Receipt receipt() {
        if (receipt == null) {
            throw new IllegalStateException("not settled: " + update.origin());
        }
        return receipt;
    }

    /** Completes when the ledger has the outcome, or exceptionally when it has none to keep or cannot keep it. */
    public CompletableFuture<Receipt> kept() {
        return kept;
    }
}
