package io.github.ticketcaravan.ledger;

/** A dead letter's ID: the mark of its ledger, a dash, and its number there ({@code k3f9-17}). */
record DeadLetterId(String mark) {

    String of(long number) {
        return mark + "-" + number;
    }

    /** The number in an ID of this ledger, or given alone; -1, which none has, where it is of another. */
    long number(String id) {
        String digits = id.startsWith(mark + "-") ? id.substring(mark.length() + 1) : id;
        boolean isNumber =
                !digits.isEmpty() && digits.length() < 18 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Long.parseLong(digits) : -1;
    }
}
