package io.github.ticketcaravan.sandbox;

import io.github.ticketcaravan.sandbox.HelpDeskData.CustomField;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of {@code tickets/update}: parameters are applied to a copy of the ticket, and everything that is wrong
 * with them is gathered. An object that does not exist is a 404 and ends the matter; violations are one 422.
 *
 * <p>Where the specification is silent: unknown parameters other than custom fields are passed over, as the help
 * desk's framework does. A team or department is not changed under a user or team that would no longer fit: that is
 * a 422, since dropping an assignment silently would lose it. {@code updated_at} becomes the time of the change where
 * the request gives none, unless nothing changes. Due times are never computed: how an SLA does that is not known.
 */
final class TicketChange {

    static final Set<String> PARAMETERS = Set.of(
            "ticket",
            "status",
            "priority",
            "department",
            "sla",
            "team",
            "user",
            "subject",
            "tag_list",
            "updated_at",
            "reply_due_at",
            "resolution_due_at",
            "contact_method",
            "contact_method_data",
            "contact_name",
            "additional_contact_methods");

    static final int LONGEST_LINE = 255;
    static final int LONGEST_TEXT = 65_535;

    private static final int MOST_ADDITIONAL_CONTACTS = 100;
    private static final String BLANK = "can't be blank";
    private static final Set<String> CHECKED = Set.of("1", "true", "yes", "on");
    private static final Set<String> UNCHECKED = Set.of("0", "false", "no", "off");

    private final HelpDesk desk;
    private final Ticket before;
    private final Ticket draft;
    private final Parameters parameters;
    private final Instant now;
    private final Map<String, List<String>> errors = new LinkedHashMap<>();

    private @Nullable ContactAddress newContact;
    private List<ContactAddress> newAdditionalContacts = List.of();

    TicketChange(HelpDesk desk, Ticket ticket, Parameters parameters, Instant now) {
        this.desk = desk;
        this.before = ticket;
        this.draft = new Ticket(ticket);
        this.parameters = parameters;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Finds what is wrong; changes nothing. */
    void check() throws Refusal {
        given(
                "status",
                "status_id",
                status -> draft.status = desk.statuses.find(status).id());
        given(
                "priority",
                "priority_id",
                priority -> draft.priority = desk.priorities.find(priority).id());
        given(
                "department",
                "department_id",
                id -> draft.department = desk.departments.findById(id).id());
        clearable(
                "sla",
                sla -> draft.sla =
                        sla == null ? null : (Integer) desk.slas.find(sla).id());
        clearable("team", this::team);
        clearable(
                "user",
                user -> draft.user =
                        user == null ? null : (Integer) desk.users.find(user).id());
        checkAssignment();
        given("subject", "subject", subject -> draft.subject = limited("subject", subject, LONGEST_LINE));
        clearable("tag_list", tags -> draft.tags = tags == null ? List.of() : tags(tags));
        date("updated_at", date -> draft.updatedAt = date);
        date("reply_due_at", date -> draft.replyDueAt = date);
        date("resolution_due_at", date -> draft.resolutionDueAt = date);
        customFields();
        contactMethod();
        additionalContactMethods();
        if (!errors.isEmpty()) {
            throw new Refusal(errors);
        }
    }

    /** The ticket as it is afterwards; adds the contacts that are new. */
    Ticket apply() throws Refusal {
        check();
        if (newContact != null) {
            draft.contactMethod = desk.contacts.findOrAdd(
                    newContact, String.valueOf(parameters.get("contact_name")).strip());
        }
        if (parameters.has("additional_contact_methods")) {
            // Nobody says whose they are; a help desk shows the address where it knows no name.
            draft.additionalContactMethods = newAdditionalContacts.stream()
                    .map(address -> desk.contacts.findOrAdd(address, address.data()))
                    .toList();
        }
        if (draft.saysTheSameAs(before)) {
            return before;
        }
        if (!parameters.has("updated_at")) {
            draft.updatedAt = now;
        }
        computeResolution();
        return draft;
    }

    private void team(@Nullable String team) {
        draft.team = team == null ? null : (Integer) desk.teams.find(team).id();
        if (team == null) {
            // Nobody can be assigned outside a team, so that no team is nobody too, unless the request says who.
            draft.user = null;
        }
    }

    private void checkAssignment() {
        if ((parameters.has("department") || parameters.has("team"))
                && draft.team != null
                && !desk.teamsOf(desk.departments.get(draft.department)).contains(draft.team)) {
            error("team_id", "must be within the escalation path of the department");
        }
        if ((parameters.has("team") || parameters.has("user"))
                && draft.user != null
                && (draft.team == null || !desk.teams.get(draft.team).users().contains(draft.user))) {
            error("user_id", "must be within the assigned team");
        }
    }

    private List<String> tags(String list) {
        return Stream.of(limited("tag_list", list, LONGEST_TEXT).split("[\\s,]+"))
                .filter(tag -> !tag.isEmpty())
                .distinct()
                .toList();
    }

    private void date(String name, Consumer<@Nullable Instant> setter) {
        clearable(name, text -> {
            Instant date = text == null ? null : DateText.read(text, now);
            if (text != null && date == null) {
                error(name, "is not a valid date or time");
            }
            setter.accept(date);
        });
    }

    private void customFields() {
        Map<String, String> values = new LinkedHashMap<>(draft.customFields);
        parameters.forEachCustomField((systemName, value) -> {
            CustomField field = desk.customField(systemName);
            if (field == null) {
                error(Parameters.customField(Refusal.excerpt(systemName)), "is not a custom field");
            } else if (value.isBlank()) {
                values.remove(systemName);
            } else {
                values.put(systemName, customValue(field, value));
            }
        });
        draft.customFields = Map.copyOf(values);
    }

    private String customValue(CustomField field, String value) {
        String parameter = Parameters.customField(field.systemName());
        return switch (field.fieldType()) {
            case STRING, PASSWORD -> limited(parameter, value, LONGEST_LINE);
            case TEXT -> limited(parameter, value, LONGEST_TEXT);
            case SELECT, RADIO -> {
                if (!field.values().contains(value)) {
                    error(parameter, "is not included in the list (" + String.join(", ", field.values()) + ")");
                }
                yield value;
            }
            case CHECKBOX -> {
                String folded = Parameters.folded(value);
                if (!CHECKED.contains(folded) && !UNCHECKED.contains(folded)) {
                    error(parameter, "must be 1 or 0");
                }
                yield CHECKED.contains(folded) ? "1" : "0";
            }
        };
    }

    private void contactMethod() {
        given("contact_method", "customer_contact_method_id", id -> {
            ContactMethod method =
                    desk.contacts.byId(Catalogue.number(id)).orElseThrow(() -> Refusal.notFound("Contact method", id));
            if (method.type() != before.contactMethod.type()) {
                error(
                        "customer_contact_method_id",
                        "must be of the same type as the present one ("
                                + before.contactMethod.type().json() + ")");
            }
            draft.contactMethod = method;
        });
        String name = parameters.get("contact_name");
        if (name != null && !parameters.has("contact_method_data")) {
            error("contact_method_data", BLANK);
        }
        given("contact_method_data", "contact_method_data", data -> {
            // Of the present one's type: no parameter says another, and an ID may not change the type either.
            ContactMethod.Type type = before.contactMethod.type();
            newContact = ContactAddress.read(type, data);
            if (newContact == null) {
                error("contact_method_data", "is not a valid " + described(type));
            } else if (desk.contacts.byAddress(newContact).isEmpty() && (name == null || name.isBlank())) {
                error("contact_name", BLANK);
            }
            if (name != null) {
                limited("contact_name", name, LONGEST_LINE);
            }
            if (parameters.has("contact_method")) {
                error("contact_method_data", "can't be given together with contact_method");
            }
        });
    }

    private void additionalContactMethods() {
        clearable("additional_contact_methods", list -> {
            Map<String, ContactAddress> addresses = new LinkedHashMap<>();
            String[] texts = list == null ? new String[0] : list.split(",", -1);
            for (String text : texts) {
                ContactAddress address = ContactAddress.read(text);
                if (address != null) {
                    addresses.putIfAbsent(address.key(), address);
                } else if (!text.isBlank()) {
                    error(
                            "additional_contact_methods",
                            "'" + Refusal.excerpt(text.strip())
                                    + "' is not a valid e-mail address or telephone number");
                }
            }
            if (texts.length > MOST_ADDITIONAL_CONTACTS) {
                error("additional_contact_methods", "has too many (maximum is " + MOST_ADDITIONAL_CONTACTS + ")");
            }
            newAdditionalContacts = List.copyOf(addresses.values());
        });
    }

    private void computeResolution() {
        boolean wasClosed = desk.statuses.get(before.status).isClosed();
        boolean isClosed = desk.statuses.get(draft.status).isClosed();
        if (isClosed && !wasClosed) {
            Instant at = draft.updatedAt == null ? now : draft.updatedAt;
            draft.resolutionTime = minutes(Duration.between(before.submittedAt, at));
            draft.firstResolutionTime =
                    before.firstResolutionTime == null ? draft.resolutionTime : before.firstResolutionTime;
        } else if (wasClosed && !isClosed) {
            draft.resolutionTime = null;
        }
    }

    /** As the help desk writes spans: a decimal string of minutes. */
    static String minutes(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        return BigDecimal.valueOf(seconds)
                .divide(BigDecimal.valueOf(60), 2, RoundingMode.HALF_UP)
                .toPlainString();
    }

    /** Applies a parameter that must not be blank, if it was sent. */
    private void given(String parameter, String field, Consumer<String> setter) {
        String value = parameters.get(parameter);
        if (value == null) {
            return;
        }
        if (value.isBlank()) {
            error(field, BLANK);
        } else {
            setter.accept(value);
        }
    }

    /** Applies a parameter, if it was sent; a blank one as null, which clears. */
    private void clearable(String parameter, Consumer<@Nullable String> setter) {
        String value = parameters.get(parameter);
        if (value != null) {
            setter.accept(value.isBlank() ? null : value);
        }
    }

    private String limited(String field, String value, int longest) {
        if (value.codePointCount(0, value.length()) > longest) {
            error(field, "is too long (maximum is " + longest + " characters)");
        }
        return value;
    }

    private void error(String field, String message) {
        List<String> messages = errors.computeIfAbsent(field, key -> new ArrayList<>());
        if (!messages.contains(message)) {
            messages.add(message);
        }
    }

    private static String described(ContactMethod.Type type) {
        return switch (type) {
            case EMAIL -> "e-mail address";
            case TELEPHONE -> "telephone number";
        };
    }
}
