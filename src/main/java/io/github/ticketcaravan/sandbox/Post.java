package io.github.ticketcaravan.sandbox;

import io.github.ticketcaravan.sandbox.HelpDeskData.User;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message of a ticket, which the help desk calls an update.
 *
 * @param user whose it is; null with a {@code customer}, and without one it is nobody's
 * @param isPrivate kept from the customer
 */
record Post(
        int id,
        @Nullable String subject,
        String message,
        Instant postedAt,
        boolean isPrivate,
        @Nullable User user,
        @Nullable Customer customer) {}
