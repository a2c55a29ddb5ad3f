package io.github.ticketcaravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets in files of their own. */
class SecretFileTest {

    private static final String SECRET = "s3cret-of-the-file";

    @TempDir
    private Path folder;

    private static final Map<String, String> NEEDED = Map.of(
            "caravan.endpoint.url", "https://desk.example.com",
            "caravan.endpoint.token", "a-token",
            "caravan.endpoint.secret", "a-secret");

    private static Values values(Map<String, String> file, Map<String, String> environment, Map<String, String> set) {
        Map<String, String> all = new HashMap<>(NEEDED);
        all.putAll(file);
        return new Values(all, environment, set);
    }

    private static Settings read(Values values) {
        return Settings.of(values, Path.of(""));
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("secret"), content).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {SECRET, SECRET + "\n", "  " + SECRET + "\r\nanother line\n"})
    void theFirstLineOfTheFileIsTheValue(String content) throws IOException {
        Settings settings = read(values(
                Map.of("caravan.endpoint.secret", ""),
                Map.of("CARAVAN_ENDPOINT_SECRET_FILE", file(content)),
                Map.of()));

        assertThat(settings.endpoint().secret()).isEqualTo(SECRET);
    }

    @Test
    void everySecretHasSuchAKey() throws IOException {
        String file = file(SECRET);
        Settings settings = read(values(
                Map.of(
                        "caravan.endpoint.token", "",
                        "caravan.endpoint.token-file", file,
                        "caravan.queue.kind", "amqp",
                        "caravan.queue.url", "amqp://localhost:5672",
                        "caravan.queue.user", "user",
                        "caravan.queue.password-file", file),
                Map.of(),
                Map.of(
                        "caravan.mail.host", "mail.example.com",
                        "caravan.mail.username", "user",
                        "caravan.mail.password-file", file,
                        "caravan.mail.trusted-authserv-id", "mx.example.com",
                        "caravan.mail.smtp.host", "mail.example.com",
                        "caravan.mail.smtp.from", "user@example.com",
                        "caravan.mail.smtp.username", "user",
                        "caravan.mail.smtp.password-file", file)));

        assertThat(settings.endpoint().token()).isEqualTo(SECRET);
        assertThat(settings.queue().password()).isEqualTo(SECRET);
        assertThat(settings.mail().password()).isEqualTo(SECRET);
        assertThat(settings.mail().smtp().password()).isEqualTo(SECRET);
    }

    @Test
    void bothTheValueAndAFileAreAContradiction() throws IOException {
        String file = file(SECRET);

        assertThatThrownBy(() -> read(values(Map.of(), Map.of(), Map.of("caravan.endpoint.secret-file", file))))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("caravan.endpoint.secret (not shown here) and caravan.endpoint.secret-file="
                        + file + " are both given")
                .hasMessageNotContaining("a-secret")
                .hasMessageNotContaining(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n" + SECRET})
    void aFileWithoutAValueStopsTheStart(String content) throws IOException {
        String file = file(content);

        assertThatThrownBy(() -> read(values(
                        Map.of("caravan.endpoint.secret", "", "caravan.endpoint.secret-file", file),
                        Map.of(),
                        Map.of())))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("caravan.endpoint.secret-file=" + file
                        + ": expected an absolute path to a file whose" + " first line is the value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret.txt", "/no/such/file", "/", "\0"})
    void aFileThatCannotBeReadStopsTheStart(String name) {
        assertThatThrownBy(() -> read(values(
                        Map.of("caravan.endpoint.secret", "", "caravan.endpoint.secret-file", name),
                        Map.of(),
                        Map.of())))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("caravan.endpoint.secret-file=" + name);
    }

    @Test
    void onlySecretsHaveSuchAKey() {
        assertThatThrownBy(() -> read(values(Map.of("caravan.endpoint.url-file", "/x"), Map.of(), Map.of())))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("there is no such key");
    }

    @Test
    void whichSecretsEverybodyCanSeeIsKnown() {
        Values values =
                values(Map.of(), Map.of(), Map.of("caravan.endpoint.secret", "x", "caravan.delivery.concurrency", "2"));
        read(values);

        assertThat(values.secretsSet()).containsExactly("caravan.endpoint.secret");
    }
}
