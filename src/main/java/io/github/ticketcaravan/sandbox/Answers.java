package io.github.ticketcaravan.sandbox;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.ticketcaravan.sandbox.HelpDeskData.Brand;
import io.github.ticketcaravan.sandbox.HelpDeskData.CustomField;
import io.github.ticketcaravan.sandbox.HelpDeskData.Department;
import io.github.ticketcaravan.sandbox.HelpDeskData.EscalationPath;
import io.github.ticketcaravan.sandbox.HelpDeskData.Priority;
import io.github.ticketcaravan.sandbox.HelpDeskData.Sla;
import io.github.ticketcaravan.sandbox.HelpDeskData.Status;
import io.github.ticketcaravan.sandbox.HelpDeskData.Team;
import io.github.ticketcaravan.sandbox.HelpDeskData.User;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Objects as the help desk writes them: JSON in UTF-8, the keys in the order of the specification's example. */
final class Answers {

    /** {@code 2012-02-03T12:00:12+00:00}. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final HelpDesk desk;

    Answers(HelpDesk desk) {
        this.desk = desk;
    }

    byte[] updatedTicket(Ticket ticket) {
        return Json.of(json -> ticket(json, ticket));
    }

    /** With {@code updates}, which are its messages. */
    byte[] shownTicket(Ticket ticket) {
        return Json.of(json -> {
            json.writeStartObject();
            ticketFields(json, ticket);
            json.writeFieldName("updates");
            Json.writeArray(json, ticket.posts, Answers::post);
            json.writeEndObject();
        });
    }

    static byte[] post(Post post) {
        return Json.of(json -> post(json, post));
    }

    private static void post(JsonGenerator json, Post post) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", post.id());
        json.writeStringField("subject", post.subject());
        json.writeStringField("message", post.message());
        json.writeStringField("posted_at", TIME.format(post.postedAt()));
        json.writeBooleanField("private", post.isPrivate());
        json.writeFieldName("author");
        if (post.user() != null) {
            user(json, post.user());
        } else if (post.customer() != null) {
            customer(json, post.customer());
        } else {
            json.writeNull();
        }
        json.writeEndObject();
    }

    void ticket(JsonGenerator json, Ticket ticket) throws IOException {
        json.writeStartObject();
        ticketFields(json, ticket);
        json.writeEndObject();
    }

    private void ticketFields(JsonGenerator json, Ticket ticket) throws IOException {
        json.writeNumberField("id", ticket.id);
        json.writeStringField("reference", ticket.reference);
        json.writeStringField("subject", ticket.subject);
        json.writeStringField("message_id", ticket.messageId);
        json.writeStringField("submitted_at", TIME.format(ticket.submittedAt));
        time(json, "reply_due_at", ticket.replyDueAt);
        time(json, "resolution_due_at", ticket.resolutionDueAt);
        json.writeStringField("auth_code", ticket.authCode);
        json.writeNullField("additional_recipients");
        time(json, "last_update_posted_at", ticket.lastUpdatePostedAt());
        json.writeStringField("first_response_time", ticket.firstResponseTime);
        json.writeStringField("first_resolution_time", ticket.firstResolutionTime);
        json.writeStringField("resolution_time", ticket.resolutionTime);
        json.writeStringField("last_respondant", ticket.lastRespondant);
        json.writeNumberField("update_count", ticket.posts.size());
        json.writeFieldName("status");
        status(json, desk.statuses.get(ticket.status));
        json.writeFieldName("priority");
        priority(json, desk.priorities.get(ticket.priority));
        json.writeFieldName("department");
        department(json, desk.departments.get(ticket.department));
        Json.nullable(
                json,
                "team",
                ticket.team == null ? null : desk.teams.get(ticket.team),
                (to, team) -> named(to, team.id(), team.name()));
        Json.nullable(json, "user", ticket.user == null ? null : desk.users.get(ticket.user), Answers::user);
        Json.nullable(json, "sla", ticket.sla == null ? null : desk.slas.get(ticket.sla), Answers::sla);
        json.writeFieldName("customer");
        customer(json, ticket.contactMethod.customer());
        json.writeFieldName("customer_contact_method");
        contactMethod(json, ticket.contactMethod);
        time(json, "updated_at", ticket.updatedAt);
        json.writeObjectFieldStart("custom_fields");
        for (CustomField field : desk.customFields) {
            json.writeStringField(field.systemName(), ticket.customFields.get(field.systemName()));
        }
        json.writeEndObject();
        json.writeFieldName("tags");
        Json.writeArray(json, ticket.tags, JsonGenerator::writeString);
        json.writeFieldName("additional_contact_methods");
        Json.writeArray(json, ticket.additionalContactMethods, Answers::contactMethod);
    }

    static void status(JsonGenerator json, Status status) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", status.id());
        json.writeStringField("name", status.name());
        json.writeStringField("colour", status.colour());
        json.writeNumberField("status_type", status.statusType());
        json.writeEndObject();
    }

    static void priority(JsonGenerator json, Priority priority) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", priority.id());
        json.writeStringField("name", priority.name());
        json.writeStringField("colour", priority.colour());
        json.writeNumberField("position", priority.position());
        json.writeEndObject();
    }

    void department(JsonGenerator json, Department department) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", department.id());
        json.writeStringField("name", department.name());
        json.writeFieldName("brand");
        brand(json, desk.brands.get(department.brand()));
        EscalationPath path = desk.escalationPaths.get(department.escalationPath());
        json.writeFieldName("escalation_path");
        named(json, path.id(), path.name());
        json.writeBooleanField("private", department.isPrivate());
        json.writeEndObject();
    }

    private static void brand(JsonGenerator json, Brand brand) throws IOException {
        json.writeStartObject();
        brandFields(json, brand);
        json.writeEndObject();
    }

    private static void brandFields(JsonGenerator json, Brand brand) throws IOException {
        json.writeNumberField("id", brand.id());
        json.writeStringField("name", brand.name());
        json.writeStringField("url", brand.url());
    }

    /** As in a list of brands: with its departments. */
    void listedBrand(JsonGenerator json, Brand brand) throws IOException {
        json.writeStartObject();
        brandFields(json, brand);
        json.writeFieldName("departments");
        Json.writeArray(
                json,
                desk.departments.all().stream()
                        .filter(department -> department.brand() == brand.id())
                        .toList(),
                (to, department) -> named(to, department.id(), department.name()));
        json.writeEndObject();
    }

    void escalationPath(JsonGenerator json, EscalationPath path) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", path.id());
        json.writeStringField("name", path.name());
        json.writeFieldName("teams");
        Json.writeArray(
                json,
                path.teams().stream().map(desk.teams::get).toList(),
                (to, team) -> named(to, team.id(), team.name()));
        json.writeEndObject();
    }

    void team(JsonGenerator json, Team team) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", team.id());
        json.writeStringField("name", team.name());
        json.writeFieldName("users");
        Json.writeArray(json, team.users().stream().map(desk.users::get).toList(), Answers::user);
        json.writeEndObject();
    }

    private static void user(JsonGenerator json, User user) throws IOException {
        json.writeStartObject();
        userFields(json, user);
        json.writeEndObject();
    }

    /** As in a list of users: with their teams. */
    void listedUser(JsonGenerator json, User user) throws IOException {
        json.writeStartObject();
        userFields(json, user);
        json.writeFieldName("teams");
        Json.writeArray(
                json,
                desk.teams.all().stream()
                        .filter(team -> team.users().contains(user.id()))
                        .toList(),
                (to, team) -> named(to, team.id(), team.name()));
        json.writeEndObject();
    }

    private static void userFields(JsonGenerator json, User user) throws IOException {
        json.writeNumberField("id", user.id());
        json.writeStringField("username", user.username());
        json.writeStringField("first_name", user.firstName());
        json.writeStringField("last_name", user.lastName());
        json.writeStringField("email_address", user.emailAddress());
        json.writeStringField("time_zone", user.timeZone());
        json.writeStringField("created_at", TIME.format(user.createdAt()));
    }

    static void sla(JsonGenerator json, Sla sla) throws IOException {
        named(json, sla.id(), sla.name());
    }

    static void customField(JsonGenerator json, CustomField field) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", field.id());
        json.writeStringField("name", field.name());
        json.writeStringField("system_name", field.systemName());
        json.writeStringField("field_type", field.fieldType().json());
        json.writeStringField("values", String.join("\n", field.values()));
        json.writeStringField("default_value", field.defaultValue());
        json.writeBooleanField("private", field.isPrivate());
        json.writeEndObject();
    }

    private static void customer(JsonGenerator json, Customer customer) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", customer.id());
        json.writeStringField("name", customer.name());
        json.writeStringField("company", customer.company());
        json.writeStringField("pin", customer.pin());
        json.writeEndObject();
    }

    private static void contactMethod(JsonGenerator json, ContactMethod method) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", method.id());
        json.writeStringField("method_type", method.type().json());
        json.writeStringField("data", method.data());
        json.writeEndObject();
    }

    private static void named(JsonGenerator json, int id, String name) throws IOException {
        json.writeStartObject();
        json.writeNumberField("id", id);
        json.writeStringField("name", name);
        json.writeEndObject();
    }

    private static void time(JsonGenerator json, String key, @Nullable Instant time) throws IOException {
        json.writeStringField(key, time == null ? null : TIME.format(time));
    }
}
