package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ticketcaravan.sandbox.SandboxClient.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
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
    void thePageCanBeLargerUpToAHundredRecords() throws Exception {
        assertThat(client.get("/api/v2/tickets/all?per_page=50&page=2")
                        .json()
                        .get("pagination")
                        .toString())
                .isEqualTo("{\"page\":2,\"offset\":50,\"per_page\":50,\"pages\":40,\"total_records\":2000}");
        assertThat(client.get("/api/v2/tickets/all?per_page=5000").json().get("records"))
                .hasSize(100);
        assertThat(client.get("/api/v2/users/all?per_page=5").json().get("records"))
                .hasSize(5);
        assertThat(client.get("/api/v2/tickets/all?per_page=0").json().get("records"))
                .hasSize(30);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id",
                "reference",
                "subject",
                "submitted_at",
                "updated_at",
                "last_update_posted_at",
                "reply_due_at",
                "status",
                "team",
                "update_count"
            })
    void ticketsCanBeSortedEitherWayAndThoseWithoutTheValueComeLast(String property) throws Exception {
        List<JsonNode> ascending = sorted(property, "asc");
        List<JsonNode> descending = sorted(property, "desc");

        assertThat(ascending).hasSize(2000).isSortedAccordingTo(by(property, 1));
        assertThat(descending).hasSize(2000).isSortedAccordingTo(by(property, -1));
        assertThat(Set.copyOf(descending)).isEqualTo(Set.copyOf(ascending));
    }

    private static List<JsonNode> sorted(String property, String order) throws Exception {
        List<JsonNode> tickets = new ArrayList<>();
        for (int page = 1; page <= 20; page++) {
            client.get("/api/v2/tickets/all?per_page=100&page=" + page + "&sort_by=" + property + "&order=" + order)
                    .json()
                    .get("records")
                    .forEach(tickets::add);
        }
        return tickets;
    }

    private static Comparator<JsonNode> by(String property, int direction) {
        return (one, other) -> {
            JsonNode first = one.path(property).isObject() ? one.at("/" + property + "/id") : one.path(property);
            JsonNode second = other.path(property).isObject() ? other.at("/" + property + "/id") : other.path(property);
            if (first.isNull() || second.isNull()) {
                return Boolean.compare(first.isNull(), second.isNull());
            }
            return direction
                    * (first.isNumber()
                            ? Integer.compare(first.asInt(), second.asInt())
                            : first.asText().compareTo(second.asText()));
        };
    }

    @Test
    void anotherPropertyOrOrderToSortByIsA422() throws Exception {
        Answer property = client.get("/api/v2/tickets/all?sort_by=colour");
        Answer order = client.get("/api/v2/tickets/all?order=up");

        assertThat(property.status()).isEqualTo(422);
        assertThat(property.json().at("/errors/sort_by/0").asText()).startsWith("must be one of department, id, ");
        assertThat(order.body()).isEqualTo("{\"errors\":{\"order\":[\"must be asc or desc\"]}}");
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
