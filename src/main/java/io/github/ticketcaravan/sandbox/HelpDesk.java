package io.github.ticketcaravan.sandbox;

import io.github.ticketcaravan.sandbox.HelpDeskData.Brand;
import io.github.ticketcaravan.sandbox.HelpDeskData.CustomField;
import io.github.ticketcaravan.sandbox.HelpDeskData.Department;
import io.github.ticketcaravan.sandbox.HelpDeskData.EscalationPath;
import io.github.ticketcaravan.sandbox.HelpDeskData.Priority;
import io.github.ticketcaravan.sandbox.HelpDeskData.Sla;
import io.github.ticketcaravan.sandbox.HelpDeskData.Status;
import io.github.ticketcaravan.sandbox.HelpDeskData.Team;
import io.github.ticketcaravan.sandbox.HelpDeskData.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The state of the help desk. Updates of one ticket come one after the other, those of different tickets side by
 * side; a reader sees a ticket before an update or after it, never in between.
 */
final class HelpDesk {

    final Catalogue<Brand> brands;
    final Catalogue<Department> departments;
    final Catalogue<EscalationPath> escalationPaths;
    final Catalogue<Team> teams;
    final Catalogue<User> users;
    final Catalogue<Status> statuses;
    final Catalogue<Priority> priorities;
    final Catalogue<Sla> slas;
    final List<CustomField> customFields;
    final Contacts contacts = new Contacts();

    private final Map<String, CustomField> customFieldsByName = new HashMap<>();
    private final Map<String, Ticket> tickets = new ConcurrentHashMap<>();
    /** Guarded by itself. */
    private final List<String> references = new ArrayList<>();

    private final Random random;
    private final AtomicInteger lastTicketId = new AtomicInteger();
    private final AtomicInteger lastPostId = new AtomicInteger();

    /** @param ticketCount how many tickets there are to be; the data file's own are always there */
    HelpDesk(HelpDeskData data, int ticketCount) {
        brands = new Catalogue<>("Brand", data.brands(), Brand::id, Brand::name);
        departments = new Catalogue<>("Department", data.departments(), Department::id, Department::name);
        escalationPaths =
                new Catalogue<>("Escalation path", data.escalationPaths(), EscalationPath::id, EscalationPath::name);
        teams = new Catalogue<>("Team", data.teams(), Team::id, Team::name);
        users = new Catalogue<>("User", data.users(), User::id, User::username);
        statuses = new Catalogue<>("Status", data.statuses(), Status::id, Status::name);
        priorities = new Catalogue<>("Priority", data.priorities(), Priority::id, Priority::name);
        slas = new Catalogue<>("SLA", data.slas(), Sla::id, Sla::name);
        customFields = data.customFields();
        customFields.forEach(field -> customFieldsByName.put(field.systemName(), field));
        random = new Random(~data.madeUp().seed());
        TicketGenerator generator = new TicketGenerator(data, this);
        generator.contactMethods();
        generator.tickets(ticketCount).forEach(ticket -> {
            tickets.put(key(ticket.reference), ticket);
            references.add(ticket.reference);
            lastTicketId.accumulateAndGet(ticket.id, Math::max);
        });
    }

    int nextPostId() {
        return lastPostId.incrementAndGet();
    }

    /** One that no request finds before it is added. */
    Ticket newTicket(String reference, Instant now, ContactMethod contactMethod) {
        int id = reference.isEmpty() ? 0 : lastTicketId.incrementAndGet();
        Ticket ticket = new Ticket(
                id, reference, TicketNames.messageId(random), TicketNames.authCode(random), now, contactMethod);
        ticket.updatedAt = now;
        return ticket;
    }

    /** Adds the ticket that is made with a reference which no other has. */
    Ticket add(Function<String, Ticket> make) throws Refusal {
        synchronized (references) {
            String reference = TicketNames.reference(random);
            while (tickets.containsKey(key(reference))) {
                reference = TicketNames.reference(random);
            }
            Ticket ticket = make.apply(reference);
            tickets.put(key(reference), ticket);
            references.add(reference);
            return ticket;
        }
    }

    @Nullable
    CustomField customField(String systemName) {
        return customFieldsByName.get(systemName);
    }

    /** The IDs of the teams that a department's tickets can be given to. */
    List<Integer> teamsOf(Department department) {
        return escalationPaths.get(department.escalationPath()).teams();
    }

    Ticket ticket(@Nullable String reference) throws Refusal {
        Ticket ticket = reference == null ? null : tickets.get(key(reference));
        if (ticket == null) {
            throw noTicket(reference);
        }
        return ticket;
    }

    /** Puts what the change makes of the ticket in its place; a change that throws leaves it as it was. */
    Ticket update(@Nullable String reference, UnaryOperator<Ticket> change) throws Refusal {
        Ticket updated = reference == null
                ? null
                : tickets.computeIfPresent(key(reference), (key, ticket) -> change.apply(ticket));
        if (updated == null) {
            throw noTicket(reference);
        }
        return updated;
    }

    int ticketCount() {
        synchronized (references) {
            return references.size();
        }
    }

    /** In the order of their creation, from the first index up to and without the second. */
    List<Ticket> tickets(int from, int to) {
        synchronized (references) {
            return references.subList(from, to).stream()
                    .map(reference -> Objects.requireNonNull(tickets.get(key(reference))))
                    .toList();
        }
    }

    private static Refusal noTicket(@Nullable String reference) {
        return reference == null || reference.isBlank()
                ? new Refusal(404, "Ticket not given: send its reference as 'ticket'")
                : Refusal.notFound("Ticket", reference);
    }

    private static String key(String reference) {
        return reference.strip().toUpperCase(Locale.ROOT);
    }
}
