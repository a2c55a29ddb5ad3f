package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every parameter and rule of {@code tickets/update}: one file of {@code sandbox/updates} a case. A file has the
 * parameters, one a line ({@code x{256}} is 256 times x), a blank line, the status, and the whole answer.
 */
class UpdateTest {

    private static final Path CASES = SandboxClient.PROJECT.resolve("src/test/resources/sandbox/updates");
    private static final Pattern REPEATED = Pattern.compile("(.)\\{([0-9]+)}");

    static Stream<String> cases() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.map(file -> file.getFileName().toString().replace(".txt", "")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anUpdateIsAnsweredAsItsFileSays(String name) throws Exception {
        String[] parts = Files.readString(CASES.resolve(name + ".txt")).split("\n\n", 2);
        String[] expected = parts[1].split("\n", 2);
        try (Sandbox sandbox = Sandbox.start(SandboxClient.options().withTickets(1))) {
            SandboxClient client = new SandboxClient(sandbox);
            String before = tickets(client);

            SandboxClient.Answer answer = client.update(form(parts[0]));

            assertThat(answer.status() + "\n" + pretty(answer.body()))
                    .isEqualTo(expected[0] + "\n" + expected[1].strip());
            if (answer.status() != 200) {
                assertThat(tickets(client))
                        .as("a refused request changes nothing")
                        .isEqualTo(before);
            }
        }
    }

    @Test
    void thereAreAsManyCasesAsThereWere() throws Exception {
        assertThat(cases()).hasSize(91);
    }

    private static String tickets(SandboxClient client) throws Exception {
        return client.get("/api/v2/tickets/all").body();
    }

    static String form(String lines) {
        return lines.lines()
                .map(line -> line.split("=", 2))
                .map(pair -> SandboxClient.encoded(pair[0]) + "=" + SandboxClient.encoded(unfolded(pair[1])))
                .collect(Collectors.joining("&"));
    }

    private static String unfolded(String value) {
        Matcher matcher = REPEATED.matcher(value);
        return matcher.matches() ? matcher.group(1).repeat(Integer.parseInt(matcher.group(2))) : value;
    }

    static String pretty(String json) throws IOException {
        return SandboxClient.JSON
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(SandboxClient.JSON.readTree(json));
    }
}
