package io.github.ticketcaravan.delivery;

/**
 * An attempt whose answer is not {@code applied}. The answer says all: nobody reads the message but people.
 */
public final class AttemptFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Answer answer;
    private final Verdict verdict;

    AttemptFailed(Answer answer, Verdict verdict) {
        super(answer.described());
        this.answer = answer;
        this.verdict = verdict;
        if (answer.cause() != null) {
            initCause(answer.cause());
        }
    }

    public Answer answer() {
        return answer;
    }

    public Verdict verdict() {
        return verdict;
    }
}
