/**
 * Messages of a queue or topic to updates, and outcomes to the answer that their sender gets.
 *
 * <p>In goes a {@link io.github.ticketcaravan.queue.QueueMessage}, whatever broker it came from; out come its
 * updates, with all that is wrong with them, and JSON. Nothing is known here of JMS, Kafka or Camel.
 */
@NullMarked
package io.github.ticketcaravan.queue;

import org.jspecify.annotations.NullMarked;
