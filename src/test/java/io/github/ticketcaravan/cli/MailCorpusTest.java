package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.ticketcaravan.mail.MailCommands;
import io.github.ticketcaravan.mail.MailFile;
import io.github.ticketcaravan.mail.Senders;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.update.UpdateRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every mail of {@code src/test/resources/mail/}, with what is decided of it beside it: what {@code mail check --json}
 * prints, without the file.
 *
 * <p>They came to a server that calls itself {@code mx.example.com}, those that begin with {@code microsoft365} to
 * Microsoft 365, those that begin with {@code believed} to one that proves nothing.
 */
class MailCorpusTest {

    private static final Path MAILS = Cli.PROJECT.resolve("src/test/resources/mail");
    private static final Clock NOW = Clock.fixed(Instant.parse("2026-11-25T15:00:00Z"), ZoneOffset.UTC);
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @MethodSource("mails")
    void isDecidedOnAsItSaysBesideIt(String name) throws IOException {
        try (MailFile mail = MailFile.open(MAILS.resolve(name + ".eml"))) {
            ObjectNode decided =
                    JSON.valueToTree(CheckedMail.of(name, commands(name).decide(mail)));
            decided.remove("file");

            assertThat(decided.toPrettyString()).isEqualTo(expected(name).toPrettyString());
        }
    }

    @Test
    void thereAreManyAndEachHasItsDecision() throws IOException {
        assertThat(mails()).hasSizeGreaterThanOrEqualTo(80);
        assertThat(names(".expected.json")).containsExactlyElementsOf(mails());
    }

    private static MailCommands commands(String name) {
        Map<String, String> keys = name.startsWith("believed")
                ? Map.of("caravan.mail.authentication", "none")
                : Map.of(
                        "caravan.mail.trusted-authserv-id",
                        name.startsWith("microsoft365") ? "microsoft365" : "mx.example.com",
                        "caravan.mail.smtp.from",
                        "caravan@example.com");
        Settings settings = Settings.of(new Values(Map.of(), Map.of(), keys), Path.of("data"));
        return new MailCommands(
                settings.mail(),
                Senders.read(MAILS.resolve("senders.yaml")),
                new UpdateRules(settings.timeZone()),
                NOW);
    }

    private static JsonNode expected(String name) throws IOException {
        return JSON.readTree(MAILS.resolve(name + ".expected.json").toFile());
    }

    static List<String> mails() throws IOException {
        return names(".eml");
    }

    private static List<String> names(String ending) throws IOException {
        try (Stream<Path> files = Files.list(MAILS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .map(name -> name.substring(0, name.length() - ending.length()))
                    .sorted()
                    .toList();
        }
    }
}
