package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.settings.DeliverySettings;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.TicketUpdate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one door through which every update of every source passes.
 *
 * <p>Updates of one ticket are sent in the order in which they were given: the next leaves when the one before has
 * its outcome in the ledger, retries and all; a retry holds back its own ticket only. At most {@code window} updates are inside,
 * and no more of them than fit into an eighth of the memory; past that, {@link #deliver} blocks. Once delivery has stopped, what is not yet settled, and whatever is given
 * after, ends with {@link DeliveryStopped}. How many requests there are at once is the channel's business. Safe for
 * several threads.
 */
public final class Delivery {

    /** A reference that no ticket has; who asks for it learns whether the help desk answers. */
    public static final String NO_SUCH_TICKET = "caravan-no-such-ticket";

    /** So many failures while others were answered make a ticket suspect itself. */
    private static final int SUSPECT = 2;

    private static final int MOST_NAMED = 20;

    /** What is read ahead takes no more of it; each update is also encoded, sent and written. */
    private static final long PART_OF_MEMORY = 8;

    /** The way to the help desk and back into the ledger. */
    public interface Channel {
        /**
         * Sends without blocking; calls {@code done}, on any thread, when the update is settled or left, with what went
         * wrong on the way that the endpoint is not to blame for.
         */
        void send(Dispatch dispatch, Consumer<@Nullable Exception> done);
    }

    /** What is done when the endpoint is away or refuses everyone. */
    public enum Patience {
        /** Wait for it, however long it takes. */
        ENDLESS,
        /** Stop at a halt, and after {@code caravan.delivery.outage.give-up} of an outage. */
        LIMITED
    }

    private final DeliverySettings settings;
    private final Patience patience;
    private final Clock clock;
    private final Channel channel;
    private final Retry retry;
    private final Gate gate;
    private final Window window;
    private final Object lock = new Object();
    private final Map<String, Deque<Dispatch>> waiting = new HashMap<>();
    /** The ledger's thread tells that an outcome is committed, and must not wait for itself. */
    private final Executor followers = followers();

    private final AtomicBoolean inquiring = new AtomicBoolean();
    private volatile @Nullable String stopped;

    /** @param announce told, in a sentence, of whatever an operator should know at once; must not block */
    public Delivery(
            DeliverySettings settings,
            Patience patience,
            Clock clock,
            RandomGenerator random,
            Consumer<String> announce,
            Channel channel) {
        this(settings, patience, Gate.HALT_PROBE, clock, random, announce, channel);
    }

    Delivery(
            DeliverySettings settings,
            Patience patience,
            Duration haltProbe,
            Clock clock,
            RandomGenerator random,
            Consumer<String> announce,
            Channel channel) {
        this.settings = settings;
        this.patience = patience;
        this.clock = clock;
        this.channel = channel;
        this.retry = new Retry(settings, clock, random);
        this.gate = new Gate(settings, haltProbe, clock, System::nanoTime, announce);
        this.window = new Window(settings.window(), Runtime.getRuntime().maxMemory() / PART_OF_MEMORY);
    }

    private static Executor followers() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "followers");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * Takes an update; blocks while the window is full.
     *
     * @param held asked before each attempt: whether its source wants no more of its updates sent
     * @return completes when the ledger has the outcome; with {@link DeliveryStopped} where it will have none
     * @throws DeliveryStopped if delivery has stopped, or its source has come to hold it before the window had room
     */
    public CompletableFuture<Receipt> deliver(long importId, TicketUpdate update, BooleanSupplier held)
            throws InterruptedException {
        long weight = Window.weight(update);
        if (!window.enter(weight, held)) {
            throw new DeliveryStopped("held by its source");
        }
        Dispatch dispatch = new Dispatch(importId, update, held, clock, gate.conclusive());
        boolean first;
        synchronized (lock) {
            String reason = stopped;
            if (reason != null) {
                window.leave(weight);
                throw new DeliveryStopped(reason);
            }
            Deque<Dispatch> queue = waiting.computeIfAbsent(dispatch.order(), key -> new ArrayDeque<>(1));
            first = queue.isEmpty();
            queue.add(dispatch);
        }
        var unused = dispatch.kept().whenComplete((receipt, failure) -> {
            stopUnlessKept(failure);
            window.leave(weight);
        });
        if (first) {
            send(dispatch);
        }
        return dispatch.kept();
    }

    /**
     * Sends it, and after it those that wait behind it. Whichever comes second, the end of the call or of the update,
     * goes on with the next: a call from within a call would, over many that are refused at once, overflow the stack.
     */
    private void send(Dispatch first) {
        Dispatch next = first;
        while (next != null) {
            Dispatch sent = next;
            AtomicBoolean goesOn = new AtomicBoolean();
            channel.send(sent, failure -> {
                leaveUnlessKept(sent, failure);
                // A crash before its outcome is committed has it sent again, which must not be behind the next.
                var unused = sent.kept().whenComplete((receipt, left) -> {
                    // Nor may the next leave before delivery has stopped, should the outcome be lost.
                    stopUnlessKept(left);
                    if (goesOn.getAndSet(true)) {
                        Dispatch following = after(sent);
                        if (following != null) {
                            followers.execute(() -> send(following));
                        }
                    }
                });
            });
            next = goesOn.getAndSet(true) ? after(sent) : null;
        }
    }

    private void leaveUnlessKept(Dispatch dispatch, @Nullable Exception failure) {
        if (dispatch.isHandedOver() || dispatch.isLeft()) {
            return;
        }
        if (dispatch.isSettled() || !dispatch.isHeld()) {
            Origin origin = dispatch.update().origin();
            stop("The outcome of " + origin.name() + ", " + origin.position()
                    + ", did not reach the ledger, because of a"
                    + " mistake in a route or in this program"
                    + (failure == null
                            ? ""
                            : " (" + failure.toString().lines().findFirst().orElse("") + ")")
                    + ". It is sent again when that is mended");
        }
        leave(dispatch, "held by its source");
    }

    private void leave(Dispatch dispatch, String because) {
        String reason = stopped;
        dispatch.kept().completeExceptionally(new DeliveryStopped(reason == null ? because : reason));
    }

    /** Leaves what waits of sources that want no more of theirs sent; what is being sent is still settled. */
    public void leaveHeld() {
        List<Dispatch> left = new ArrayList<>();
        synchronized (lock) {
            for (Deque<Dispatch> queue : waiting.values()) {
                Dispatch sent = queue.peek();
                for (Dispatch each : queue) {
                    if (each.isHeld() && (each != sent || each.abandon())) {
                        left.add(each);
                    }
                }
            }
        }
        gate.wake();
        left.forEach(dispatch -> leave(dispatch, "held by its source"));
    }

    /** The update that waits behind one that is done. */
    private @Nullable Dispatch after(Dispatch done) {
        synchronized (lock) {
            Deque<Dispatch> queue = Objects.requireNonNull(waiting.get(done.order()));
            queue.remove();
            if (queue.isEmpty()) {
                waiting.remove(done.order());
            }
            return queue.peek();
        }
    }

    private void stopUnlessKept(@Nullable Throwable failure) {
        if (failure != null && !(failure instanceof DeliveryStopped)) {
            stop("Outcomes cannot be kept, so nothing more is sent. " + failure.getMessage());
        }
    }

    /**
     * Lets an attempt begin; blocks until it is its turn (rate, outage, halt).
     *
     * @throws DeliveryStopped if delivery has stopped meanwhile, or the update's source holds it
     */
    public void permit(Dispatch dispatch) throws InterruptedException {
        if (isStopped() || dispatch.isHeld() || !dispatch.beginAttempt() || !gate.enter(dispatch)) {
            throw new DeliveryStopped(String.valueOf(stopped));
        }
    }

    /**
     * Takes the answer to an attempt, and learns from it how the endpoint is.
     *
     * @throws AttemptFailed unless it settles the update as {@code applied}
     */
    public void answered(Dispatch dispatch, Answer answer) throws AttemptFailed {
        Verdict verdict = Verdict.of(answer);
        long conclusive = gate.conclusive();
        dispatch.answered(answer, verdict, counts(dispatch, answer, conclusive), conclusive);
        switch (verdict) {
            case APPLIED -> {
                if (!dispatch.isInquiry()) {
                    dispatch.settleApplied();
                }
                gate.settled(dispatch);
            }
            case REJECTED -> gate.settled(dispatch);
            case TRANSIENT -> unsettled(dispatch, answer);
            case HALT -> {
                if (patience == Patience.LIMITED) {
                    stop(HaltReason.of(answer));
                } else {
                    gate.halt(dispatch, HaltReason.of(answer));
                }
            }
        }
        if (verdict != Verdict.APPLIED || dispatch.isInquiry()) {
            throw new AttemptFailed(answer, verdict);
        }
    }

    /**
     * Whether a transient answer tells something about this update: the endpoint has settled others since it was last
     * tried, or there are no others.
     */
    private boolean counts(Dispatch dispatch, Answer answer, long conclusive) {
        boolean othersWereSettled = conclusive > dispatch.conclusiveBefore() && !gate.isClosed();
        return !answer.isUnreachable() && (othersWereSettled || tickets() == 1);
    }

    /** Where few tickets wait, which they are: the endpoint may be well, and not get on with these. */
    private String whoWaits() {
        synchronized (lock) {
            return waiting.size() > MOST_NAMED
                    ? ""
                    : "; what is left is of "
                            + waiting.keySet().stream().sorted().collect(Collectors.joining(", "))
                            + ": if others are answered, these tickets are to blame, and can be taken out of the file";
        }
    }

    /** How many tickets wait for an outcome. */
    private int tickets() {
        synchronized (lock) {
            return waiting.size();
        }
    }

    private void unsettled(Dispatch dispatch, Answer answer) {
        boolean asksAll = answer.status() == 429 || answer.status() == 503;
        Duration down = gate.unsettled(dispatch, answer, tickets(), asksAll ? retry.retryAfter(answer) : null);
        if (down == null) {
            return;
        }
        inquire();
        if (patience == Patience.ENDLESS) {
            return;
        }
        // Where there never was an answer of a help desk, this is more likely a wrong address than an outage.
        boolean isOutage = gate.conclusive() > 0 || answer.isFromAServerInTrouble();
        if (!isOutage) {
            stop("There is no help desk at caravan.endpoint.url: " + answer.described()
                    + ". Check the URL and the network");
        } else if (down.compareTo(settings.outageGiveUp()) >= 0) {
            stop("The help desk was unavailable for " + down.toSeconds() + " s (" + answer.described()
                    + "), longer than caravan.delivery.outage.give-up" + whoWaits());
        }
    }

    /**
     * Where too few tickets are left to tell an outage from a fault of their own, asks for one that cannot exist, and
     * changes nothing: only if that is answered do their attempts count. In an outage it is not.
     *
     * <p>Five and more tickets, of which none is known to fail while others are answered, are an outage by
     * definition; were they asked for too, one that hits only changes would turn all rows of a file into dead letters.
     */
    private void inquire() {
        boolean few = tickets() > 1 && unsuspected() < Gate.OUTAGE_STREAK;
        if (few && !inquiring.getAndSet(true)) {
            channel.send(Dispatch.inquiry(clock), failure -> inquiring.set(false));
        }
    }

    /** How many tickets wait that have not failed before while others were answered. */
    private long unsuspected() {
        synchronized (lock) {
            return waiting.values().stream()
                    .filter(queue -> queue.element().countedAttempts() < SUSPECT)
                    .count();
        }
    }

    /** After which delay the update is tried again; null where it is not. */
    public @Nullable Duration retryDelay(Dispatch dispatch) {
        boolean again = dispatch.verdict() == Verdict.HALT || retry.again(dispatch);
        if (!again || dispatch.isInquiry()) {
            return null;
        }
        dispatch.awaitRetry();
        // Asked last: whoever stops delivery, or holds the source, after this finds the update waiting and abandons it.
        return isStopped() || dispatch.isHeld() ? null : retry.delay(dispatch);
    }

    /** Stops delivery; the first reason stands. What is being sent is still settled, what waits is left. */
    public void stop(String reason) {
        List<Dispatch> left = new ArrayList<>();
        synchronized (lock) {
            if (stopped != null) {
                return;
            }
            stopped = reason;
            for (Deque<Dispatch> queue : waiting.values()) {
                Dispatch sent = queue.remove();
                if (sent.abandon()) {
                    left.add(sent);
                }
                left.addAll(queue);
                queue.clear();
                queue.add(sent);
            }
        }
        gate.stop();
        left.forEach(dispatch -> dispatch.kept().completeExceptionally(new DeliveryStopped(reason)));
    }

    /**
     * Stops if an {@link Error} is among the causes of a failure, for then the program itself is broken: memory is used up,
     * say. Whoever runs it starts it anew, and each source gives again what has no outcome.
     */
    public void stopIfBroken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Error) {
                stop("Ticket Caravan is broken (" + cause + "), and has to be started anew"
                        + (cause instanceof OutOfMemoryError ? ", with more memory: CARAVAN_JAVA_OPTS=-Xmx1g" : ""));
                return;
            }
        }
    }

    public boolean isStopped() {
        return stopped != null;
    }

    /** Why; null while it has not stopped. */
    public @Nullable String stopped() {
        return stopped;
    }
}
