package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.sandbox.SandboxClient.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportTest {

    private static final String UPDATE = "/api/v2/tickets/update";
    private static final String FORM = "application/x-www-form-urlencoded";

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

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "REPORT"})
    void anyMethodWithAQueryUpdates(String method) throws Exception {
        Answer answer = client.send(client.request(UPDATE + "?ticket=LF-616004&subject=By+query", "sandbox")
                .method(method, BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("subject").asText()).isEqualTo("By query");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void aFormBodyUpdates(String method) throws Exception {
        Answer answer = client.send(form(method, "/api/v1/tickets/update", "ticket=LF-616004&subject=Gr%C3%BC%C3%9Fe"));

        assertThat(answer.json().get("subject").asText()).isEqualTo("Grüße");
    }

    @Test
    void aMultipartBodyUpdatesAndItsFilesArePassedOver() throws Exception {
        String body = """
                --x\r
                Content-Disposition: form-data; name="ticket"\r
                \r
                LF-616004\r
                --x\r
                Content-Disposition: form-data; name="custom[notes]"\r
                \r
                Zwölf & mehr\r
                --x\r
                Content-Disposition: form-data; name="subject"; filename="subject.txt"\r
                Content-Type: text/plain\r
                \r
                from a file\r
                --x--\r
                """;

        Answer answer = client.send(client.request(UPDATE, "sandbox")
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(BodyPublishers.ofString(body)));

        assertThat(answer.json().at("/custom_fields/notes").asText()).isEqualTo("Zwölf & mehr");
        assertThat(answer.json().get("subject").asText()).isEqualTo("Example API Ticket");
    }

    @Test
    void theBodyWinsOverTheQueryAndTheLastOfSeveralWins() throws Exception {
        Answer answer = client.send(form(
                "POST",
                UPDATE + "?ticket=nonsense&subject=query&priority=1",
                "ticket=LF-616004&subject=first&SUBJECT=last"));

        assertThat(answer.json().get("subject").asText()).isEqualTo("last");
        assertThat(answer.json().at("/priority/id").asInt()).isEqualTo(1);
    }

    @Test
    void bracketsMayBeRawOrPercentEncoded() throws Exception {
        Answer answer = client.update("ticket=LF-616004&custom[notes]=raw&custom%5Bproduct%5d=Hosting");

        assertThat(answer.json().at("/custom_fields/notes").asText()).isEqualTo("raw");
        assertThat(answer.json().at("/custom_fields/product").asText()).isEqualTo("Hosting");
    }

    @Test
    void headHasTheStatusOfAGetAndChangesNothing() throws Exception {
        HttpResponse<String> head =
                client.response(client.request(UPDATE + "?ticket=LF-616004&subject=changed", "sandbox")
                        .method("HEAD", BodyPublishers.noBody()));
        HttpResponse<String> refused = client.response(client.request(UPDATE + "?ticket=LF-616004&subject=", "sandbox")
                .method("HEAD", BodyPublishers.noBody()));

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(client.get("/api/v2/tickets/ticket?ticket=LF-616004")
                        .json()
                        .get("subject")
                        .asText())
                .isEqualTo("Example API Ticket");
    }

    @Test
    void optionsSaysWhichMethodsThereAreWithoutAToken() throws Exception {
        HttpResponse<String> answer =
                client.response(client.anonymous(UPDATE).method("OPTIONS", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Allow"))
                .hasValue("GET, HEAD, POST, PUT, PATCH, DELETE, TRACE, OPTIONS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api", "/api/v3/tickets/update", "/api/v2/tickets/updates", "/sandbox", "/%20"})
    void anUnknownPathIsA404InJson(String path) throws Exception {
        Answer answer = client.get(path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().get("error").asText()).isEqualTo("There is nothing at " + path);
    }

    @Test
    void moreThanAMegabyteIsA413() throws Exception {
        Answer answer = client.update("ticket=LF-616004&subject=" + "x".repeat(1_000_000));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).isEqualTo("{\"error\":\"A request may have 1 MB\"}");
    }

    @Test
    void nearlyAMegabyteIsRead() throws Exception {
        Answer answer = client.update("ticket=LF-616004&custom[notes]=" + "x".repeat(990_000));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/errors/custom[notes]/0").asText())
                .isEqualTo("is too long (maximum is 65535 characters)");
    }

    @Test
    void anAddressThatIsTooLongIsA414() throws Exception {
        Answer answer = client.get(UPDATE + "?ticket=LF-616004&subject=" + "x".repeat(9_000));

        assertThat(answer.status()).isEqualTo(414);
        assertThat(answer.json().get("error").asText()).contains("send the parameters as a form");
    }

    @Test
    void aBodyThatIsNoFormIsA415() throws Exception {
        Answer answer = client.send(client.request(UPDATE, "sandbox")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"ticket\":\"LF-616004\"}")));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.json().get("error").asText()).startsWith("Send the parameters as a form");
    }

    @Test
    void answersAreJsonInUtf8() throws Exception {
        HttpResponse<String> answer = client.response(client.request("/api/v2/users/all", "sandbox"));

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(answer.body()).contains("Inês");
    }

    private HttpRequest.Builder form(String method, String path, String form) {
        return client.request(path, "sandbox")
                .header("Content-Type", FORM)
                .method(method, BodyPublishers.ofString(form));
    }
}
