/**
 * Bringing updates to the help desk: what its answers mean, when to try again, and in which order things go.
 *
 * <p>In go {@link io.github.ticketcaravan.update.TicketUpdate}s from every source, through the one door
 * {@link io.github.ticketcaravan.delivery.Delivery}; out comes one {@link io.github.ticketcaravan.delivery.Receipt}
 * for each, or word that delivery has stopped. The way over the wire is a route and lies outside.
 *
 * <p>Whether a failure is the ticket's or the endpoint's is told by what becomes of others; where too few are left, by an
 * inquiry for a ticket that cannot exist (see {@code Delivery.inquire}). Nothing is refused because of an outage.
 */
@NullMarked
package io.github.ticketcaravan.delivery;

import org.jspecify.annotations.NullMarked;
