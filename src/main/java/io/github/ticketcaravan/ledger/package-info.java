/**
 * What is done, and what could not be: the single source of truth, in SQL.
 *
 * <p>In go the outcomes of {@link io.github.ticketcaravan.delivery.Delivery}, committed in groups; out come what an
 * interrupted import has still to do, the lines of its receipts, and dead letters with all that is needed to repair
 * them. SQLite is a file in the data folder; the tables are in {@code src/main/resources/ledger/}.
 */
@NullMarked
package io.github.ticketcaravan.ledger;

import org.jspecify.annotations.NullMarked;
