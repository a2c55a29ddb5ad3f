package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.update.TicketUpdate;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * How many updates are inside: never more than its size, nor more than so much text, except one alone.
 *
 * <p>Who waits to enter is woken when there is room for a quarter of them, or looks again after a moment: to be woken
 * for each one that leaves costs more than to read its row. Safe for several threads.
 */
final class Window {

    private static final long LOOK_AGAIN_MILLIS = 5;

    private final int size;
    private final int refill;
    private final long most;
    private int inside;
    private long weight;

    /** @param most of the weights of what is inside, in sum */
    Window(int size, long most) {
        this.size = size;
        this.most = most;
        this.refill = size - Math.max(1, size / 4);
    }

    /** The bytes of an update's texts, which are nearly all that it takes. */
    static long weight(TicketUpdate update) {
        long characters = (long) update.ticket().length() + update.original().length();
        for (Map.Entry<String, String> parameter : update.parameters().entrySet()) {
            characters +=
                    (long) parameter.getKey().length() + parameter.getValue().length();
        }
        return 2 * characters;
    }

    /** Blocks while it is full; false if its source has come to hold it before there was room. */
    synchronized boolean enter(long more, BooleanSupplier held) throws InterruptedException {
        while (inside >= size || (inside > 0 && weight + more > most)) {
            if (held.getAsBoolean()) {
                return false;
            }
            wait(LOOK_AGAIN_MILLIS);
        }
        inside++;
        weight += more;
        return true;
    }

    synchronized void leave(long less) {
        inside--;
        weight -= less;
        if (inside == refill) {
            notifyAll();
        }
    }
}
