package io.github.ticketcaravan.sandbox;

import io.github.ticketcaravan.sandbox.HelpDeskData.Department;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of {@code tickets/submit}: a ticket without a message, which {@code tickets/post_update} adds. Department,
 * status, priority, subject and whose it is are needed; what can be changed later follows {@link TicketChange}'s rules.
 */
final class Submission {

    private static final String BLANK = "can't be blank";
    private static final String CONTACT_FIELD = "customer_contact_method_id";

    /** Those of a change that are a ticket's own, and not about whose it is. */
    private static final Set<String> PROPERTIES = Set.of(
            "status",
            "priority",
            "team",
            "user",
            "sla",
            "subject",
            "tag_list",
            "reply_due_at",
            "resolution_due_at",
            "additional_contact_methods");

    private static final Set<String> OTHERS = Set.of(
            "brand",
            "department",
            "customer",
            "contact",
            "contact_method",
            "contact_method_data",
            "contact_name",
            "name",
            "email");

    static final Set<String> PARAMETERS = Parameters.union(PROPERTIES, OTHERS);

    private final HelpDesk desk;
    private final Parameters parameters;
    private final Instant now;
    private final Map<String, List<String>> errors = new LinkedHashMap<>();

    Submission(HelpDesk desk, Parameters parameters, Instant now) {
        this.desk = desk;
        this.parameters = parameters;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Finds what is wrong; changes nothing. */
    void check() throws Refusal {
        if (given("status") == null) {
            error("status_id", BLANK);
        }
        if (given("priority") == null) {
            error("priority_id", BLANK);
        }
        if (given("subject") == null) {
            error("subject", BLANK);
        }
        String name = contactName();
        if (name != null && name.codePointCount(0, name.length()) > TicketChange.LONGEST_LINE) {
            error("contact_name", "is too long (maximum is " + TicketChange.LONGEST_LINE + " characters)");
        }
        Department department = department();
        ContactMethod known = knownContactMethod();
        if (known == null && newAddress() == null && errors.get(CONTACT_FIELD) == null) {
            error(CONTACT_FIELD, BLANK);
        }
        if (department != null) {
            try {
                change(draft("", known == null ? desk.contacts.any() : known, department))
                        .check();
            } catch (Refusal e) {
                if (e.errors().isEmpty()) {
                    throw e;
                }
                e.errors().forEach((field, messages) -> messages.forEach(message -> error(field, message)));
            }
        }
        if (!errors.isEmpty()) {
            throw new Refusal(errors);
        }
    }

    /** The new ticket, which the help desk has from then on. */
    Ticket apply() throws Refusal {
        check();
        ContactMethod known = knownContactMethod();
        ContactAddress address = newAddress();
        Department department = department();
        ContactMethod contactMethod =
                address == null ? known : desk.contacts.findOrAdd(address, String.valueOf(contactName()));
        if (department == null || contactMethod == null) {
            throw new IllegalStateException("what was checked is missing");
        }
        return desk.add(
                reference -> change(draft(reference, contactMethod, department)).apply());
    }

    private Ticket draft(String reference, ContactMethod contactMethod, Department department) {
        Ticket draft = desk.newTicket(reference, now, contactMethod);
        draft.department = department.id();
        draft.status = desk.statuses.all().get(0).id();
        draft.priority = desk.priorities.all().get(0).id();
        return draft;
    }

    private TicketChange change(Ticket draft) {
        Parameters properties = new Parameters();
        for (Parameters.Parameter parameter : parameters.all()) {
            String name = Parameters.folded(parameter.name());
            if (PROPERTIES.contains(name) || Parameters.isCustomField(name)) {
                properties.put(parameter.name(), parameter.value());
            }
        }
        return new TicketChange(desk, draft, properties, now);
    }

    /** By name or ID; in the brand, if one is given. */
    private @Nullable Department department() throws Refusal {
        String brand = given("brand");
        Integer brandId =
                brand == null ? null : (Integer) desk.brands.find(brand).id();
        String given = given("department");
        if (given == null) {
            error("department_id", BLANK);
            return null;
        }
        Department department = desk.departments.find(given);
        if (brandId != null && department.brand() != brandId) {
            error("department_id", "must be within the brand");
        }
        return department;
    }

    private @Nullable ContactMethod knownContactMethod() throws Refusal {
        String id = given("contact_method");
        if (id != null) {
            return desk.contacts.byId(Catalogue.number(id)).orElseThrow(() -> Refusal.notFound("Contact method", id));
        }
        String customer = given("customer") == null ? given("contact") : given("customer");
        return customer == null ? null : desk.contacts.ofCustomer(customer);
    }

    private @Nullable ContactAddress newAddress() {
        String field = given("contact_method_data") == null ? "email" : "contact_method_data";
        String data = given(field);
        ContactAddress address = data == null ? null : ContactAddress.read(data);
        if (data != null && address == null) {
            error(CONTACT_FIELD, "'" + Refusal.excerpt(data) + "' is not a valid e-mail address or telephone number");
        } else if (address != null
                && contactName() == null
                && desk.contacts.byAddress(address).isEmpty()) {
            error("contact_name", BLANK);
        }
        return address;
    }

    private @Nullable String contactName() {
        return given("contact_name") == null ? given("name") : given("contact_name");
    }

    private @Nullable String given(String name) {
        String value = parameters.get(name);
        return value == null || value.isBlank() ? null : value;
    }

    private void error(String field, String message) {
        List<String> messages = errors.computeIfAbsent(field, key -> new ArrayList<>());
        if (!messages.contains(message)) {
            messages.add(message);
        }
    }
}
