package io.github.ticketcaravan.sandbox;

import java.util.Random;
import java.util.UUID;

/** What tells a ticket from others, in the forms that the help desk gives it. */
final class TicketNames {

    /** Without I and O, which look like digits. */
    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";

    private TicketNames() {}

    /** {@code LF-616004}. */
    static String reference(Random random) {
        String digits = String.valueOf(1_000_000 + random.nextInt(1_000_000)).substring(1);
        return letter(random) + letter(random) + "-" + digits;
    }

    static String messageId(Random random) {
        return new UUID(random.nextLong(), random.nextLong()) + "@sirportly.dev";
    }

    static String authCode(Random random) {
        String code = Long.toString(random.nextLong() >>> 2, 36);
        return "0".repeat(12).concat(code).substring(code.length());
    }

    private static String letter(Random random) {
        int letter = random.nextInt(LETTERS.length());
        return LETTERS.substring(letter, letter + 1);
    }
}
