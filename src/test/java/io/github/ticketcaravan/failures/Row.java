package io.github.ticketcaravan.failures;

import java.util.List;

/**
 * What came of one pair.
 *
 * @param allowed how many requests may be repeated: what was in flight at each strike, one of each ticket
 * @param state what was found when all was over
 * @param faults what was not as it should be, in sentences; empty if the pair is right
 * @param told the sentences that the program told while something was wrong
 */
record Row(
        SourceKind source,
        Failure failure,
        int given,
        int lost,
        int outOfOrder,
        int repeated,
        int allowed,
        String state,
        List<String> faults,
        List<String> told) {

    boolean isRight() {
        return lost == 0 && outOfOrder == 0 && repeated <= allowed && faults.isEmpty();
    }

    @Override
    public String toString() {
        return source + " x " + failure + ": given " + given + ", lost " + lost + ", out of order " + outOfOrder
                + ", repeated " + repeated + " (of " + allowed + " allowed); " + state + "; faults " + faults
                + "; told " + told;
    }
}
