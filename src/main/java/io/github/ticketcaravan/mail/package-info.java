/**
 * Commands by mail: what a mail asks for, whether its sender may, and whether it may be answered.
 *
 * <p>In goes a mail (RFC 5322), as hostile as it likes; out comes a
 * {@link io.github.ticketcaravan.mail.MailDecision} with a reason of one sentence, never an exception. Nothing is
 * fetched, sent, moved or remembered here.
 */
@NullMarked
package io.github.ticketcaravan.mail;

import org.jspecify.annotations.NullMarked;
