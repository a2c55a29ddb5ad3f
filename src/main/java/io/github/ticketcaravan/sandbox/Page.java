package io.github.ticketcaravan.sandbox;

import org.jspecify.annotations.Nullable;

/** Which part of a list is asked for. */
record Page(int number, int size) {

    private static final int USUAL = 30;
    private static final int LARGEST = 100;

    /**
     * By {@code page}, the first where it is not a number from 1, and by {@code per_page}, 30 where it is not a number
     * from 1, and at most 100.
     */
    static Page of(Parameters parameters) {
        return new Page(
                number(parameters.get("page"), 1), Math.min(number(parameters.get("per_page"), USUAL), LARGEST));
    }

    private static int number(@Nullable String text, int otherwise) {
        int number = text == null ? otherwise : Catalogue.number(text);
        return number < 1 ? otherwise : number;
    }

    /** Of its first entry; past the end of any list where there are not that many. */
    int offset() {
        return (int) Math.min((number - 1L) * size, Integer.MAX_VALUE);
    }
}
