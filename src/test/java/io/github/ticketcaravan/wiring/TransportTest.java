package io.github.ticketcaravan.wiring;

import static io.github.ticketcaravan.wiring.ScriptedServer.APPLIED;
import static io.github.ticketcaravan.wiring.ScriptedServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.delivery.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.SSLServerSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes over the wire, byte by byte, and what an answer brings about. */
@Timeout(60)
class TransportTest {

    @TempDir
    static Path folder;

    /** One application for all, so that only the files and the server's script differ. */
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class WithAllSettings {

        private ScriptedServer server;
        private CaravanFixture fixture;
        private Caravan caravan;
        private int files;

        @BeforeAll
        void start() throws IOException {
            server = new ScriptedServer(request -> APPLIED);
            fixture = new CaravanFixture(folder.resolve("all"), server.url() + "/support/desk/")
                    .with("caravan.endpoint.application", "helpdesk-tools")
                    .with("caravan.endpoint.rules", "disabled")
                    .with("caravan.endpoint.connect-timeout", "1s")
                    .with("caravan.endpoint.response-timeout", "300ms")
                    .with("caravan.delivery.retry.attempts", "3");
            caravan = fixture.start();
        }

        @AfterAll
        void close() {
            caravan.close();
            server.close();
        }

        @BeforeEach
        void forget() {
            server.forget();
            server.script(request -> APPLIED);
            files++;
        }

        /** The receipt of the only row. */
        private Map<String, String> receipt(ScriptedServer.Script script) throws IOException {
            server.script(script);
            Path file = fixture.rows("row-" + files + ".csv", "T-" + files);
            ImportSummary summary = CaravanFixture.importFile(caravan, file);
            assertThat(summary.stopped()).isNull();
            return CaravanFixture.results(file).get(2L);
        }

        /** Each time another answer, the last one over and over. */
        private ScriptedServer.Script inTurn(String... answers) {
            return request -> answers[Math.min(server.requests().size(), answers.length) - 1];
        }

        @Test
        void theRequestIsExactlyThis() throws IOException {
            Path file = fixture.file("exact-" + files + ".csv", "ticket,status", "LF-616004,Waiting for Staff");
            CaravanFixture.importFile(caravan, file);

            assertThat(server.requests()).hasSize(1);
            ScriptedServer.Request request = server.requests().get(0);
            assertThat(request.line()).isEqualTo("POST /support/desk/api/v2/tickets/update HTTP/1.1");
            assertThat(request.headers())
                    .containsExactlyInAnyOrder(
                            "X-Auth-Token: " + CaravanFixture.TOKEN,
                            "X-Auth-Secret: " + CaravanFixture.SECRET,
                            "X-Auth-Application: helpdesk-tools",
                            "X-Sirportly-Rules: disabled",
                            "User-Agent: ticket-caravan/1.2.3",
                            "Content-Type: application/x-www-form-urlencoded; charset=UTF-8",
                            "Content-Length: 41",
                            "Host: " + server.url().getAuthority(),
                            "Connection: keep-alive");
            assertThat(request.body()).isEqualTo("ticket=LF-616004&status=Waiting+for+Staff");
        }

        @Test
        void everyParameterArrivesAsItStandsInTheFile() throws IOException {
            Map<String, String> parameters = EveryParameter.withoutContactMethod();
            CaravanFixture.importFile(caravan, fixture.file("every-" + files + ".csv", EveryParameter.csv(parameters)));

            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().get(0).form()).containsExactlyEntriesOf(EveryParameter.asReceived(parameters));
            assertThat(server.requests().get(0).body())
                    .matches("[A-Za-z0-9*._+%=&-]*")
                    .contains("&custom%5Bphone_number%5D=%2B44+1234+%26%3D%25")
                    .contains("subject=%F0%9F%8E%AB+%C3%9Cn%C3%AF%26c%3D100%25%2B")
                    .contains("custom%5Bnotes%5D=two%0Alines+%22quoted%22");
        }

        @Test
        void theIdOfAContactMethodArrivesToo() throws IOException {
            CaravanFixture.importFile(
                    caravan, fixture.file("contact-" + files + ".csv", "ticket,contact_method", "LF-616004,17"));

            assertThat(server.requests().get(0).form())
                    .isEqualTo(Map.of("ticket", "LF-616004", "contact_method", "17"));
        }

        @Test
        void lineBreaksInACellNeverBecomeAHeader() throws IOException {
            CaravanFixture.importFile(
                    caravan,
                    fixture.file(
                            "breaks-" + files + ".csv",
                            "ticket,custom[notes]",
                            "LF-616004,\"a\r\nX-Evil: 1\r\n\r\nGET / HTTP/1.1\""));

            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().get(0).head()).noneMatch(line -> line.contains("Evil"));
            assertThat(server.requests().get(0).form())
                    .containsEntry("custom[notes]", "a\r\nX-Evil: 1\r\n\r\nGET / HTTP/1.1");
        }

        @Test
        void unavailableIsTriedAgainAsOftenAsIsSetAndEachAttemptIsOneRequest() throws IOException {
            assertThat(receipt(request -> json(503, "{\"error\":\"down\"}")))
                    .containsEntry("outcome", "failed")
                    .containsEntry("status", "503")
                    .containsEntry("attempts", "3")
                    .containsEntry("reason", "after 3 attempts: HTTP 503, down");
            assertThat(server.requests()).hasSize(3);
        }

        @Test
        void aRetryAfterIsWaitedForAndNotByTheClientInsideTheCall() throws IOException {
            long began = System.nanoTime();
            assertThat(receipt(inTurn(json(429, "{}", "retry-after: 1"), APPLIED)))
                    .containsEntry("outcome", "applied")
                    .containsEntry("attempts", "2");

            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
            assertThat(server.requests()).hasSize(2);
        }

        @Test
        void aResetIsTriedAgain() throws IOException {
            assertThat(receipt(inTurn(ScriptedServer.RESET, APPLIED)))
                    .containsEntry("outcome", "applied")
                    .containsEntry("attempts", "2");
            assertThat(server.requests()).hasSize(2);
        }

        @Test
        void aConnectionClosedWithoutAnAnswerIsTriedAgain() throws IOException {
            assertThat(receipt(inTurn(ScriptedServer.CUT, APPLIED)))
                    .containsEntry("outcome", "applied")
                    .containsEntry("attempts", "2");
            assertThat(server.requests()).hasSize(2);
        }

        @Test
        void halfAnAnswerIsTriedAgain() throws IOException {
            String half = APPLIED.substring(0, APPLIED.length() - 3) + ScriptedServer.CUT;
            assertThat(receipt(inTurn(half, APPLIED)))
                    .containsEntry("outcome", "applied")
                    .containsEntry("attempts", "2");
            assertThat(server.requests()).hasSize(2);
        }

        @Test
        void whatIsNotHttpIsTriedAgain() throws IOException {
            assertThat(receipt(inTurn("220 mail.example ESMTP\r\n" + ScriptedServer.CUT, APPLIED)))
                    .containsEntry("outcome", "applied")
                    .containsEntry("attempts", "2");
            assertThat(server.requests()).hasSize(2);
        }

        @Test
        void aTimeOutAfterSendingIsTriedAgainAndItsReceiptSaysSo() throws IOException {
            assertThat(receipt(inTurn(ScriptedServer.SILENCE, APPLIED)))
                    .containsEntry("outcome", "applied")
                    .containsEntry("attempts", "2")
                    .containsEntry("reason", "at attempt 2; an earlier attempt timed out after it was sent");
            assertThat(server.requests()).hasSize(2);
        }

        @Test
        void anAnswerThatDripsIsATimeOutAndItsConnectionIsClosed() throws IOException {
            assertThat(receipt(inTurn(endless(200, "{", ScriptedServer.DRIP), APPLIED)))
                    .containsEntry("outcome", "applied")
                    .containsEntry("attempts", "2")
                    .containsEntry("reason", "at attempt 2; an earlier attempt timed out after it was sent");
            assertThat(server.requests()).hasSize(2);
            await().untilAsserted(() -> assertThat(server.connections()).isLessThanOrEqualTo(1));
        }

        @Test
        void headersThatDripAreATimeOutToo() throws IOException {
            String headers = "HTTP/1.1 200 As Scripted\r\nX-Endless: ";
            assertThat(receipt(inTurn(headers + ScriptedServer.DRIP, APPLIED)))
                    .containsEntry("outcome", "applied")
                    .containsEntry("attempts", "2");
            assertThat(server.requests()).hasSize(2);
        }

        @Test
        void anAnswerWithoutEndIsReadToABoundAndItsConnectionIsClosed() throws IOException {
            long began = System.nanoTime();
            assertThat(receipt(request -> endless(422, "no", ScriptedServer.FLOOD)))
                    .containsEntry("outcome", "rejected")
                    .containsEntry("attempts", "1")
                    .containsEntry("reason", "not the API's JSON: no");
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("well before the deadline of an attempt")
                    .isLessThan(Duration.ofSeconds(8));
            assertThat(server.requests()).hasSize(1);
            await().untilAsserted(() -> assertThat(server.connections()).isZero());
        }

        private static String endless(int status, String beginning, String then) {
            return "HTTP/1.1 " + status + " As Scripted\r\nConnection: keep-alive\r\n"
                    + "Content-Length: 9000000000\r\n\r\n" + beginning + then;
        }

        @Test
        void aRefusalIsNotTriedAgain() throws IOException {
            assertThat(receipt(request -> json(422, "{\"errors\":{\"status_id\":[\"can't be blank\"]}}")))
                    .containsEntry("outcome", "rejected")
                    .containsEntry("status", "422")
                    .containsEntry("reason", "status_id can't be blank");
            assertThat(server.requests()).hasSize(1);
        }

        @Test
        void headersOfAnAnswerSteerNothing() throws IOException {
            String steering = json(
                    503,
                    "{}",
                    "CamelHttpUri: http://127.0.0.1:9/",
                    "CamelHttpPath: /elsewhere",
                    "CamelRedeliveryDelay: 3600000",
                    "CamelHttpResponseCode: 200");
            assertThat(receipt(inTurn(steering, APPLIED))).containsEntry("attempts", "2");
            assertThat(server.requests())
                    .extracting(ScriptedServer.Request::line)
                    .containsOnly("POST /support/desk/api/v2/tickets/update HTTP/1.1")
                    .hasSize(2);
            assertThat(server.requests().get(1).headers())
                    .isEqualTo(server.requests().get(0).headers());
        }

        @Test
        void cookiesAreNotSentBack() throws IOException {
            receipt(inTurn(json(503, "{}", "Set-Cookie: session=1; Path=/"), APPLIED));

            assertThat(server.requests()).hasSize(2);
            assertThat(server.requests().get(1).head()).noneMatch(line -> line.startsWith("Cookie"));
        }

        @Test
        void credentialsThatAnErrorPageRepeatsReachNoReceipt() throws IOException {
            Function<Integer, String> page = status ->
                    json(status, "{\"error\":\"" + CaravanFixture.TOKEN + " and " + CaravanFixture.SECRET + "\"}");

            assertThat(receipt(request -> page.apply(422))).containsEntry("reason", "(hidden) and (hidden)");
        }

        @Test
        void aTicketsOwnSourceReachesNoReceipt() throws IOException {
            String ticket = "{\"id\":32,\"source\":{\"token\":\"abc-77\",\"secret\":\"def-88\"},\"error\":\"no\"}";

            assertThat(receipt(request -> json(422, ticket))).containsEntry("reason", "no");
        }
    }

    @Test
    void whatIsNotSetIsNotSent() throws IOException {
        try (ScriptedServer server = new ScriptedServer(request -> APPLIED)) {
            CaravanFixture fixture = new CaravanFixture(folder.resolve("plain"), server.url());
            try (Caravan caravan = fixture.start()) {
                CaravanFixture.importFile(caravan, fixture.rows("one.csv", "LF-616004"));
            }

            assertThat(server.requests().get(0).line()).isEqualTo("POST /api/v2/tickets/update HTTP/1.1");
            assertThat(server.requests().get(0).headers())
                    .noneMatch(header -> header.startsWith("X-Auth-Application"))
                    .noneMatch(header -> header.startsWith("X-Sirportly-Rules"));
        }
    }

    @Test
    void aRedirectIsNotFollowedAndStopsTheImport() throws IOException {
        try (ScriptedServer elsewhere = new ScriptedServer(request -> APPLIED);
                ScriptedServer server = new ScriptedServer(
                        request -> json(301, "", "Location: " + elsewhere.url() + "/api/v2/tickets/update"))) {
            CaravanFixture fixture = new CaravanFixture(folder.resolve("redirect"), server.url())
                    .with("caravan.delivery.concurrency", "1");
            try (Caravan caravan = fixture.start()) {
                ImportSummary summary =
                        CaravanFixture.importFile(caravan, fixture.rows("one.csv", "LF-616004", "LF-616005"));

                assertThat(summary.exitCode()).isEqualTo(3);
                assertThat(summary.stopped())
                        .isEqualTo("The help desk answered HTTP 301, a redirect to " + elsewhere.url()
                                + "/api/v2/tickets/update, which is not followed since it would carry the secret"
                                + " along: mend caravan.endpoint.url");
                assertThat(summary.counts()).containsEntry(Outcome.APPLIED, 0L).containsEntry(Outcome.REJECTED, 0L);
            }
            assertThat(server.requests()).hasSize(1);
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void aCertificateThatIsNotTrustedEndsTheImportWithTheRemedy() throws Exception {
        SSLServerSocketFactory sockets = SelfSigned.sockets(folder);
        ServerSocket listener = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try (ScriptedServer server = new ScriptedServer("https", listener, request -> APPLIED)) {
            CaravanFixture fixture = new CaravanFixture(folder.resolve("https"), server.url());
            try (Caravan caravan = fixture.start()) {
                ImportSummary summary = CaravanFixture.importFile(caravan, fixture.rows("one.csv", "LF-616004"));

                assertThat(summary.exitCode()).isEqualTo(3);
                assertThat(summary.stopped())
                        .startsWith("There is no help desk at caravan.endpoint.url: cannot be reached (its certificate"
                                + " is not trusted: ")
                        .contains("have its authority in a trust store")
                        .endsWith("Check the URL and the network");
            }
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void whereNobodyListensTheImportEndsAndCanBeResumed() throws IOException {
        ScriptedServer gone = new ScriptedServer(request -> APPLIED);
        gone.close();
        CaravanFixture fixture = new CaravanFixture(folder.resolve("gone"), gone.url());
        try (Caravan caravan = fixture.start()) {
            ImportSummary summary =
                    CaravanFixture.importFile(caravan, fixture.rows("two.csv", "LF-616004", "LF-616005"));

            assertThat(summary.exitCode()).isEqualTo(3);
            assertThat(summary.stopped()).contains("cannot be reached").contains("Connection refused");
            assertThat(summary.counts().values()).containsOnly(0L);
        }
    }

    /** Every parameter of the specification, with values that are hard to encode. */
    static final class EveryParameter {

        private EveryParameter() {}

        static Map<String, String> withoutContactMethod() {
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("ticket", "LF-616004");
            parameters.put("status", "Waiting for Staff");
            parameters.put("priority", "High");
            parameters.put("department", "3");
            parameters.put("sla", "Premium");
            parameters.put("team", "1st Line Support");
            parameters.put("user", "charlie");
            parameters.put("subject", "🎫 Ünï&c=100%+");
            parameters.put("tag_list", "vip, größer;dns");
            parameters.put("updated_at", "2026-11-23T10:00:00+01:00");
            parameters.put("reply_due_at", "2026-11-24 09:30");
            parameters.put("resolution_due_at", "2 days from now");
            parameters.put("custom[phone_number]", "+44 1234 &=%");
            parameters.put("custom[notes]", "two\nlines \"quoted\"");
            parameters.put("contact_method_data", "zoe+x@okubo.example");
            parameters.put("contact_name", "Zoë Ōkubo");
            parameters.put("additional_contact_methods", "adam@atech.io,dave@atech.io");
            return parameters;
        }

        static String[] csv(Map<String, String> parameters) {
            return new String[] {quoted(List.copyOf(parameters.keySet())), quoted(List.copyOf(parameters.values()))};
        }

        private static String quoted(List<String> cells) {
            return cells.stream()
                    .map(cell -> '"' + cell.replace("\"", "\"\"") + '"')
                    .collect(java.util.stream.Collectors.joining(","));
        }

        /** A naive time is sent with the offset of caravan.time-zone, here UTC. */
        static Map<String, String> asReceived(Map<String, String> parameters) {
            Map<String, String> received = new LinkedHashMap<>(parameters);
            received.put("reply_due_at", "2026-11-24T09:30:00+00:00");
            return received;
        }
    }
}
