package io.github.ticketcaravan.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.github.ticketcaravan.MovableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a token server on the loopback interface. */
class AccessTokensTest {

    private final List<String> requests = new ArrayList<>();
    private HttpServer server;
    private URI url;
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-23T12:00:00Z"));
    private int status = 200;
    private String answer = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", exchange -> {
            requests.add(URLDecoder.decode(
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    StandardCharsets.UTF_8));
            byte[] body = answer.replace("#", Integer.toString(requests.size())).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        url = URI.create("http://localhost:" + server.getAddress().getPort() + "/token");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void clientCredentialsAreSentWithTheScope() throws IOException {
        answer = "{\"access_token\":\"t#\",\"token_type\":\"Bearer\",\"expires_in\":3600}";

        assertThat(tokens(null).current()).isEqualTo("t1");
        assertThat(requests)
                .containsExactly("grant_type=client_credentials&client_id=app&client_secret=hu&sh"
                        + "&scope=https://outlook.office365.com/.default");
    }

    @Test
    void aRefreshTokenComesFirstAndANewOneTakesItsPlace() throws IOException {
        answer = "{\"access_token\":\"t#\",\"expires_in\":3600,\"refresh_token\":\"r#\"}";
        AccessTokens tokens = tokens("r0");

        assertThat(tokens.current()).isEqualTo("t1");
        tokens.forget();
        assertThat(tokens.current()).isEqualTo("t2");
        assertThat(requests).hasSize(2);
        assertThat(requests.get(0)).startsWith("grant_type=refresh_token&refresh_token=r0&");
        assertThat(requests.get(1)).startsWith("grant_type=refresh_token&refresh_token=r1&");
    }

    /** Renewed a minute before its end, or a tenth of its life where that is less. */
    @ParameterizedTest
    @CsvSource({"3600, 3539, 3540", "100, 89, 90", "0, -1, 0"})
    void aTokenIsRenewedBeforeItEnds(int life, int stillGood, int renewed) throws IOException {
        answer = "{\"access_token\":\"t#\",\"expires_in\":" + life + "}";
        AccessTokens tokens = tokens(null);
        Instant start = clock.instant();
        tokens.current();

        if (stillGood >= 0) {
            clock.set(start.plus(Duration.ofSeconds(stillGood)));
            assertThat(tokens.current()).isEqualTo("t1");
        }
        clock.set(start.plus(Duration.ofSeconds(renewed)));
        assertThat(tokens.current()).isEqualTo("t2");
        assertThat(requests).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            401 | {"error":"invalid_client","error_description":"hu&sh is wrong"} | (HTTP 401, invalid_client)
            400 | {"error":"<b>"}  | (HTTP 400)
            200 | {"token":"x"}    | (HTTP 200)
            502 | <html>           | (HTTP 502)
            500 | ''               | (HTTP 500)
            """)
    void aRefusalIsOneSentenceWithoutASecret(int refused, String body, String said) {
        status = refused;
        answer = body;

        assertThatThrownBy(() -> tokens(null).current())
                .isInstanceOf(IOException.class)
                .hasMessage("the token server localhost gives no access token " + said
                        + ": look at caravan.mail.oauth2.client-id, client-secret, refresh-token and scope");
    }

    @Test
    void aServerThatIsAwayIsOneSentence() {
        server.stop(0);

        assertThatThrownBy(() -> tokens(null).current())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the token server localhost cannot be reached (")
                .hasMessageEndingWith("look at caravan.mail.oauth2.token-url and the network")
                .message()
                .doesNotContain("\n");
    }

    private AccessTokens tokens(String refreshToken) {
        return new AccessTokens(url, "app", "hu&sh", refreshToken, "https://outlook.office365.com/.default", clock);
    }
}
