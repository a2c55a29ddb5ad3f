package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ticketcaravan.sandbox.SandboxClient.Answer;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SandboxTest {

    @Test
    void theSpecificationsExampleIsAnsweredKeyByKey() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxClient.options())) {
            Answer answer = new SandboxClient(sandbox).update("ticket=LF-616004&status=Waiting+for+Staff");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(UpdateTest.pretty(answer.body()))
                    .isEqualTo(UpdateTest.pretty(SandboxClient.fixture("specification-example.json")));
        }
    }

    @Test
    void whatWasChangedStaysUntilTheNextStart() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxClient.options())) {
            SandboxClient client = new SandboxClient(sandbox);
            client.update("ticket=LF-616004&status=Resolved");
            client.update("ticket=LF-616004&status=Resolved");
            JsonNode reopened = client.update("ticket=LF-616004&status=New").json();

            assertThat(reopened.get("updated_at").asText()).isEqualTo("2026-11-23T12:00:00+00:00");
            assertThat(reopened.get("resolution_time").isNull()).isTrue();
            assertThat(reopened.get("first_resolution_time").asText()).isEqualTo("7786079.80");
        }
        try (Sandbox sandbox = Sandbox.start(SandboxClient.options())) {
            Answer again = new SandboxClient(sandbox).get("/api/v2/tickets/ticket?ticket=LF-616004");
            assertThat(again.json().get("updated_at").asText()).isEqualTo("2012-02-03T12:00:12+00:00");
        }
    }

    @Test
    void aPortThatIsTakenIsToldInOneSentence() {
        try (Sandbox sandbox = Sandbox.start(SandboxClient.options())) {
            assertThatThrownBy(() -> Sandbox.start(SandboxClient.options().withPort(sandbox.port())))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("Port " + sandbox.port() + " of 127.0.0.1 cannot be had")
                    .hasMessageEndingWith("choose another, or end the program that has it.");
        }
    }

    @Test
    void thePortIsFreeAgainOnceItIsClosed() throws Exception {
        int port;
        try (Sandbox sandbox = Sandbox.start(SandboxClient.options())) {
            port = sandbox.port();
            assertThat(sandbox.url()).hasToString("http://127.0.0.1:" + port);
        }
        try (Sandbox sandbox = Sandbox.start(SandboxClient.options().withPort(port))) {
            assertThat(new SandboxClient(sandbox).get("/sandbox/faults").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void anExactNameWinsOverAnId() {
        HelpDeskData.Sla first = new HelpDeskData.Sla(1, "2");
        HelpDeskData.Sla second = new HelpDeskData.Sla(2, "Second");
        Catalogue<HelpDeskData.Sla> slas =
                new Catalogue<>("SLA", List.of(first, second), HelpDeskData.Sla::id, HelpDeskData.Sla::name);

        assertThat(slas.find("2")).isSameAs(first);
        assertThat(slas.findById("2")).isSameAs(second);
    }
}
