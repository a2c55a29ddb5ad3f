package io.github.ticketcaravan.sandbox;

import io.github.ticketcaravan.sandbox.HelpDeskData.CustomField;
import io.github.ticketcaravan.sandbox.HelpDeskData.Department;
import io.github.ticketcaravan.sandbox.HelpDeskData.MadeUp;
import io.github.ticketcaravan.sandbox.HelpDeskData.TicketEntry;
import io.github.ticketcaravan.sandbox.HelpDeskData.User;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** Fills a help desk: with the data file's own customers and tickets, and with made-up ones, always the same. */
final class TicketGenerator {

    private static final String ANSWER = "Thank you for your message. We are looking into it.";

    private final HelpDeskData data;
    private final MadeUp madeUp;
    private final HelpDesk desk;
    private final Random random;
    private final List<ContactMethod> contactMethods = new ArrayList<>();

    TicketGenerator(HelpDeskData data, HelpDesk desk) {
        this.data = data;
        this.madeUp = data.madeUp();
        this.desk = desk;
        this.random = new Random(madeUp.seed());
    }

    void contactMethods() {
        Map<Integer, Customer> customers = new HashMap<>();
        data.customers()
                .forEach(entry -> customers.put(
                        entry.id(), new Customer(entry.id(), entry.name(), entry.company(), entry.pin())));
        data.contactMethods()
                .forEach(entry -> add(new ContactMethod(
                        entry.id(),
                        entry.methodType(),
                        entry.data(),
                        Objects.requireNonNull(customers.get(entry.customer())))));
        int customerId =
                customers.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
        int methodId = contactMethods.stream().mapToInt(ContactMethod::id).max().orElse(0);
        for (int count = customers.size(); count < madeUp.customers(); count++) {
            String first = any(madeUp.firstNames());
            String last = any(madeUp.lastNames());
            String company = any(madeUp.companies());
            Customer customer = new Customer(
                    ++customerId, first + " " + last, company, String.valueOf(100_000 + random.nextInt(900_000)));
            String address = plain(first) + "." + plain(last) + customerId + "@" + plain(company) + ".example";
            add(new ContactMethod(++methodId, ContactMethod.Type.EMAIL, address, customer));
            if (random.nextInt(3) == 0) {
                String number = "+44 1632 960%03d".formatted(customerId % 1000);
                add(new ContactMethod(++methodId, ContactMethod.Type.TELEPHONE, number, customer));
            }
        }
    }

    private void add(ContactMethod method) {
        ContactAddress address = ContactAddress.read(method.type(), method.data());
        if (address != null) {
            contactMethods.add(method);
            desk.contacts.add(method, address);
        }
    }

    /** In the order of their IDs. */
    List<Ticket> tickets(int count) {
        List<Ticket> tickets = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        Set<String> references = new HashSet<>();
        for (TicketEntry entry : data.tickets()) {
            tickets.add(ticket(entry));
            ids.add(entry.id());
            references.add(entry.reference());
        }
        for (int id = 1; tickets.size() < count; id++) {
            if (ids.add(id)) {
                String reference;
                do {
                    reference = TicketNames.reference(random);
                } while (!references.add(reference));
                tickets.add(madeUpTicket(id, reference));
            }
        }
        tickets.sort(Comparator.comparingInt(ticket -> ticket.id));
        return tickets;
    }

    private Ticket ticket(TicketEntry entry) {
        Ticket ticket = new Ticket(
                entry.id(),
                entry.reference(),
                entry.messageId(),
                entry.authCode(),
                entry.submittedAt(),
                desk.contacts.byId(entry.contactMethod()).orElseThrow());
        ticket.subject = entry.subject();
        ticket.updatedAt = entry.submittedAt();
        ticket.status = entry.status();
        ticket.priority = entry.priority();
        ticket.department = entry.department();
        ticket.team = entry.team();
        ticket.user = entry.user();
        ticket.sla = entry.sla();
        ticket.additionalContactMethods = entry.additionalContactMethods().stream()
                .map(id -> desk.contacts.byId(id).orElseThrow())
                .toList();
        ticket.tags = entry.tags();
        ticket.customFields = entry.customFields();
        ticket.replyDueAt = entry.replyDueAt();
        ticket.resolutionDueAt = entry.resolutionDueAt();
        return ticket;
    }

    private Ticket madeUpTicket(int id, String reference) {
        long window =
                Duration.between(madeUp.submittedFrom(), madeUp.submittedTo()).toSeconds();
        Instant submittedAt = madeUp.submittedFrom().plusSeconds((long) (random.nextDouble() * window));
        Ticket ticket = new Ticket(
                id,
                reference,
                TicketNames.messageId(random),
                TicketNames.authCode(random),
                submittedAt,
                any(contactMethods));
        ticket.subject = any(madeUp.subjects());
        ticket.updatedAt = submittedAt;
        ticket.status = any(desk.statuses.all()).id();
        ticket.priority = any(desk.priorities.all()).id();
        Department department = any(desk.departments.all());
        ticket.department = department.id();
        if (random.nextInt(5) > 0) {
            ticket.team = any(desk.teamsOf(department));
            if (random.nextInt(3) > 0) {
                ticket.user = any(desk.teams.get(ticket.team).users());
            }
        }
        if (random.nextInt(3) == 0) {
            ticket.sla = any(desk.slas.all()).id();
            ticket.replyDueAt = submittedAt.plus(Duration.ofHours(4));
            ticket.resolutionDueAt = submittedAt.plus(Duration.ofDays(3));
        }
        if (random.nextInt(4) == 0) {
            ticket.tags = List.of(any(madeUp.tags()));
        }
        CustomField field = any(desk.customFields);
        if (field.fieldType().hasValues()) {
            ticket.customFields = Map.of(field.systemName(), any(field.values()));
        }
        answer(ticket);
        return ticket;
    }

    /** What has happened to it since: an answer, and its end if it is closed. */
    private void answer(Ticket ticket) {
        boolean closed = desk.statuses.get(ticket.status).isClosed();
        if (!closed && random.nextBoolean()) {
            return;
        }
        Duration toResponse = Duration.ofSeconds(60 + random.nextInt(14_400));
        ticket.firstResponseTime = TicketChange.minutes(toResponse);
        User author = ticket.user == null ? null : desk.users.get(ticket.user);
        Instant postedAt = ticket.submittedAt.plus(toResponse);
        ticket.posts = List.of(new Post(desk.nextPostId(), null, ANSWER, postedAt, false, author, null));
        ticket.lastRespondant = Posting.USER;
        ticket.updatedAt = postedAt;
        if (closed) {
            Duration toResolution = toResponse.plusSeconds(random.nextInt(259_200));
            ticket.firstResolutionTime = TicketChange.minutes(toResolution);
            ticket.resolutionTime = ticket.firstResolutionTime;
            ticket.updatedAt = ticket.submittedAt.plus(toResolution);
        }
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** As it stands in an address: without accents, blanks and signs. */
    private static String plain(String name) {
        return Normalizer.normalize(name.replace("ß", "ss"), Normalizer.Form.NFD)
                .replaceAll("[^A-Za-z]", "")
                .toLowerCase(Locale.ROOT);
    }
}
