package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ticketcaravan.sandbox.SandboxClient.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tickets/post_update}, and what a change of properties leaves to it. */
class MessagesTest {

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

    private Answer post(String form) throws Exception {
        return client.send(client.request("/api/v2/tickets/post_update", "sandbox")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    private JsonNode ticket() throws Exception {
        return client.get("/api/v2/tickets/ticket?ticket=LF-616004").json();
    }

    @Test
    void aChangeOfPropertiesIsNoMessageButMovesUpdatedAt() throws Exception {
        assertThat(ticket().get("updated_at").asText()).isEqualTo("2012-02-03T12:00:12+00:00");

        JsonNode resolved = client.update("ticket=LF-616004&status=Resolved").json();

        assertThat(resolved.get("updated_at").asText()).isEqualTo("2026-11-23T12:00:00+00:00");
        assertThat(resolved.get("last_update_posted_at").isNull()).isTrue();
        assertThat(resolved.get("update_count").asInt()).isZero();
        assertThat(resolved.get("first_resolution_time").asText()).isEqualTo("7786079.80");
        assertThat(ticket().get("updates")).isEmpty();
    }

    @Test
    void aMessageOfAUserIsTheFirstResponse() throws Exception {
        Answer posted = post("ticket=LF-616004&message=We+are+on+it.&subject=Re&user=dave");

        assertThat(posted.status()).isEqualTo(201);
        assertThat(posted.json().get("id").isInt()).isTrue();
        assertThat(posted.json().get("message").asText()).isEqualTo("We are on it.");
        assertThat(posted.json().get("subject").asText()).isEqualTo("Re");
        assertThat(posted.json().get("posted_at").asText()).isEqualTo("2026-11-23T12:00:00+00:00");
        assertThat(posted.json().get("private").asBoolean()).isFalse();
        assertThat(posted.json().at("/author/username").asText()).isEqualTo("dave");
        JsonNode ticket = ticket();
        assertThat(ticket.get("updates")).containsExactly(posted.json());
        assertThat(ticket.get("update_count").asInt()).isEqualTo(1);
        assertThat(ticket.get("last_update_posted_at").asText()).isEqualTo("2026-11-23T12:00:00+00:00");
        assertThat(ticket.get("updated_at").asText()).isEqualTo("2026-11-23T12:00:00+00:00");
        assertThat(ticket.get("last_respondant").asText()).isEqualTo("user");
        assertThat(ticket.get("first_response_time").asText()).isEqualTo("7786079.80");
    }

    @ParameterizedTest
    @CsvSource({
        "customer=1, Adam Cooke",
        "customer=adam+cooke, Adam Cooke",
        "contact=2, Beatrice Lund",
        "author_email=adam%40atechmedia.com, Adam Cooke",
        "author_email=new%40example.com&author_name=Newt, Newt"
    })
    void aMessageOfACustomerIsNoResponse(String author, String name) throws Exception {
        Answer posted = post("ticket=LF-616004&message=Hello&" + author);

        assertThat(posted.json().at("/author/name").asText()).isEqualTo(name);
        assertThat(ticket().get("last_respondant").asText()).isEqualTo("customer");
        assertThat(ticket().get("first_response_time").isNull()).isTrue();
    }

    @Test
    void aPrivateMessageAndANobodysAreCountedButRespondToNobody() throws Exception {
        post("ticket=LF-616004&message=Between+us&user=dave&private=true");
        post("ticket=LF-616004&message=By+the+system");

        assertThat(ticket().get("update_count").asInt()).isEqualTo(2);
        assertThat(ticket().at("/updates/0/private").asBoolean()).isTrue();
        assertThat(ticket().at("/updates/1/author").isNull()).isTrue();
        assertThat(ticket().get("last_respondant").isNull()).isTrue();
        assertThat(ticket().get("first_response_time").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ticket=LF-616004 | 422 | {\"errors\":{\"message\":[\"can't be blank\"]}}",
                "ticket=LF-616004&message=+ | 422 | {\"errors\":{\"message\":[\"can't be blank\"]}}",
                "ticket=ZZ-000000&message=x | 404 | {\"error\":\"Ticket 'ZZ-000000' does not exist\"}",
                "ticket=LF-616004&message=x&user=nobody | 404 | {\"error\":\"User 'nobody' does not exist\"}",
                "ticket=LF-616004&message=x&customer=9999 | 404 | {\"error\":\"Customer '9999' does not exist\"}",
                "ticket=LF-616004&message=x&author_email=x | 422 | {\"errors\":{\"author_email\":[\"is not a valid e-mail address\"]}}",
                "ticket=LF-616004&message=x&user=dave&customer=1 | 422 | {\"errors\":{\"base\":[\"a message has one author: give one of user, customer and author_email\"]}}"
            })
    void aMessageThatIsRefusedChangesNothing(String form, int status, String body) throws Exception {
        JsonNode before = ticket();

        Answer answer = post(form);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(ticket()).isEqualTo(before);
    }

    @Test
    void whatIsTooLongIsToldFieldByField() throws Exception {
        Answer answer = post("ticket=LF-616004&author_email=al%40example.com&author_name=" + "x".repeat(256)
                + "&subject=" + "x".repeat(256) + "&message=" + "x".repeat(65_536));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body())
                .isEqualTo("{\"errors\":{\"message\":[\"is too long (maximum is 65535 characters)\"],"
                        + "\"subject\":[\"is too long (maximum is 255 characters)\"],"
                        + "\"author_name\":[\"is too long (maximum is 255 characters)\"]}}");
    }

    @Test
    void headOfAPostRehearsesItOnly() throws Exception {
        assertThat(client.send(client.request("/api/v2/tickets/post_update?ticket=LF-616004&message=x", "sandbox")
                                .method("HEAD", BodyPublishers.noBody()))
                        .status())
                .isEqualTo(201);
        assertThat(ticket().get("updates")).isEmpty();
    }

    @Test
    void whatArrivesForOneTicketAtOnceIsDoneOneAfterTheOther() throws Exception {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(client.statusLater(
                    client.request("/api/v2/tickets/post_update?ticket=LF-616004&message=" + i, "sandbox")));
        }
        for (CompletableFuture<Integer> answer : answers) {
            assertThat(answer.join()).isEqualTo(201);
        }

        assertThat(ticket().get("update_count").asInt()).isEqualTo(100);
        assertThat(ticket().get("updates").findValuesAsText("message"))
                .hasSize(100)
                .doesNotHaveDuplicates();
    }
}
