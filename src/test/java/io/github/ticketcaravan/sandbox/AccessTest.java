package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

    private static final String UPDATE = "/api/v2/tickets/update?ticket=LF-616004";

    private static Sandbox sandbox;
    private static SandboxClient client;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(SandboxClient.options().withTickets(1));
        client = new SandboxClient(sandbox);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    void anAccountTokenAndItsSecretLetIn() throws Exception {
        assertThat(client.get(UPDATE).status()).isEqualTo(200);
    }

    @Test
    void withoutTokenOrSecretNobodyComesIn() throws Exception {
        assertRefused(client.anonymous(UPDATE), "X-Auth-Token and X-Auth-Secret are needed");
        assertRefused(
                client.anonymous(UPDATE).header("X-Auth-Token", "sandbox"),
                "X-Auth-Token and X-Auth-Secret are needed");
    }

    @Test
    void aWrongTokenAndAWrongSecretAreToldAlike() throws Exception {
        String refusal = "The token, its secret or its application is wrong";

        assertRefused(client.request(UPDATE, "intruder"), refusal);
        assertRefused(
                client.anonymous(UPDATE).header("X-Auth-Token", "sandbox").header("X-Auth-Secret", "sandbo"), refusal);
    }

    @Test
    void aTokenCanBeLimitedToMethods() throws Exception {
        assertThat(client.send(client.request("/api/v2/objects/statuses", "read-only"))
                        .status())
                .isEqualTo(200);
        assertRefused(client.request(UPDATE, "read-only"), "This token may not be used for tickets/update");
    }

    @Test
    void aTokenCanBeLimitedToAddresses() throws Exception {
        assertRefused(client.request(UPDATE, "elsewhere"), "This token may not be used from this address");
    }

    @Test
    void aUserTokenNeedsItsApplication() throws Exception {
        String refusal = "The token, its secret or its application is wrong";

        assertRefused(client.request(UPDATE, "charlie"), refusal);
        assertRefused(client.request(UPDATE, "charlie").header("X-Auth-Application", "another"), refusal);
        assertThat(client.send(client.request(UPDATE, "charlie").header("X-Auth-Application", "practice"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aUserWithoutTheTicketsUiLooksUpObjectsButReachesNoTicket() throws Exception {
        HttpRequest.Builder objects =
                client.request("/api/v2/objects/statuses", "nora").header("X-Auth-Application", "practice");

        assertThat(client.send(objects).status()).isEqualTo(200);
        assertRefused(
                client.request(UPDATE, "nora").header("X-Auth-Application", "practice"),
                "The token's user has no access to the tickets UI");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "2001:db8::/32, 2001:db8:1::1, true",
        "2001:db8::/32, 192.0.2.7, false"
    })
    void aBlockContainsTheAddressesThatBeginAsItDoes(String block, String address, boolean contained) {
        assertThat(AddressBlock.parse(block).contains(address)).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "192.0.2.0/33", "192.0.2.999", "2001:db8::/129", "192.0.2.0/", "::g"})
    void whatIsNoBlockIsRefused(String block) {
        assertThatThrownBy(() -> AddressBlock.parse(block)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(HttpRequest.Builder request, String message) throws Exception {
        SandboxClient.Answer answer = client.send(request);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("{\"error\":\"" + message + "\"}");
    }
}
