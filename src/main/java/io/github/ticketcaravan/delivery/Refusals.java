package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.TicketUpdate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is done with an update that could not be applied: it becomes a dead letter, or, where the reason is not its
 * own, delivery stops and it is left as it is, to be given again. Safe for several threads.
 */
public final class Refusals {

    private final Delivery delivery;

    public Refusals(Delivery delivery) {
        this.delivery = delivery;
    }

    /** Settles the update as {@code invalid}, {@code rejected} or {@code failed}, or leaves it unsettled. */
    public void settle(Dispatch dispatch) {
        TicketUpdate update = dispatch.update();
        if (!update.isValid()) {
            dispatch.settle(Outcome.INVALID, Problem.sentence(update.problems()), byField(update.problems()));
            return;
        }
        if (dispatch.isInquiry()) {
            return;
        }
        Answer answer = dispatch.answer();
        Verdict verdict = dispatch.verdict();
        if (answer == null || verdict == null || verdict == Verdict.APPLIED) {
            return;
        }
        switch (verdict) {
            case REJECTED -> dispatch.settle(Outcome.REJECTED, answer.said(), answer.errors());
            case TRANSIENT -> {
                // Camel gives up what waits for its next attempt when it stops; that is no reason to refuse it.
                if (!delivery.isStopped() && !dispatch.isHeld()) {
                    String reason = "after " + dispatch.attempts()
                            + (dispatch.attempts() == 1 ? " attempt: " : " attempts: ") + answer.described();
                    dispatch.settle(Outcome.FAILED, reason, answer.errors());
                }
            }
            case HALT -> {
                // Left as it is: delivery has stopped because of it.
            }
            case APPLIED -> throw new IllegalStateException("applied, so not refused: " + update.origin());
        }
    }

    private static Map<String, List<String>> byField(List<Problem> problems) {
        Map<String, List<String>> errors = new LinkedHashMap<>();
        for (Problem problem : problems) {
            errors.merge(
                    problem.field(),
                    List.of(problem.message()),
                    (some, more) -> java.util.stream.Stream.concat(some.stream(), more.stream())
                            .toList());
        }
        return errors;
    }
}
