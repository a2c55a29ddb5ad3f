package io.github.ticketcaravan.sandbox;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How {@code tickets/all} sorts: by one property, tickets without it last, and among equals by ID. */
final class TicketOrder {

    private static final Map<String, Function<Ticket, @Nullable Comparable<?>>> PROPERTIES = Map.ofEntries(
            Map.entry("id", ticket -> ticket.id),
            Map.entry("reference", ticket -> ticket.reference),
            Map.entry("subject", ticket -> ticket.subject),
            Map.entry("submitted_at", ticket -> ticket.submittedAt),
            Map.entry("updated_at", ticket -> ticket.updatedAt),
            Map.entry("last_update_posted_at", Ticket::lastUpdatePostedAt),
            Map.entry("reply_due_at", ticket -> ticket.replyDueAt),
            Map.entry("resolution_due_at", ticket -> ticket.resolutionDueAt),
            Map.entry("update_count", ticket -> ticket.posts.size()),
            Map.entry("status", ticket -> ticket.status),
            Map.entry("priority", ticket -> ticket.priority),
            Map.entry("department", ticket -> ticket.department),
            Map.entry("team", ticket -> ticket.team),
            Map.entry("user", ticket -> ticket.user),
            Map.entry("sla", ticket -> ticket.sla));

    private TicketOrder() {}

    /**
     * @param property one of the above; a blank or missing one is {@code id}
     * @param order {@code asc}, which is what a blank or missing one is, or {@code desc}
     */
    static Comparator<Ticket> of(@Nullable String property, @Nullable String order) throws Refusal {
        String name = property == null || property.isBlank() ? "id" : Parameters.folded(property);
        Function<Ticket, @Nullable Comparable<?>> value = PROPERTIES.get(name);
        if (value == null) {
            throw new Refusal(Map.of(
                    "sort_by", List.of("must be one of " + String.join(", ", new TreeSet<>(PROPERTIES.keySet())))));
        }
        String direction = order == null || order.isBlank() ? "asc" : Parameters.folded(order);
        if (!direction.equals("asc") && !direction.equals("desc")) {
            throw new Refusal(Map.of("order", List.of("must be asc or desc")));
        }
        Comparator<Ticket> byValue =
                (one, other) -> compare(value.apply(one), value.apply(other), direction.equals("desc"));
        return byValue.thenComparing(ticket -> ticket.id);
    }

    @SuppressWarnings("unchecked") // Of one property, all values have one type.
    private static int compare(@Nullable Comparable<?> one, @Nullable Comparable<?> other, boolean descending) {
        if (one == null || other == null) {
            return Boolean.compare(one == null, other == null);
        }
        int ascending = ((Comparable<Object>) one).compareTo(other);
        return descending ? -Integer.signum(ascending) : ascending;
    }
}
