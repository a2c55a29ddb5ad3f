package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SandboxTest {

    @Test
    void theSpecificationsExampleIsAnsweredKeyByKey() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxClient.options())) {
            SandboxClient.Answer answer =
                    new SandboxClient(sandbox).update("ticket=LF-616004&status=Waiting+for+Staff");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(SandboxClient.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer.json()))
                    .isEqualTo(SandboxClient.JSON
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(
                                    SandboxClient.JSON.readTree(SandboxClient.fixture("specification-example.json"))));
        }
    }
}
