package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.sandbox.SandboxClient.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the sandbox has for those who practise, beside the API. */
class ControlsTest {

    private Sandbox sandbox;
    private SandboxClient client;

    private void start(SandboxOptions options) {
        sandbox = Sandbox.start(options.withTickets(1));
        client = new SandboxClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private String subject() throws Exception {
        return client.get("/api/v2/tickets/ticket?ticket=LF-616004")
                .json()
                .get("subject")
                .asText();
    }

    @Test
    void theLogNamesTheParametersThatWereIgnored() throws Exception {
        start(SandboxClient.options());
        client.update("ticket=LF-616004&custom=%7Bproduct%3D%3EHosting%7D&Custom[product]=Hosting&Colour=blue");
        client.get("/api/v2/tickets/ticket?reference=LF-616004&subject=x");
        client.update("ticket=LF-616004&custom[product]=Hosting");

        assertThat(client.get("/sandbox/requests").json().findValues("ignored"))
                .hasToString("[[], [\"subject\"], [\"custom\",\"Colour\"]]");
    }

    @Test
    void theLogNamesFilesAmongWhatWasIgnored() throws Exception {
        start(SandboxClient.options());
        client.send(client.request("/api/v2/tickets/update?ticket=LF-616004", "sandbox")
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(BodyPublishers.ofString("--x\r\nContent-Disposition: form-data; name=\"subject\"; "
                        + "filename=\"subject.txt\"\r\n\r\nfrom a file\r\n--x--\r\n")));

        assertThat(client.get("/sandbox/requests").json().get(0).get("ignored")).hasToString("[\"subject\"]");
        assertThat(subject()).isEqualTo("Example API Ticket");
    }

    @Test
    void aStrictSandboxRefusesWhatItWouldIgnoreAndChangesNothing() throws Exception {
        start(SandboxClient.options().withStrict(true));

        Answer refused = client.update("ticket=LF-616004&subject=x&custom=%7B%7D&Colour=blue");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body())
                .isEqualTo("{\"errors\":{\"custom\":[\"is not a parameter of tickets/update\"],"
                        + "\"Colour\":[\"is not a parameter of tickets/update\"]}}");
        assertThat(subject()).isEqualTo("Example API Ticket");
        assertThat(client.get("/api/v2/objects/slas?page=1").status()).isEqualTo(422);
        assertThat(client.update("ticket=LF-616004&Subject=x&custom[notes]=y").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "tickets/update, ticket status priority department sla team user subject tag_list updated_at reply_due_at "
                + "resolution_due_at contact_method contact_method_data contact_name additional_contact_methods",
        "tickets/submit, brand department status priority subject team user sla tag_list reply_due_at name email "
                + "resolution_due_at customer contact contact_method contact_method_data contact_name",
        "tickets/post_update, ticket subject message private user customer contact author_name author_email",
        "tickets/ticket, ticket reference",
        "tickets/all, page per_page sort_by order",
        "users/all, page per_page"
    })
    void aStrictSandboxKnowsEveryParameterThatHasAMeaning(String method, String parameters) throws Exception {
        start(SandboxClient.options().withStrict(true));

        Answer answer = client.get("/api/v2/" + method + "?" + parameters.replace(" ", "=x&") + "=x");

        assertThat(answer.body()).doesNotContain("is not a parameter");
    }

    @Test
    void afterAResetEverythingIsAsItWasAtTheStart() throws Exception {
        start(SandboxClient.options()
                .withFaults(new Faults(List.of(Fault.parse("503:100%:after")), Duration.ZERO, Duration.ZERO, 0, 1)));
        String before = client.get("/sandbox/faults").body();
        client.update("ticket=LF-616004&subject=Changed");
        client.send(client.anonymous("/sandbox/faults").DELETE());
        assertThat(subject()).isEqualTo("Changed");

        Answer reset = client.send(client.anonymous("/sandbox/reset").POST(BodyPublishers.noBody()));

        assertThat(reset.status()).isEqualTo(204);
        assertThat(client.get("/sandbox/requests").json()).isEmpty();
        assertThat(client.get("/sandbox/faults").body()).isEqualTo(before);
        client.send(client.anonymous("/sandbox/faults").DELETE());
        assertThat(subject()).isEqualTo("Example API Ticket");
    }

    @Test
    void onlyAPostResets() throws Exception {
        start(SandboxClient.options());
        client.update("ticket=LF-616004&subject=Changed");

        HttpResponse<String> answer = client.response(client.anonymous("/sandbox/reset"));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
        assertThat(subject()).isEqualTo("Changed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v2/objects/slas HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n",
                "OPTIONS /api/v2/tickets/update HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /api/v2/tickets/update HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n",
                "nonsense\r\n\r\n"
            })
    void everyAnswerHasADate(String request) throws Exception {
        start(SandboxClient.options());
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send(request);

            assertThat(connection.read().head()).containsIgnoringCase("\r\ndate: Mon, 23 Nov 2026 12:00:00 GMT\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /api/v2/obj",
                "GET /api/v2/objects/slas HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /api/v2/tickets/update HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"
            })
    @Timeout(10)
    void aConnectionOnWhichNothingHappensEnds(String request) throws Exception {
        start(SandboxClient.options().withIdle(Duration.ofMillis(300)));
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send(request);

            assertThat(connection.readToTheEnd()).doesNotContain("500");
        }
    }
}
