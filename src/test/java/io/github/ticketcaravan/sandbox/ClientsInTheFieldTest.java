package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.sandbox.RawConnection.Response;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients that others wrote send, byte by byte, and what they have to get. */
class ClientsInTheFieldTest {

    private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";

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

    private String subject() throws Exception {
        return client.get("/api/v2/tickets/ticket?ticket=LF-616004")
                .json()
                .get("subject")
                .asText();
    }

    @Test
    void theRubyGemPutsAFormOnVersion1() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send(
                    "PUT /api/v1/tickets/update HTTP/1.1\r\nAccept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3\r\n"
                            + "Accept: */*\r\nUser-Agent: SirportlyRubyClient/1.3.7\r\nHost: localhost\r\n" + FORM
                            + "Connection: close\r\n",
                    "ticket=LF-616004&status=waiting+for+staff&subject=By+the+gem");

            assertThat(connection.read().status()).isEqualTo(200);
            assertThat(connection.readToTheEnd()).isEmpty();
        }
        assertThat(subject()).isEqualTo("By the gem");
    }

    @Test
    void thePhpClassPostsAFormOnVersion1() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send(
                    "POST /api/v1/tickets/update HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n" + FORM,
                    "ticket=LF-616004&subject=By+the+%22class%22&custom%5Bproduct%5D=Hosting");

            Response response = connection.read();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).contains("\"product\":\"Hosting\"");
        }
        assertThat(subject()).isEqualTo("By the \"class\"");
    }

    @Test
    void theWhmcsModulePostsMultipartAndWaitsForTheInterimAnswer() throws Exception {
        String boundary = "------------------------d74496d66958873e";
        String body = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"ticket\"\r\n\r\nLF-616004\r\n"
                + "--"
                + boundary + "\r\nContent-Disposition: form-data; name=\"subject\"\r\n\r\nBy the module\r\n" + "--"
                + boundary + "--\r\n";
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send("POST /api/v1/tickets/update HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n"
                    + RawConnection.AUTHORISED + "Content-Length: " + body.length()
                    + "\r\nContent-Type: multipart/form-data; boundary=" + boundary
                    + "\r\nExpect: 100-continue\r\n\r\n");
            assertThat(connection.read().head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            connection.send(body);

            assertThat(connection.read().status())
                    .as("the answer right after one interim one")
                    .isEqualTo(200);
        }
        assertThat(subject()).isEqualTo("By the module");
    }

    @Test
    void aNodeProgramPostsWithEverythingInTheQueryAndNoBody() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send("POST /api/v2/tickets/update?subject=By%20query&ticket=LF-616004 HTTP/1.1\r\n"
                    + "Connection: keep-alive\r\nhost: localhost\r\n" + RawConnection.AUTHORISED
                    + "Content-Length: 0\r\n\r\n");

            assertThat(connection.read().status()).isEqualTo(200);
        }
        assertThat(subject()).isEqualTo("By query");
    }

    @Test
    void anotherNodeProgramSendsTheTicketInTheQueryAndChunksInTheBody() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send("POST /api/v2/tickets/update?ticket=LF-616004 HTTP/1.1\r\nhost: localhost\r\n"
                    + RawConnection.AUTHORISED + "content-type: application/x-www-form-urlencoded;charset=UTF-8\r\n"
                    + "transfer-encoding: chunked\r\n\r\n7\r\nsubject\r\n7\r\n=By+chu\r\n3\r\nnks\r\n0\r\n\r\n");

            assertThat(connection.read().status()).isEqualTo(200);
        }
        assertThat(subject()).isEqualTo("By chunks");
    }

    @Test
    void aClientThatAsksForH2cIsAnsweredInHttp11() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send(
                    "POST /api/v2/tickets/update HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nHost: localhost\r\n"
                            + "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\nUpgrade: h2c\r\n"
                            + "User-Agent: Java-http-client/17\r\n" + FORM,
                    "ticket=LF-616004&subject=Not+upgraded");

            assertThat(connection.read().status()).isEqualTo(200);
        }
        assertThat(subject()).isEqualTo("Not upgraded");
    }

    @Test
    void javasClientWithItsDefaultsReadsALargeAnswerAgainAndAgain() throws Exception {
        client.update("ticket=LF-616004&custom[notes]=" + "x".repeat(750_000));
        HttpClient defaults = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(sandbox.url() + "/sandbox/requests"))
                .build();

        for (int i = 0; i < 40; i++) {
            var response = defaults.send(request, BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(response.body()).hasSizeGreaterThan(750_000);
        }
    }

    @Test
    void http2WithoutAskingIsRefusedInJson() throws Exception {
        try (RawConnection connection = new RawConnection(sandbox)) {
            connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

            assertThat(connection.read().body())
                    .isEqualTo("{\"error\":\"HTTP/1.0 and HTTP/1.1 are understood, and not HTTP/2.0\"}");
        }
    }
}
