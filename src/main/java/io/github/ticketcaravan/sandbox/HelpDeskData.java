package io.github.ticketcaravan.sandbox;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The data file, as it is written: {@code config/sandbox.yaml} says what each entry means. Relations are IDs.
 *
 * <p>A list or map that may be left out arrives as null, and is an empty one from then on. A record refuses what is wrong within itself; {@link HelpDeskDataFile} checks the relations between them.
 */
record HelpDeskData(
        List<Token> tokens,
        List<Brand> brands,
        List<Department> departments,
        List<EscalationPath> escalationPaths,
        List<Team> teams,
        List<User> users,
        List<Status> statuses,
        List<Priority> priorities,
        List<Sla> slas,
        List<CustomField> customFields,
        List<CustomerEntry> customers,
        List<ContactMethodEntry> contactMethods,
        List<TicketEntry> tickets,
        MadeUp madeUp) {

    HelpDeskData {
        tokens = listed(tokens, "tokens");
        brands = listed(brands, "brands");
        departments = listed(departments, "departments");
        escalationPaths = listed(escalationPaths, "escalation_paths");
        teams = listed(teams, "teams");
        users = listed(users, "users");
        statuses = listed(statuses, "statuses");
        priorities = listed(priorities, "priorities");
        slas = listed(slas, "slas");
        customFields = listed(customFields, "custom_fields");
        customers = listed(customers, "customers");
        contactMethods = listed(contactMethods, "contact_methods");
        tickets = listed(tickets, "tickets");
        given(madeUp, "made_up");
    }

    /** {@code methods} and {@code addresses}: empty is no limit. With a {@code user} it is a user token. */
    record Token(
            String token,
            String secret,
            List<String> methods,
            List<String> addresses,
            @Nullable String application,
            @Nullable String user) {
        Token {
            written(token, "token");
            written(secret, "secret");
            methods = methods == null ? List.of() : List.copyOf(methods);
            addresses = addresses == null ? List.of() : List.copyOf(addresses);
            if ((user == null) != (application == null)) {
                throw new IllegalArgumentException("a user token has both 'user' and 'application'");
            }
        }

        // Not the generated one: it would show the secret wherever a token is printed.
        @Override
        public String toString() {
            return "Token[hidden]";
        }
    }

    record Brand(int id, String name, String url) {
        Brand {
            positive(id);
            written(name, "name");
            written(url, "url");
        }
    }

    record Department(
            int id,
            String name,
            int brand,
            int escalationPath,
            @JsonProperty("private") boolean isPrivate) {
        Department {
            positive(id);
            written(name, "name");
        }
    }

    record EscalationPath(int id, String name, List<Integer> teams) {
        EscalationPath {
            positive(id);
            written(name, "name");
            teams = listed(teams, "teams");
        }
    }

    record Team(int id, String name, List<Integer> users) {
        Team {
            positive(id);
            written(name, "name");
            users = listed(users, "users");
        }
    }

    record User(
            int id,
            String username,
            String firstName,
            String lastName,
            String emailAddress,
            String timeZone,
            Instant createdAt,
            boolean ticketsUi) {
        User {
            positive(id);
            written(username, "username");
            written(firstName, "first_name");
            written(lastName, "last_name");
            written(emailAddress, "email_address");
            written(timeZone, "time_zone");
            given(createdAt, "created_at");
        }
    }

    /** {@code statusType}: 0 open, 1 closed, 2 on hold. */
    record Status(int id, String name, String colour, int statusType) {
        Status {
            positive(id);
            written(name, "name");
            written(colour, "colour");
            if (statusType < 0 || statusType > 2) {
                throw new IllegalArgumentException("'status_type' must be 0, 1 or 2");
            }
        }

        boolean isClosed() {
            return statusType == 1;
        }
    }

    record Priority(int id, String name, String colour, int position) {
        Priority {
            positive(id);
            written(name, "name");
            written(colour, "colour");
        }
    }

    record Sla(int id, String name) {
        Sla {
            positive(id);
            written(name, "name");
        }
    }

    record CustomField(
            int id,
            String name,
            String systemName,
            FieldType fieldType,
            List<String> values,
            @Nullable String defaultValue,
            @JsonProperty("private") boolean isPrivate) {
        CustomField {
            positive(id);
            written(name, "name");
            given(fieldType, "field_type");
            if (!given(systemName, "system_name").matches("[a-z0-9_]+")) {
                throw new IllegalArgumentException("'system_name' is made of a-z, 0-9 and _");
            }
            values = values == null ? List.of() : List.copyOf(values);
            if (fieldType.hasValues() == values.isEmpty()) {
                throw new IllegalArgumentException("'values' belong to select and radio, and to no other type");
            }
        }
    }

    enum FieldType {
        STRING,
        TEXT,
        SELECT,
        PASSWORD,
        RADIO,
        CHECKBOX;

        boolean hasValues() {
            return this == SELECT || this == RADIO;
        }

        String json() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record CustomerEntry(int id, String name, @Nullable String company, String pin) {
        CustomerEntry {
            positive(id);
            written(name, "name");
            written(pin, "pin");
        }
    }

    record ContactMethodEntry(int id, int customer, ContactMethod.Type methodType, String data) {
        ContactMethodEntry {
            positive(id);
            given(methodType, "method_type");
            written(data, "data");
        }
    }

    record TicketEntry(
            int id,
            String reference,
            String subject,
            String messageId,
            Instant submittedAt,
            String authCode,
            int status,
            int priority,
            int department,
            @Nullable Integer team,
            @Nullable Integer user,
            @Nullable Integer sla,
            int contactMethod,
            List<Integer> additionalContactMethods,
            List<String> tags,
            Map<String, String> customFields,
            @Nullable Instant replyDueAt,
            @Nullable Instant resolutionDueAt) {
        TicketEntry {
            positive(id);
            written(reference, "reference");
            written(subject, "subject");
            written(messageId, "message_id");
            given(submittedAt, "submitted_at");
            written(authCode, "auth_code");
            additionalContactMethods =
                    additionalContactMethods == null ? List.of() : List.copyOf(additionalContactMethods);
            tags = tags == null ? List.of() : List.copyOf(tags);
            customFields = customFields == null ? Map.of() : Map.copyOf(customFields);
        }
    }

    /** What {@link TicketGenerator} makes the rest of; {@code tickets} and {@code customers} are totals. */
    record MadeUp(
            long seed,
            int tickets,
            int customers,
            Instant submittedFrom,
            Instant submittedTo,
            List<String> firstNames,
            List<String> lastNames,
            List<String> companies,
            List<String> subjects,
            List<String> tags) {
        MadeUp {
            if (!given(submittedFrom, "submitted_from").isBefore(given(submittedTo, "submitted_to"))) {
                throw new IllegalArgumentException("'submitted_from' must be before 'submitted_to'");
            }
            firstNames = listed(firstNames, "first_names");
            lastNames = listed(lastNames, "last_names");
            companies = listed(companies, "companies");
            subjects = listed(subjects, "subjects");
            tags = listed(tags, "tags");
        }
    }

    private static <T> T given(@Nullable T value, String key) {
        if (value == null) {
            throw new IllegalArgumentException("'" + key + "' is missing");
        }
        return value;
    }

    private static void written(@Nullable String value, String key) {
        if (given(value, key).isBlank()) {
            throw new IllegalArgumentException("'" + key + "' is blank");
        }
    }

    private static <T> List<T> listed(@Nullable List<T> values, String key) {
        List<T> list = given(values, key);
        if (list.isEmpty() || list.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("'" + key + "' is empty, or has an empty entry");
        }
        return List.copyOf(list);
    }

    private static void positive(int id) {
        if (id < 1) {
            throw new IllegalArgumentException("'id' must be a whole number from 1");
        }
    }
}
