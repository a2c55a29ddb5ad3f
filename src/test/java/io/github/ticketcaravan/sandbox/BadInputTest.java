package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.sandbox.SandboxClient.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent: an answer in JSON, no changed ticket, and a server that goes on. */
class BadInputTest {

    private static final Pattern ANSWER = Pattern.compile("HTTP/1\\.[01] ([0-9]{3}) .*?\r\n\r\n(.*)", Pattern.DOTALL);
    private static final String AUTHORISED = "X-Auth-Token: sandbox\r\nX-Auth-Secret: sandbox\r\n";

    private Sandbox sandbox;
    private SandboxClient client;
    private String before;

    @BeforeEach
    void start() throws Exception {
        sandbox = Sandbox.start(SandboxClient.options().withTickets(1));
        client = new SandboxClient(sandbox);
        before = tickets();
    }

    @AfterEach
    void stop() throws Exception {
        assertThat(tickets()).isEqualTo(before);
        sandbox.close();
    }

    private String tickets() throws Exception {
        return client.get("/api/v2/tickets/all").body();
    }

    @ParameterizedTest
    @CsvSource({
        "ticket=LF-616004&subject=%FF, 400",
        "ticket=LF-616004&subject=%zz, 400",
        "ticket=LF-616004&subject=%, 400",
        "ticket=LF-616004&%FF=x, 400",
        "ticket=LF-616004&subject=%C3, 400",
        "ticket=LF-616004&subject=%ED%A0%80, 400",
        "ticket=LF-616004&custom[=x, 200",
        "ticket=LF-616004&custom[]=x, 422",
        "ticket=LF-616004&custom[a][b]=x, 422",
        "ticket=LF-616004&=x, 400",
        "ticket=%00, 404",
        "&&&===, 400"
    })
    void aStrangeFormIsAnswered(String form, int status) throws Exception {
        assertThat(client.update(form).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "subject=%zz | '%zz' is not percent-encoding: write %25 for a percent sign",
                "subject=50% | '%' is not percent-encoding: write %25 for a percent sign",
                "subject=%4 | '%4' is not percent-encoding: write %25 for a percent sign",
                "subject=%FF | The parameter 'subject' is not UTF-8",
                "subject=%ED%A0%80 | The parameter 'subject' is not UTF-8",
                "%FF=x | The name of a parameter is not UTF-8",
                "=x | A parameter has no name",
                "+=x | A parameter has no name",
                "subject=a%EF%BF%BDb | The parameter 'subject' has the character U+FFFD: its text was misread before it was sent"
            })
    void eachReasonHasItsOwnMessageInTheBodyAndInTheQuery(String parameter, String message) throws Exception {
        Answer inBody = client.update("ticket=LF-616004&status=New&" + parameter);
        String inQuery = raw("GET /api/v2/tickets/update?ticket=LF-616004&status=New&" + parameter
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + AUTHORISED + "\r\n");

        assertThat(inBody.status()).isEqualTo(400);
        assertThat(inBody.json().get("error").asText()).isEqualTo(message);
        assertThat(inQuery).startsWith("HTTP/1.1 400 ").endsWith(inBody.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a&", "a=1&", "a=%41&"})
    void moreThanAThousandParametersAreToldAsThatWhereverTheyAre(String parameter) throws Exception {
        Answer inBody = client.update(parameter.repeat(1025) + "ticket=LF-616004&status=New");
        Answer inQuery = client.get("/api/v2/tickets/update?" + "a&".repeat(1025) + "ticket=LF-616004&status=New");
        String part = "--x\r\nContent-Disposition: form-data; name=\"ticket\"\r\n\r\nLF-616004\r\n";
        Answer inParts = multipart(part.repeat(1025) + "--x--\r\n");

        for (Answer answer : List.of(inBody, inQuery, inParts)) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo("{\"error\":\"A request may have 1024 parameters\"}");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Disposition: form-data | The multipart body cannot be read: a part has no name",
                "Content-Type: text/plain | The multipart body cannot be read: a part has no name",
                "no colon | The multipart body cannot be read: the headers of a part have no end",
                "Content-Disposition: form-data; name=\"\" | A parameter has no name",
                "Content-Disposition: form-data; name=\"\u00ff\" | The name of a parameter is not UTF-8",
                "Content-Disposition: form-data; name=\"status\" | The parameter 'status' is not UTF-8",
                "Content-Transfer-Encoding: base64 | The multipart body cannot be read: a part is in base64"
            })
    void aMultipartBodyWithAStrangePartIsRefusedWhole(String header, String message) throws Exception {
        Answer answer = multipart("--x\r\nContent-Disposition: form-data; name=\"subject\"\r\n\r\nx\r\n--x\r\n" + header
                + "\r\n\r\nNew\u00ff\r\n--x--\r\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("error").asText()).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--x\r\nContent-Disposition: form-data; name=\"status\"\r\n--x--\r\n",
                "--x\r\nContent-Disposition: form-data; name=\"sta\r\n--x--\r\n",
                "--x\r\n--x--\r\n",
                "--x\r\n\r\n--x--\r\n"
            })
    void aMultipartBodyWhosePartIsNotWholeIsRefusedWhole(String part) throws Exception {
        Answer answer = multipart("--x\r\nContent-Disposition: form-data; name=\"subject\"\r\n\r\nx\r\n" + part);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("error").asText()).startsWith("The multipart body cannot be read: ");
    }

    private Answer multipart(String body) throws Exception {
        return client.send(client.request("/api/v2/tickets/update?ticket=LF-616004", "sandbox")
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(BodyPublishers.ofString(body, StandardCharsets.ISO_8859_1)));
    }

    @Test
    void aMultipartBodyWithoutBoundaryIsToldAsThat() throws Exception {
        String answer = raw("POST /api/v2/tickets/update HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + AUTHORISED
                + "Content-Type: multipart/form-data\r\nContent-Length: 5\r\n\r\n--x--");

        assertThat(answer).endsWith("{\"error\":\"The multipart body has no boundary in its Content-Type\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%zz",
                "/api/%",
                "/api/v2/tickets/update%",
                "/api/v2/tickets/update?subject=%zz",
                "/api/v2/tickets/update?ticket=LF-616004&subject=%ff",
                "/../../etc/passwd",
                "//",
                "*",
                "http://[bad",
                "/api/v2/tickets/update?%00",
                "/\u0001"
            })
    void aStrangeAddressIsAnsweredInJson(String address) throws Exception {
        String answer = raw("GET " + address + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + AUTHORISED + "\r\n");

        assertThat(statusOfJson(answer)).isBetween(400, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n"
            })
    void whatIsNoHttpIsAnsweredInJson(String request) throws Exception {
        assertThat(statusOfJson(raw(request))).isEqualTo(400);
    }

    @Test
    void anotherVersionOfHttpIsRefused() throws Exception {
        String answer = raw(
                "GET /api/v2/tickets/update?ticket=LF-616004&subject=x HTTP/9.9\r\nHost: x\r\n" + AUTHORISED + "\r\n");

        assertThat(statusOfJson(answer)).isEqualTo(505);
        assertThat(answer).endsWith("{\"error\":\"HTTP/1.0 and HTTP/1.1 are understood, and not HTTP/9.9\"}");
    }

    @Test
    void chunksThatAreNoneEndTheConnection() throws Exception {
        assertThat(raw("POST /api/v2/tickets/update?ticket=LF-616004&subject=x HTTP/1.1\r\nHost: x\r\n" + AUTHORISED
                        + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"))
                .isEmpty();
    }

    @Test
    void headersThatAreTooLongAreA431() throws Exception {
        assertThat(statusOfJson(raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(20_000) + "\r\n\r\n")))
                .isEqualTo(431);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded; charset=nonsense",
                "text/plain",
                ";;;"
            })
    void aStrangeBodyIsAnsweredInJson(String contentType) throws Exception {
        String body = "--x\r\nContent-Disposition: nonsense\r\n\r\n%%%";
        String answer = raw("POST /api/v2/tickets/update?subject=x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + AUTHORISED + "Content-Type: " + contentType + "\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);

        assertThat(statusOfJson(answer)).isBetween(400, 422);
    }

    @Test
    void aTokenOfAnyBytesIsRefused() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < 50; i++) {
            byte[] bytes = new byte[1 + random.nextInt(40)];
            random.nextBytes(bytes);
            String token = new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[\r\n\u0000]", "x");
            String answer = raw("POST /api/v2/tickets/update?ticket=LF-616004&subject=x HTTP/1.1\r\nHost: x\r\n"
                    + "Connection: close\r\nX-Auth-Token: " + token + "\r\nX-Auth-Secret: " + token + "\r\n\r\n");
            assertThat(statusOfJson(answer)).as(answer).isIn(400, 403);
        }
    }

    @Test
    void anyBytesInAnyParameterAreAnsweredAndRefusedOnesChangeNothing() throws Exception {
        String[] names = {
            "ticket",
            "status",
            "priority",
            "department",
            "sla",
            "team",
            "user",
            "updated_at",
            "reply_due_at",
            "resolution_due_at",
            "custom[product]",
            "custom[platform]",
            "custom[call_back]",
            "contact_method",
            "contact_method_data",
            "additional_contact_methods"
        };
        Random random = new Random(616_004);
        for (int i = 0; i < 500; i++) {
            StringBuilder form = new StringBuilder("ticket=LF-616004&status=");
            form.append('&')
                    .append(SandboxClient.encoded(names[random.nextInt(names.length)]))
                    .append('=');
            for (int length = random.nextInt(30); length >= 0; length--) {
                form.append("%%%02X".formatted(random.nextInt(256)));
            }
            Answer answer = client.update(form.toString());
            assertThat(answer.status()).as(form.toString()).isIn(400, 404, 422);
            assertThat(answer.json().isObject()).isTrue();
        }
    }

    @Test
    void aRequestThatStopsHalfwayHoldsNobodyElseUp() throws Exception {
        try (Socket half = new Socket(InetAddress.getLoopbackAddress(), sandbox.port())) {
            half.getOutputStream()
                    .write(("POST /api/v2/tickets/update HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n" + AUTHORISED
                                    + "\r\nticket=LF-616004&subject=x")
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(client.get("/api/v2/objects/slas").status()).isEqualTo(200);
        }
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sandbox.port())) {
            socket.setSoTimeout(5_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int statusOfJson(String answer) throws IOException {
        Matcher matcher = ANSWER.matcher(answer);
        assertThat(matcher.matches()).as("an HTTP answer: " + answer).isTrue();
        assertThat(SandboxClient.JSON.readTree(matcher.group(2)).isObject())
                .as(answer)
                .isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}
