package io.github.ticketcaravan.failures;

/** When the failure strikes; each is one strike of a trial. */
enum Moment {
    /** Before the program starts, with work waiting for it. */
    START("at the start", 4, 0),
    /** While the program has nothing to do; then it is given work. */
    IDLE("while idle", 6, 0),
    /** In the middle of its work; then it is given more. */
    MIDDLE("in the middle", 12, 6);

    private final String words;
    private final int rounds;
    private final int more;

    Moment(String words, int rounds, int more) {
        this.words = words;
        this.rounds = rounds;
        this.more = more;
    }

    String words() {
        return words;
    }

    /** Rounds of work that are given first. */
    int rounds() {
        return rounds;
    }

    /** Rounds of work that are given while the failure lasts. */
    int more() {
        return more;
    }
}
