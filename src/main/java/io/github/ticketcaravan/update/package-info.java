/**
 * A ticket update: what the help desk's method {@code tickets/update} is to change on one ticket.
 *
 * <p>In goes what a source read (names and values as people write them); out comes a
 * {@link io.github.ticketcaravan.update.TicketUpdate} in the API's own words, with everything that is wrong
 * with it. Only the JDK is used here, and nothing is known of sources, HTTP or storage.
 */
@NullMarked
package io.github.ticketcaravan.update;

import org.jspecify.annotations.NullMarked;
