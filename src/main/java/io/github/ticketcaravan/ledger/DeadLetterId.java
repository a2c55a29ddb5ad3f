package io.github.ticketcaravan.ledger;

/** A dead letter's ID: the mark of its ledger, a dash, and its number there ({@code k3f9-17}). */
record DeadLetterId(String mark) {

    String of(long number) {
        return mark + "-" + number;
    }

    /** The number in an ID of this ledger; -1, which none has, where it is of another or has no mark. */
    long number(String id) {
        return id.startsWith(mark + "-") ? digits(id.substring(mark.length() + 1)) : -1;
    }

    /** The same, for a person who types it: the number alone will do. */
    long typed(String id) {
        long number = number(id);
        return number < 0 ? digits(id) : number;
    }

    private static long digits(String digits) {
        boolean isNumber =
                !digits.isEmpty() && digits.length() < 18 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Long.parseLong(digits) : -1;
    }
}
