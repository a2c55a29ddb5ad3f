package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ticketcaravan.sandbox.SandboxClient.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tickets/submit}: the first of the two steps in which a ticket is made. */
class SubmissionTest {

    private static final String NEEDED = "status=New&priority=Normal&department=Sales&subject=Printer+on+fire&";

    private Sandbox sandbox;
    private SandboxClient client;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(SandboxClient.options().withTickets(1));
        client = new SandboxClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private Answer submit(String form) throws Exception {
        return client.send(client.request("/api/v2/tickets/submit", "sandbox")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    private JsonNode all() throws Exception {
        return client.get("/api/v2/tickets/all").json();
    }

    @Test
    void aTicketIsMadeInTwoStepsAsThePhpClassDoesIt() throws Exception {
        Answer submitted = submit("brand=aTech+Media&department=Sales&status=New&priority=Normal"
                + "&subject=A+new+sales+enquiry&name=My+New+Customer&email=customer%40example.com");

        assertThat(submitted.status()).isEqualTo(201);
        JsonNode ticket = submitted.json();
        String reference = ticket.get("reference").asText();
        assertThat(reference).matches("[A-Z]{2}-[0-9]{6}");
        assertThat(ticket.get("id").asInt()).isEqualTo(34);
        assertThat(ticket.get("subject").asText()).isEqualTo("A new sales enquiry");
        assertThat(ticket.at("/department/name").asText()).isEqualTo("Sales");
        assertThat(ticket.at("/status/name").asText()).isEqualTo("New");
        assertThat(ticket.at("/customer/name").asText()).isEqualTo("My New Customer");
        assertThat(ticket.at("/customer_contact_method/data").asText()).isEqualTo("customer@example.com");
        assertThat(ticket.get("submitted_at").asText()).isEqualTo("2026-11-23T12:00:00+00:00");
        assertThat(ticket.get("update_count").asInt()).isZero();

        Answer posted = client.get("/api/v2/tickets/post_update?ticket=" + reference
                + "&message=More+info,+please&customer="
                + ticket.at("/customer/id").asText());

        assertThat(posted.status()).isEqualTo(201);
        JsonNode shown =
                client.get("/api/v2/tickets/ticket?ticket=" + reference).json();
        assertThat(shown.at("/updates/0/message").asText()).isEqualTo("More info, please");
        assertThat(shown.get("last_respondant").asText()).isEqualTo("customer");
        assertThat(all().at("/pagination/total_records").asInt()).isEqualTo(3);
        assertThat(client.update("ticket=" + reference + "&status=Closed").status())
                .isEqualTo(200);
    }

    @Test
    void whatCanBeChangedLaterCanBeGivenAtOnce() throws Exception {
        JsonNode ticket = submit(NEEDED
                        + "contact_method=1&team=Sales+Team&user=steve&sla=Premium&tag_list=a,b&custom%5Bproduct%5D=Hosting"
                        + "&reply_due_at=2026-12-01&additional_contact_methods=beatrice%40lund.example")
                .json();

        assertThat(ticket.at("/team/name").asText()).isEqualTo("Sales Team");
        assertThat(ticket.at("/user/username").asText()).isEqualTo("steve");
        assertThat(ticket.at("/sla/name").asText()).isEqualTo("Premium");
        assertThat(ticket.get("tags").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(ticket.at("/custom_fields/product").asText()).isEqualTo("Hosting");
        assertThat(ticket.get("reply_due_at").asText()).isEqualTo("2026-12-01T00:00:00+00:00");
        assertThat(ticket.at("/additional_contact_methods/0/id").asInt()).isEqualTo(2);
        assertThat(ticket.at("/customer/id").asInt()).isEqualTo(1);
    }

    @Test
    void twoRequestsMakeTwoTickets() throws Exception {
        String first = submit(NEEDED + "customer=1").json().get("reference").asText();
        String second = submit(NEEDED + "customer=1").json().get("reference").asText();

        assertThat(second).isNotEqualTo(first);
        assertThat(all().get("records")).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "subject=x | 422 | {\"errors\":{\"status_id\":[\"can't be blank\"],\"priority_id\":[\"can't be blank\"],\"department_id\":[\"can't be blank\"],\"customer_contact_method_id\":[\"can't be blank\"]}}",
                "%s | 422 | {\"errors\":{\"customer_contact_method_id\":[\"can't be blank\"]}}",
                "%semail=x | 422 | {\"errors\":{\"customer_contact_method_id\":[\"'x' is not a valid e-mail address or telephone number\"]}}",
                "%semail=new%%40example.com | 422 | {\"errors\":{\"contact_name\":[\"can't be blank\"]}}",
                "%scustomer=9999 | 404 | {\"error\":\"Customer '9999' does not exist\"}",
                "%scustomer=1&brand=Deploy | 422 | {\"errors\":{\"department_id\":[\"must be within the brand\"]}}",
                "%scustomer=1&brand=Nothing | 404 | {\"error\":\"Brand 'Nothing' does not exist\"}",
                "%sdepartment=Nowhere&customer=1 | 404 | {\"error\":\"Department 'Nowhere' does not exist\"}",
                "%scustomer=1&team=Accounts&custom[x]=1 | 422 | {\"errors\":{\"team_id\":[\"must be within the escalation path of the department\"],\"custom[x]\":[\"is not a custom field\"]}}"
            })
    void aTicketThatIsRefusedIsNotMade(String form, int status, String body) throws Exception {
        JsonNode before = all();

        Answer answer = submit(form.formatted(NEEDED));

        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(all()).isEqualTo(before);
    }

    @Test
    void aNameThatIsTooLongIsRefused() throws Exception {
        Answer answer = submit(NEEDED + "email=al%40example.com&name=" + "x".repeat(256));

        assertThat(answer.body())
                .isEqualTo("{\"errors\":{\"contact_name\":[\"is too long (maximum is 255 characters)\"]}}");
    }

    @Test
    void headOfASubmissionRehearsesItOnly() throws Exception {
        JsonNode before = all();

        assertThat(client.send(client.request("/api/v2/tickets/submit?" + NEEDED + "customer=1", "sandbox")
                                .method("HEAD", BodyPublishers.noBody()))
                        .status())
                .isEqualTo(201);
        assertThat(all()).isEqualTo(before);
    }
}
