package io.github.ticketcaravan.sandbox;

import org.jspecify.annotations.Nullable;

/** Who a ticket is from. */
record Customer(int id, String name, @Nullable String company, String pin) {}
