package io.github.ticketcaravan.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The way to a help desk that is not there: what the routes do, in plain Java. */
final class FakeHelpDesk implements Delivery.Channel, AutoCloseable {

    /** What the help desk answers; called on several threads. */
    interface Answering {
        Answer to(Dispatch dispatch) throws InterruptedException;
    }

    private final ScheduledExecutorService requests;
    private final ScheduledExecutorService retries = Executors.newScheduledThreadPool(1);
    private final Answering answering;
    private final List<Dispatch> asked = new ArrayList<>();
    private final List<Dispatch> applied = new ArrayList<>();
    private Delivery delivery;

    FakeHelpDesk(int concurrency, Answering answering) {
        this.requests = Executors.newScheduledThreadPool(concurrency);
        this.answering = answering;
    }

    void serve(Delivery from) {
        delivery = from;
    }

    @Override
    public void send(Dispatch dispatch, Consumer<Exception> done) {
        if (dispatch.isValid()) {
            requests.execute(() -> attempt(dispatch, done));
        } else {
            refused(dispatch, done);
        }
    }

    private void attempt(Dispatch dispatch, Consumer<Exception> done) {
        try {
            delivery.permit(dispatch);
            synchronized (asked) {
                asked.add(dispatch);
            }
            Answer answer = answering.to(dispatch);
            if (Verdict.of(answer) == Verdict.APPLIED && !dispatch.isInquiry()) {
                synchronized (asked) {
                    applied.add(dispatch);
                }
            }
            delivery.answered(dispatch, answer);
            keep(dispatch, done);
        } catch (AttemptFailed | DeliveryStopped | InterruptedException e) {
            var delay = delivery.retryDelay(dispatch);
            if (delay == null) {
                refused(dispatch, done);
            } else {
                var unused = retries.schedule(
                        () -> requests.execute(() -> attempt(dispatch, done)), delay.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void refused(Dispatch dispatch, Consumer<Exception> done) {
        new Refusals(delivery).settle(dispatch);
        keep(dispatch, done);
    }

    private static void keep(Dispatch dispatch, Consumer<Exception> done) {
        if (dispatch.isSettled()) {
            dispatch.kept().complete(dispatch.receipt());
        }
        done.accept(null);
    }

    /** Every request, in the order in which they were sent. */
    List<Dispatch> asked() {
        synchronized (asked) {
            return List.copyOf(asked);
        }
    }

    /** How many requests there were for a ticket. */
    long asked(String ticket) {
        return asked().stream()
                .filter(dispatch -> dispatch.update().ticket().equals(ticket))
                .count();
    }

    /** The updates that were carried out, in that order. */
    List<Dispatch> applied() {
        synchronized (asked) {
            return List.copyOf(applied);
        }
    }

    @Override
    public void close() {
        requests.shutdownNow();
        retries.shutdownNow();
    }
}
