package io.github.ticketcaravan.delivery;

/** What one answer means for what is to be done next. */
public enum Verdict {
    /** Carried out. */
    APPLIED,
    /** This update would be refused again. */
    REJECTED,
    /** Another attempt may succeed. */
    TRANSIENT,
    /** Credentials, permission or URL are wrong: every update would be refused. */
    HALT;

    /**
     * Judges an answer, in the order halt, transient, rejected, applied, and otherwise transient.
     *
     * <p>Total: every answer has a verdict. What is not the API's own JSON is somebody else's answer (a proxy's
     * page, say), so it settles nothing about a ticket.
     */
    public static Verdict of(Answer answer) {
        int status = answer.status();
        boolean missing = status == 404 || status == 405;
        if (status == 401 || status == 403 || status / 100 == 3 || (missing && !answer.isJson())) {
            return HALT;
        }
        if (status == Answer.NONE || answer.isFromAServerInTrouble()) {
            return TRANSIENT;
        }
        if (status / 100 == 4 || (status / 100 == 2 && answer.body() == Answer.Body.FALSE)) {
            return REJECTED;
        }
        boolean done = answer.body() == Answer.Body.OBJECT || answer.body() == Answer.Body.TRUE;
        return status / 100 == 2 && done ? APPLIED : TRANSIENT;
    }
}
