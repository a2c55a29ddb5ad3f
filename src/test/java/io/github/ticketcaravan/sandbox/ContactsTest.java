package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When two ways to write an address or number are the same contact method. */
class ContactsTest {

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

    private JsonNode update(String parameter, String value) throws Exception {
        return client.update("ticket=LF-616004&" + parameter + "=" + SandboxClient.encoded(value))
                .json();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "beatrice@lund.example,Beatrice@Lund.example",
                "beatrice@lund.example, Beatrice <beatrice@lund.example>",
                "+44 1202 555014,01202 555014,(01202) 555-014",
                "new@example.com,NEW@example.com"
            })
    void theSameContactMethodTwiceCountsOnce(String list) throws Exception {
        assertThat(update("additional_contact_methods", list).get("additional_contact_methods"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Al <adam@atechmedia.com>",
                "\"Cooke, Al\" <Adam@atechmedia.com>",
                "<adam@atechmedia.com>",
                "adam@atechmedia.com (work)",
                " ADAM@atechmedia.com "
            })
    void anAddressIsFoundHoweverItsOwnerIsWrittenBesideIt(String data) throws Exception {
        JsonNode ticket = update("contact_method_data", data);

        assertThat(ticket.at("/customer_contact_method/id").asInt())
                .as(ticket.toString())
                .isEqualTo(1);
    }

    @Test
    void ofANewAddressOnlyTheAddressIsKept() throws Exception {
        JsonNode ticket = client.update("ticket=LF-616004&contact_name=Newt&contact_method_data="
                        + SandboxClient.encoded("Newt <Newt@example.com>"))
                .json();

        assertThat(ticket.at("/customer_contact_method/data").asText()).isEqualTo("Newt@example.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Al <adam>", "Al adam@atechmedia.com", "a@b.example <adam@atechmedia.com", "Al <>"})
    void whatHoldsNoAddressIsA422(String data) throws Exception {
        assertThat(update("contact_method_data", data)
                        .at("/errors/contact_method_data/0")
                        .asText())
                .isEqualTo("is not a valid e-mail address");
    }
}
