package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ticketcaravan.sandbox.SandboxClient.Answer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LookUpTest {

    private static Sandbox sandbox;
    private static SandboxClient client;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxClient.options());
        client = new SandboxClient(sandbox);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "objects/statuses",
                "objects/priorities",
                "objects/teams",
                "objects/departments",
                "objects/brands",
                "objects/slas",
                "objects/escalation_paths",
                "objects/custom_fields",
                "users/all",
                "tickets/ticket?ticket=OC-820409"
            })
    void aLookUpIsAnsweredAsItsFileSays(String method) throws Exception {
        Answer answer = client.get("/api/v2/" + method);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(UpdateTest.pretty(answer.body()))
                .isEqualTo(SandboxClient.fixture(
                                "look-ups/" + method.replaceAll("\\?.*", "").replace('/', '-') + ".json")
                        .strip());
    }

    @ParameterizedTest
    @CsvSource({
        "objects/statuses, 6",
        "objects/priorities, 4",
        "objects/teams, 6",
        "objects/departments, 5",
        "objects/brands, 3",
        "objects/slas, 3",
        "objects/escalation_paths, 4",
        "objects/custom_fields, 8"
    })
    void theShippedHelpDeskIsAsLargeAsPromised(String method, int size) throws Exception {
        assertThat(client.get("/api/v2/" + method).json()).hasSize(size);
    }

    @Test
    void aTicketIsFoundByEitherParameter() throws Exception {
        Answer byTicket = client.get("/api/v2/tickets/ticket?ticket=LF-616004");
        Answer byReference = client.get("/api/v1/tickets/ticket?reference=lf-616004");

        assertThat(byTicket.json().get("id").asInt()).isEqualTo(32);
        assertThat(byTicket.json().get("updates")).isEmpty();
        assertThat(byReference.body()).isEqualTo(byTicket.body());
    }

    @Test
    void anUnknownTicketIsA404() throws Exception {
        Answer answer = client.get("/api/v2/tickets/ticket?ticket=AA-000000");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"error\":\"Ticket 'AA-000000' does not exist\"}");
    }

    @Test
    void allTicketsComeThirtyAPage() throws Exception {
        Set<String> references = new HashSet<>();
        for (int page = 1; page <= 67; page++) {
            JsonNode json = client.get("/api/v2/tickets/all?page=" + page).json();
            assertThat(json.get("pagination").toString())
                    .isEqualTo("{\"page\":" + page + ",\"offset\":" + (page - 1) * 30
                            + ",\"per_page\":30,\"pages\":67,\"total_records\":2000}");
            json.get("records")
                    .forEach(ticket -> references.add(ticket.get("reference").asText()));
        }

        assertThat(references)
                .hasSize(2000)
                .contains("LF-616004")
                .allMatch(reference -> reference.matches("[A-Z]{2}-[0-9]{6}"));
    }

    @ParameterizedTest
    @CsvSource({"68, 68, 0", "0, 1, 30", "-1, 1, 30", "x, 1, 30", "999999999, 999999999, 0"})
    void anyPageIsAnswered(String page, int answered, int records) throws Exception {
        JsonNode json = client.get("/api/v2/tickets/all?page=" + page).json();

        assertThat(json.at("/pagination/page").asInt()).isEqualTo(answered);
        assertThat(json.get("records")).hasSize(records);
    }

    @Test
    void theMadeUpTicketsAreTheSameAtEachStartAndKeepTheRules() throws Exception {
        String first = client.get("/api/v2/tickets/all?page=3").body();
        try (Sandbox another = Sandbox.start(SandboxClient.options())) {
            assertThat(new SandboxClient(another)
                            .get("/api/v2/tickets/all?page=3")
                            .body())
                    .isEqualTo(first);
        }
        for (JsonNode ticket : client.get("/api/v2/tickets/all?page=3").json().get("records")) {
            String reference = ticket.get("reference").asText();
            String form = "ticket=" + reference + "&department="
                    + ticket.at("/department/id").asText() + "&team="
                    + ticket.at("/team/id").asText() + "&user="
                    + ticket.at("/user/id").asText();
            Answer again = client.update(form);
            assertThat(again.status()).as(again.body()).isEqualTo(200);
            assertThat(again.json()).isEqualTo(ticket);
        }
    }

    @Test
    void thereCanBeMoreTicketsThanTheDataFileSays() throws Exception {
        try (Sandbox large = Sandbox.start(SandboxClient.options().withTickets(2_345))) {
            JsonNode json = new SandboxClient(large).get("/api/v2/tickets/all").json();
            assertThat(json.at("/pagination/total_records").asInt()).isEqualTo(2_345);
        }
    }
}
