package io.github.ticketcaravan.failures;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where updates come from: gives the work in, and knows how to see that it has ended. For one thread. */
interface Source extends AutoCloseable {

    /** The options of {@code caravan} that have it read this source. */
    List<String> options();

    /** Makes ready what {@link #give} needs, while all is well. */
    void stage(List<Update> updates) throws Exception;

    /** Hands over what was staged last. It may take effect later, when what has failed is there again. */
    void give() throws Exception;

    /** What arrived, ticket by ticket, in that order. */
    Map<String, List<Integer>> arrived() throws Exception;

    /** Goes on, where that needs a hand: of a command that has ended, the same command again. */
    default void resume() throws Exception {}

    /** What is not as it should be when all work is done; null if everything is. */
    @Nullable
    String unfinished() throws Exception;

    /** What {@link #unfinished} has found in order, for people. */
    String state();

    /** The word that the ledger has for the end of each update. */
    default String outcome() {
        return "applied";
    }

    @Override
    default void close() {}
}
