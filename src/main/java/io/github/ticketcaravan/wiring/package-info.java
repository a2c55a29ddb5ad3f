/**
 * Where plain objects and Camel meet: the context with its routes, and the few steps that must speak Camel.
 *
 * <p>In go settings and the folder of routes; out comes a running
 * {@link io.github.ticketcaravan.wiring.Caravan}. What a route does is in {@code routes/}; what its steps know is
 * in the packages they come from. Nothing is decided here.
 */
@NullMarked
package io.github.ticketcaravan.wiring;

import org.jspecify.annotations.NullMarked;
