/**
 * Which dead letters may be sent again, and as what.
 *
 * <p>In go updates that name a dead letter, from a file, a mail or a queue, and letters that somebody asks to have sent;
 * out come updates, valid where they may be sent. Whatever is in doubt is refused with a reason: a refused update can
 * still be sent, and what was sent cannot be taken back. The ledger keeps the outcome.
 */
@NullMarked
package io.github.ticketcaravan.replay;

import org.jspecify.annotations.NullMarked;
