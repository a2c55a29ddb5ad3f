package io.github.ticketcaravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Reader;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final Path DATA = Path.of("/var/lib/caravan");
    private static final Path SHIPPED =
            Path.of(System.getProperty("caravan.project", "."), "config", "application.properties");

    /** Every key, each with a value that is not its default. */
    private static final Map<String, String> ALL = Map.ofEntries(
            Map.entry("caravan.time-zone", "Europe/Berlin"),
            Map.entry("caravan.endpoint.url", "https://desk.example.com/support/"),
            Map.entry("caravan.endpoint.token", "a-token"),
            Map.entry("caravan.endpoint.secret", "a-secret"),
            Map.entry("caravan.endpoint.application", "an-application"),
            Map.entry("caravan.endpoint.rules", "disabled"),
            Map.entry("caravan.endpoint.connect-timeout", "250ms"),
            Map.entry("caravan.endpoint.response-timeout", "2m"),
            Map.entry("caravan.delivery.concurrency", "7"),
            Map.entry("caravan.delivery.rate", "2.5"),
            Map.entry("caravan.delivery.window", "100"),
            Map.entry("caravan.delivery.retry.attempts", "3"),
            Map.entry("caravan.delivery.retry.delay", "1s"),
            Map.entry("caravan.delivery.retry.max-delay", "2h"),
            Map.entry("caravan.delivery.retry-after.max", "0s"),
            Map.entry("caravan.delivery.outage.give-up", "1d"),
            Map.entry("caravan.delivery.brake", "5%"),
            Map.entry("caravan.csv.inbox", "in"),
            Map.entry("caravan.csv.done", "/srv/out/../done"),
            Map.entry("caravan.csv.failed", "bad/files"),
            Map.entry("caravan.csv.charset", "windows-1252"),
            Map.entry("caravan.csv.delimiter", "tab"),
            Map.entry("caravan.csv.columns", "Ticket No=ticket, Phone = custom[phone_number]"),
            Map.entry("caravan.csv.ignore", "Agent, Remarks,"),
            Map.entry("caravan.ledger.url", "jdbc:postgresql://db/caravan"),
            Map.entry("caravan.ledger.keep", "7d"),
            Map.entry("caravan.dead-letter.forward", "file:letters"),
            Map.entry("caravan.notify.uri", "https://example.com/hook"));

    @Test
    void everyKeyHasADefault() {
        assertThat(set(Map.of()))
                .isEqualTo(new Settings(
                        DATA,
                        ZoneId.of("UTC"),
                        new EndpointSettings(
                                null, null, null, null, false, Duration.ofSeconds(10), Duration.ofSeconds(60)),
                        new DeliverySettings(
                                4,
                                0,
                                2_000,
                                6,
                                Duration.ofMillis(500),
                                Duration.ofSeconds(60),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(15),
                                50),
                        new CsvSettings(
                                DATA.resolve("inbox"),
                                DATA.resolve("done"),
                                DATA.resolve("failed"),
                                StandardCharsets.UTF_8,
                                null,
                                Map.of(),
                                Set.of()),
                        new LedgerSettings("jdbc:sqlite:/var/lib/caravan/ledger.db", Duration.ofDays(90)),
                        new DeadLetterSettings(null),
                        new NotifySettings(null)));
    }

    @Test
    void everyKeyIsRead() {
        assertThat(ALL.keySet()).isEqualTo(keysAskedFor());
        assertThat(set(ALL))
                .isEqualTo(new Settings(
                        DATA,
                        ZoneId.of("Europe/Berlin"),
                        new EndpointSettings(
                                URI.create("https://desk.example.com/support"),
                                "a-token",
                                "a-secret",
                                "an-application",
                                true,
                                Duration.ofMillis(250),
                                Duration.ofMinutes(2)),
                        new DeliverySettings(
                                7,
                                2.5,
                                100,
                                3,
                                Duration.ofSeconds(1),
                                Duration.ofHours(2),
                                Duration.ZERO,
                                Duration.ofDays(1),
                                5),
                        new CsvSettings(
                                DATA.resolve("in"),
                                Path.of("/srv/done"),
                                DATA.resolve("bad/files"),
                                Charset.forName("windows-1252"),
                                '\t',
                                Map.of("Ticket No", "ticket", "Phone", "custom[phone_number]"),
                                Set.of("Agent", "Remarks")),
                        new LedgerSettings("jdbc:postgresql://db/caravan", Duration.ofDays(7)),
                        new DeadLetterSettings("file:letters"),
                        new NotifySettings("https://example.com/hook")));
    }

    @Test
    void theShippedFileHasEveryKeyWithItsDefault() throws Exception {
        Map<String, String> shipped = shipped();

        assertThat(shipped.keySet()).isEqualTo(keysAskedFor());
        assertThat(of(shipped, Map.of(), Map.of())).isEqualTo(set(Map.of()));
        assertThat(shipped.keySet().stream().filter(key -> shipped.get(key).isBlank()))
                .as("keys whose default is nothing, or is told in words")
                .containsExactlyInAnyOrder(
                        "caravan.endpoint.url",
                        "caravan.endpoint.token",
                        "caravan.endpoint.secret",
                        "caravan.endpoint.application",
                        "caravan.csv.columns",
                        "caravan.csv.ignore",
                        "caravan.ledger.url",
                        "caravan.dead-letter.forward",
                        "caravan.notify.uri");
    }

    @Test
    void theShippedFileExplainsEveryKey() throws Exception {
        boolean explained = false;
        for (String line : Files.readAllLines(SHIPPED)) {
            if (line.startsWith("caravan.")) {
                assertThat(explained).as("a comment above " + line).isTrue();
            } else {
                // Keys that belong together share the comment above the first of them.
                explained = line.startsWith("# ") && !line.startsWith("# ---");
            }
        }
    }

    @Test
    void theCommandLineWinsOverTheEnvironmentAndThatOverTheFile() {
        Map<String, String> file = Map.of(
                "caravan.delivery.concurrency", "1",
                "caravan.delivery.window", "1",
                "caravan.delivery.retry.attempts", "1");
        Map<String, String> environment = Map.of(
                "CARAVAN_DELIVERY_CONCURRENCY", "2",
                "CARAVAN_DELIVERY_WINDOW", "2");
        Map<String, String> set = Map.of("caravan.delivery.concurrency", "3");

        DeliverySettings delivery = of(file, environment, set).delivery();

        assertThat(delivery.concurrency()).isEqualTo(3);
        assertThat(delivery.window()).isEqualTo(2);
        assertThat(delivery.retryAttempts()).isEqualTo(1);
    }

    @Test
    void aBlankValueMeansTheDefaultWhereverItStands() {
        Map<String, String> file = Map.of("caravan.delivery.concurrency", "1", "caravan.delivery.window", "1");

        DeliverySettings delivery = of(
                        file, Map.of("CARAVAN_DELIVERY_CONCURRENCY", ""), Map.of("caravan.delivery.window", " "))
                .delivery();

        assertThat(delivery.concurrency()).isEqualTo(4);
        assertThat(delivery.window()).isEqualTo(2_000);
    }

    @Test
    void inTheEnvironmentDotsAndDashesAreUnderlines() {
        Map<String, String> environment = new HashMap<>();
        ALL.forEach((key, value) -> environment.put(
                key.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_'), value));

        assertThat(environment).containsKey("CARAVAN_DELIVERY_RETRY_AFTER_MAX");
        assertThat(of(Map.of(), environment, Map.of())).isEqualTo(set(ALL));
    }

    @Test
    void whatTheEnvironmentHasBesideKeysIsNoBusinessOfOurs() {
        assertThat(of(Map.of(), Map.of("CARAVAN_JAVA_OPTS", "-Xmx1g", "PATH", "/bin"), Map.of()))
                .isEqualTo(set(Map.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            caravan.time-zone                | Mars                | a time zone such as UTC or Europe/Berlin
            caravan.endpoint.url             | api.sirportly.com   | the help desk's base URL, such as https://api.sirportly.com
            caravan.endpoint.url             | localhost:8089      | the help desk's base URL, such as https://api.sirportly.com
            caravan.endpoint.url             | ftp://example.com   | the help desk's base URL, such as https://api.sirportly.com
            caravan.endpoint.url             | https://            | the help desk's base URL, such as https://api.sirportly.com
            caravan.endpoint.url             | https:///api        | the help desk's base URL, such as https://api.sirportly.com
            caravan.endpoint.url             | http://a b.example  | the help desk's base URL, such as https://api.sirportly.com
            caravan.endpoint.url             | http://h:99999      | the help desk's base URL, such as https://api.sirportly.com
            caravan.endpoint.url             | http://h/api/v2/tickets/update | the help desk's base URL, such as https://api.sirportly.com
            caravan.endpoint.rules           | off                 | one of disabled, enabled
            caravan.endpoint.connect-timeout | 10                  | a duration such as 500ms, 30s, 5m or 2h, from 1ms to 365d
            caravan.endpoint.connect-timeout | 0s                  | a duration such as 500ms, 30s, 5m or 2h, from 1ms to 365d
            caravan.endpoint.response-timeout | 1 hour             | a duration such as 500ms, 30s, 5m or 2h, from 1ms to 365d
            caravan.endpoint.response-timeout | 999999999999d      | a duration such as 500ms, 30s, 5m or 2h, from 1ms to 365d
            caravan.delivery.concurrency     | 0                   | a whole number from 1 to 1000
            caravan.delivery.concurrency     | four                | a whole number from 1 to 1000
            caravan.delivery.rate            | -1                  | a number, 0 or more, such as 2.5
            caravan.delivery.rate            | NaN                 | a number, 0 or more, such as 2.5
            caravan.delivery.rate            | 10/s                | a number, 0 or more, such as 2.5
            caravan.delivery.window          | 1000001             | a whole number from 1 to 1000000
            caravan.delivery.window          | 99999999999         | a whole number from 1 to 1000000
            caravan.delivery.retry.attempts  | 2.5                 | a whole number from 1 to 1000
            caravan.delivery.retry.delay     | -1s                 | a duration such as 500ms, 30s, 5m or 2h, from 1ms to 365d
            caravan.delivery.retry.max-delay | 366d                | a duration such as 500ms, 30s, 5m or 2h, from 1ms to 365d
            caravan.delivery.retry-after.max | soon                | a duration such as 500ms, 30s, 5m or 2h, from 0s to 365d
            caravan.delivery.outage.give-up  | 0ms                 | a duration such as 500ms, 30s, 5m or 2h, from 1ms to 365d
            caravan.delivery.brake           | 100%                | a percentage from 0% (off) to 99%, such as 50%
            caravan.delivery.brake           | half                | a percentage from 0% (off) to 99%, such as 50%
            caravan.ledger.keep              | 1h                  | a duration such as 500ms, 30s, 5m or 2h, from 1d to 365d
            caravan.dead-letter.forward      | letters             | a Camel endpoint, such as https://example.com/hook or file:letters
            caravan.notify.uri               | :hook               | a Camel endpoint, such as https://example.com/hook or file:letters
            caravan.csv.charset              | utf8mb4             | a character set such as UTF-8 or windows-1252
            caravan.csv.charset              | UTF 8               | a character set such as UTF-8 or windows-1252
            caravan.csv.delimiter            | ;;                  | one character, tab, or auto to have it found by looking
            caravan.csv.delimiter            | "                   | one character, tab, or auto to have it found by looking
            caravan.csv.columns              | Ticket No           | NAME=NAME, several separated by commas
            caravan.csv.columns              | Ticket No=          | NAME=NAME, several separated by commas
            caravan.csv.columns              | =ticket             | NAME=NAME, several separated by commas
            """)
    void aBadValueIsNamedWithWhatWasExpected(String key, String value, String expected) {
        assertThatThrownBy(() -> set(Map.of(key, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessage(key + "=" + value + ": expected " + expected);
    }

    @Test
    void aPathThatCannotBeOneIsNamed() {
        assertThatThrownBy(() -> set(Map.of("caravan.csv.inbox", "in\u0000box")))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("caravan.csv.inbox=")
                .hasMessageEndingWith(": expected a path");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            caravan.endpoint.ulr            | ; did you mean caravan.endpoint.url?
            caravan.delivery.retries.delay  | ; did you mean caravan.delivery.retry.delay?
            caravan.delivery.retry_delay    | ; did you mean caravan.delivery.retry.delay?
            caravan.timezone                | ; did you mean caravan.time-zone?
            caravan.smtp.password           | ''
            """)
    void anUnknownKeyIsRefusedAndTheNearestNamed(String key, String hint) {
        String message = key + ": there is no such key" + hint;

        assertThatThrownBy(() -> set(Map.of(key, "hush"))).hasMessage(message);
        assertThatThrownBy(() -> of(Map.of(key, "hush"), Map.of(), Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    @Test
    void aDelayLongerThanTheLongestIsRefused() {
        assertThatThrownBy(() -> set(Map.of("caravan.delivery.retry.delay", "2m")))
                .isInstanceOf(SettingsException.class)
                .hasMessage("caravan.delivery.retry.max-delay=60000ms is less than"
                        + " caravan.delivery.retry.delay=120000ms: expected at least as much");
    }

    @ParameterizedTest
    @ValueSource(strings = {"done", "failed"})
    void anInboxThatIsAlsoWhereFilesEndIsRefused(String folder) {
        assertThatThrownBy(() -> set(Map.of("caravan.csv.inbox", folder)))
                .isInstanceOf(SettingsException.class)
                .hasMessage("caravan.csv.inbox=" + DATA.resolve(folder) + " is also caravan.csv.done or"
                        + " caravan.csv.failed: expected another folder, for what is put there would be read again");
    }

    @Test
    void aHelpDeskElsewhereNeedsTokenAndSecret() {
        assertThatThrownBy(() -> set(Map.of("caravan.endpoint.url", "https://desk.example.com")))
                .isInstanceOf(SettingsException.class)
                .hasMessage("caravan.endpoint.token is empty, but caravan.endpoint.url is https://desk.example.com:"
                        + " set it (in the environment: CARAVAN_ENDPOINT_TOKEN)");
        assertThatThrownBy(() ->
                        set(Map.of("caravan.endpoint.url", "https://desk.example.com", "caravan.endpoint.token", "t")))
                .isInstanceOf(SettingsException.class)
                .hasMessage("caravan.endpoint.secret is empty, but caravan.endpoint.url is https://desk.example.com:"
                        + " set it (in the environment: CARAVAN_ENDPOINT_SECRET)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8089", "http://LOCALHOST", "http://127.0.0.2:1/", "http://[::1]:8089"})
    void practiceOnThisMachineNeedsNoCredentialsAndHasALedgerOfItsOwn(String url) {
        Settings practice = set(Map.of("caravan.endpoint.url", url));

        assertThat(practice.endpoint().token()).isEqualTo("sandbox");
        assertThat(practice.endpoint().secret()).isEqualTo("sandbox");
        assertThat(practice.ledger().url()).isEqualTo("jdbc:sqlite:/var/lib/caravan/sandbox/ledger.db");
    }

    @Test
    void aRealHelpDeskBehindATunnelIsNoPractice() {
        Settings tunnel = set(Map.of(
                "caravan.endpoint.url", "http://localhost:8443",
                "caravan.endpoint.token", "real",
                "caravan.endpoint.secret", "real"));

        assertThat(tunnel.ledger().url()).isEqualTo("jdbc:sqlite:/var/lib/caravan/ledger.db");
    }

    @ParameterizedTest
    @ValueSource(strings = {"caravan.endpoint.token", "caravan.endpoint.secret", "caravan.endpoint.application"})
    void aCredentialThatNoHeaderCanCarryIsRefusedAndNotShown(String key) {
        for (String value : new String[] {"hush hush", "hush\r\nX-Evil: 1", "hush\u00e9"}) {
            assertThatThrownBy(() -> set(Map.of(key, value)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessage(key + " has a character that no HTTP header can carry:"
                            + " expected printable ASCII without spaces (the value is not shown here)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://me:hush@desk.example.com", "https://desk.example.com?token=hush"})
    void aUrlWithACredentialInItIsRefusedAndNotShown(String url) {
        assertThatThrownBy(() -> set(Map.of("caravan.endpoint.url", url)))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "caravan.endpoint.url has a user, a query or a fragment in it (the value is not shown here):"
                                + " expected the help desk's base URL, such as https://api.sirportly.com, and what lets us in"
                                + " in caravan.endpoint.token and caravan.endpoint.secret");
    }

    @Test
    void credentialsAreNotShownWithTheOtherSettings() {
        assertThat(set(ALL).toString()).doesNotContain("a-token", "a-secret");
    }

    private static Settings set(Map<String, String> set) {
        return of(Map.of(), Map.of(), set);
    }

    private static Settings of(Map<String, String> file, Map<String, String> environment, Map<String, String> set) {
        return Settings.of(new Values(file, environment, set), DATA);
    }

    private static Set<String> keysAskedFor() {
        Set<String> asked = new TreeSet<>();
        Map<String, String> listening = new HashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public String get(Object key) {
                asked.add((String) key);
                return null;
            }
        };
        set(listening);
        return asked;
    }

    private static Map<String, String> shipped() throws Exception {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(SHIPPED)) {
            properties.load(reader);
        }
        Map<String, String> shipped = new LinkedHashMap<>();
        for (String key : new LinkedHashSet<>(properties.stringPropertyNames())) {
            shipped.put(key, properties.getProperty(key));
        }
        return shipped;
    }
}
