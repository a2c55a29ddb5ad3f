/**
 * A help desk to practise on: the one method {@code tickets/update}, whole, with what clients need around it.
 *
 * <p>In go a data file and HTTP requests of any client; out come the answers that the help desk's specification
 * describes, from state held in memory, with faults on demand. Nothing else of the project is known here: if the
 * client and this endpoint shared code, a mistake of one would be hidden by the other.
 *
 * <p>The way of a request: {@code Endpoint} (HTTP, faults, log) with {@code BodyReader} and {@code ParameterReader},
 * {@code Access}, {@code Methods} (what there is to call), {@code TicketChange} (the rules of an update),
 * {@code Submission} and {@code Posting} (new tickets and messages), {@code Answers} (JSON). {@code State} is what
 * requests change, and {@code Controls} what only a sandbox has.
 */
@NullMarked
package io.github.ticketcaravan.sandbox;

import org.jspecify.annotations.NullMarked;
