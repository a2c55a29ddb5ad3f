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
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final Path DATA = Path.of("/var/lib/caravan");
    private static final Path CONFIG = Path.of("/var/lib/config");
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
            Map.entry("caravan.csv.max-row", "200kB"),
            Map.entry("caravan.mail.host", "imap.example.com"),
            Map.entry("caravan.mail.protocol", "imap"),
            Map.entry("caravan.mail.port", "1143"),
            Map.entry("caravan.mail.username", "caravan"),
            Map.entry("caravan.mail.password", "a-mail-password"),
            Map.entry("caravan.mail.folder", "Commands"),
            Map.entry("caravan.mail.poll", "1m"),
            Map.entry("caravan.mail.done", "d"),
            Map.entry("caravan.mail.refused", "r"),
            Map.entry("caravan.mail.ignored", "i"),
            Map.entry("caravan.mail.quarantine", "q"),
            Map.entry("caravan.mail.authentication", "none"),
            Map.entry("caravan.mail.trusted-authserv-id", "mx.example.com"),
            Map.entry("caravan.mail.senders", "people.yaml"),
            Map.entry("caravan.mail.max-age", "2d"),
            Map.entry("caravan.mail.max-commands", "10"),
            Map.entry("caravan.mail.max-size", "500kB"),
            Map.entry("caravan.mail.answers-per-day", "3"),
            Map.entry("caravan.mail.smtp.host", "smtp.example.com"),
            Map.entry("caravan.mail.smtp.port", "1025"),
            Map.entry("caravan.mail.smtp.security", "none"),
            Map.entry("caravan.mail.smtp.username", "sender"),
            Map.entry("caravan.mail.smtp.password", "an-smtp-password"),
            Map.entry("caravan.mail.smtp.from", "caravan@example.com"),
            Map.entry("caravan.queue.kind", "amqp"),
            Map.entry("caravan.queue.url", "amqps://broker:5671"),
            Map.entry("caravan.queue.user", "caravan"),
            Map.entry("caravan.queue.password", "a-password"),
            Map.entry("caravan.queue.tls", "enabled"),
            Map.entry("caravan.queue.tls.trust-store", "trust.p12"),
            Map.entry("caravan.queue.tls.trust-store-password", "trust-password"),
            Map.entry("caravan.queue.tls.key-store", "/etc/key.p12"),
            Map.entry("caravan.queue.tls.key-store-password", "key-password"),
            Map.entry("caravan.queue.name", "updates"),
            Map.entry("caravan.queue.consumers", "3"),
            Map.entry("caravan.queue.group", "desk"),
            Map.entry("caravan.queue.results", "topic:results"),
            Map.entry("caravan.queue.listen.amqp", "127.0.0.1:0"),
            Map.entry("caravan.queue.listen.core", "[::1]:61617"),
            Map.entry("caravan.queue.max-size", "512kB"),
            Map.entry("caravan.queue.min-free", "2GB"),
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
                                Set.of(),
                                10_000_000),
                        new QueueSettings(
                                QueueSettings.Kind.OFF,
                                null,
                                null,
                                null,
                                new QueueSettings.Tls(false, null, null, null, null),
                                "ticket.updates",
                                1,
                                "ticket-caravan",
                                null,
                                new QueueSettings.Listen("localhost", 5672),
                                new QueueSettings.Listen("localhost", 61616),
                                10_000_000,
                                100_000_000),
                        new LedgerSettings("jdbc:sqlite:/var/lib/caravan/ledger.db", Duration.ofDays(90)),
                        new DeadLetterSettings(null),
                        new NotifySettings(null),
                        new MailSettings(
                                null,
                                true,
                                993,
                                null,
                                null,
                                "INBOX",
                                Duration.ofSeconds(10),
                                "Done",
                                "Refused",
                                "Ignored",
                                "Quarantine",
                                true,
                                null,
                                Duration.ofDays(7),
                                500,
                                10_000_000,
                                40,
                                CONFIG.resolve("senders.yaml"),
                                new MailSettings.OAuth2(null, null, null, null, null),
                                new MailSettings.Smtp(
                                        null, 587, MailSettings.Smtp.Security.STARTTLS, null, null, null))));
    }

    @Test
    void everyKeyIsRead() {
        assertThat(ALL.keySet())
                .isEqualTo(keysAskedFor().stream()
                        .filter(key -> !key.startsWith("caravan.mail.oauth2.") && !key.endsWith("-file"))
                        .collect(Collectors.toSet()));
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
                                Set.of("Agent", "Remarks"),
                                200_000),
                        new QueueSettings(
                                QueueSettings.Kind.AMQP,
                                "amqps://broker:5671",
                                "caravan",
                                "a-password",
                                new QueueSettings.Tls(
                                        true,
                                        DATA.resolve("trust.p12"),
                                        "trust-password",
                                        Path.of("/etc/key.p12"),
                                        "key-password"),
                                "updates",
                                3,
                                "desk",
                                new QueueSettings.Destination(true, "results"),
                                new QueueSettings.Listen("127.0.0.1", 0),
                                new QueueSettings.Listen("::1", 61617),
                                512_000,
                                2_000_000_000),
                        new LedgerSettings("jdbc:postgresql://db/caravan", Duration.ofDays(7)),
                        new DeadLetterSettings("file:letters"),
                        new NotifySettings("https://example.com/hook"),
                        new MailSettings(
                                "imap.example.com",
                                false,
                                1143,
                                "caravan",
                                "a-mail-password",
                                "Commands",
                                Duration.ofMinutes(1),
                                "d",
                                "r",
                                "i",
                                "q",
                                false,
                                "mx.example.com",
                                Duration.ofDays(2),
                                10,
                                500_000,
                                3,
                                CONFIG.resolve("people.yaml"),
                                new MailSettings.OAuth2(null, null, null, null, null),
                                new MailSettings.Smtp(
                                        "smtp.example.com",
                                        1025,
                                        MailSettings.Smtp.Security.NONE,
                                        "sender",
                                        "an-smtp-password",
                                        "caravan@example.com"))));
    }

    @Test
    void theShippedFileHasEveryKeyWithItsDefault() throws Exception {
        Map<String, String> shipped = shipped();

        assertThat(shipped.keySet()).isEqualTo(keysAskedFor());
        assertThat(of(shipped, Map.of(), Map.of())).isEqualTo(set(Map.of()));
        assertThat(shipped.keySet().stream()
                        .filter(key -> shipped.get(key).isBlank())
                        .filter(key -> !key.endsWith("-file")))
                .as("keys whose default is nothing, or is told in words")
                .containsExactlyInAnyOrder(
                        "caravan.endpoint.url",
                        "caravan.endpoint.token",
                        "caravan.endpoint.secret",
                        "caravan.endpoint.application",
                        "caravan.csv.columns",
                        "caravan.csv.ignore",
                        "caravan.mail.host",
                        "caravan.mail.port",
                        "caravan.mail.username",
                        "caravan.mail.password",
                        "caravan.mail.trusted-authserv-id",
                        "caravan.mail.oauth2.token-url",
                        "caravan.mail.oauth2.client-id",
                        "caravan.mail.oauth2.client-secret",
                        "caravan.mail.oauth2.refresh-token",
                        "caravan.mail.oauth2.scope",
                        "caravan.mail.smtp.host",
                        "caravan.mail.smtp.port",
                        "caravan.mail.smtp.username",
                        "caravan.mail.smtp.password",
                        "caravan.mail.smtp.from",
                        "caravan.queue.url",
                        "caravan.queue.user",
                        "caravan.queue.password",
                        "caravan.queue.tls.trust-store",
                        "caravan.queue.tls.trust-store-password",
                        "caravan.queue.tls.key-store",
                        "caravan.queue.tls.key-store-password",
                        "caravan.queue.results",
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
            caravan.mail.protocol            | pop3                | one of imap, imaps
            caravan.mail.port                | 65536               | a whole number from 1 to 65535
            caravan.mail.poll                | 0s                  | a duration such as 500ms, 30s, 5m or 2h, from 100ms to 365d
            caravan.mail.authentication      | optional            | one of none, required
            caravan.mail.max-age             | 30s                 | a duration such as 500ms, 30s, 5m or 2h, from 1m to 365d
            caravan.mail.max-commands        | 0                   | a whole number from 1 to 100000
            caravan.mail.max-size            | 9kB                 | a size such as 500kB or 10MB, from 10000 to 1000000000 bytes
            caravan.mail.max-size            | 10 MiB              | a size such as 500kB or 10MB, from 10000 to 1000000000 bytes
            caravan.mail.max-size            | 2GB                 | a size such as 500kB or 10MB, from 10000 to 1000000000 bytes
            caravan.mail.max-size            | MB                  | a size such as 500kB or 10MB, from 10000 to 1000000000 bytes
            caravan.mail.answers-per-day     | -1                  | a whole number from 0 to 1000000
            caravan.mail.oauth2.token-url    | http://example.com/ | a URL that begins with https://
            caravan.mail.smtp.security       | ssl                 | one of none, starttls, tls
            caravan.mail.smtp.from           | caravan             | an address such as caravan@example.com
            caravan.mail.smtp.from           | a@b@example.com     | an address such as caravan@example.com
            caravan.mail.smtp.from           | <a@example.com>     | an address such as caravan@example.com
            caravan.queue.kind               | rabbit              | one of amqp, embedded, jms, kafka, off
            caravan.queue.tls                | yes                 | one of disabled, enabled
            caravan.queue.name               | ticket updates      | a name of letters, digits and . _ - / : $ %
            caravan.queue.name               | queue?x=y           | a name of letters, digits and . _ - / : $ %
            caravan.queue.consumers          | 0                   | a whole number from 1 to 100
            caravan.queue.results            | topic:              | NAME, queue:NAME or topic:NAME, the name being a name of letters, digits and . _ - / : $ %
            caravan.queue.results            | a b                 | NAME, queue:NAME or topic:NAME, the name being a name of letters, digits and . _ - / : $ %
            caravan.queue.listen.amqp        | 5672                | HOST:PORT, such as localhost:5672
            caravan.queue.listen.amqp        | localhost:amqp      | HOST:PORT, such as localhost:5672
            caravan.queue.listen.core        | localhost:65536     | HOST:PORT, such as localhost:61616
            caravan.queue.listen.core        | ::1:61616           | HOST:PORT, such as localhost:61616
            caravan.queue.listen.core        | []:61616            | HOST:PORT, such as localhost:61616
            caravan.queue.max-size           | 999                 | a size such as 500kB or 10MB, from 1000 to 100000000 bytes
            caravan.queue.max-size           | 101MB               | a size such as 500kB or 10MB, from 1000 to 100000000 bytes
            caravan.queue.min-free           | 10%                 | a size such as 500kB or 10MB, from 1000000 to 1000000000000 bytes
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
            caravan.directory.password      | ''
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
        assertThat(set(ALL).toString()).doesNotContain("a-token", "a-secret", "-password");
    }

    @Test
    void mailCanBeReadWithATokenInsteadOfAPassword() {
        Map<String, String> keys = mail(Map.of(
                "caravan.mail.password", "",
                "caravan.mail.oauth2.token-url", "https://login.example.com/token",
                "caravan.mail.oauth2.client-id", "an-id",
                "caravan.mail.oauth2.client-secret", "a-client-secret",
                "caravan.mail.oauth2.refresh-token", "a-refresh-token",
                "caravan.mail.oauth2.scope", "mail",
                "caravan.mail.smtp.username", "caravan"));

        MailSettings mail = set(keys).mail();

        assertThat(mail.oauth2())
                .isEqualTo(new MailSettings.OAuth2(
                        "https://login.example.com/token", "an-id", "a-client-secret", "a-refresh-token", "mail"));
        assertThat(mail.oauth2().isConfigured()).isTrue();
        assertThat(mail.toString()).doesNotContain("a-client-secret", "a-refresh-token");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            imaps |          | 993
            imap  |          | 143
            imap  | 10143    | 10143
            """)
    void thePortOfTheMailboxIsTheUsualOneOfItsProtocol(String protocol, String port, int expected) {
        Map<String, String> keys = new HashMap<>(mail(Map.of("caravan.mail.protocol", protocol)));
        keys.put("caravan.mail.port", port == null ? "" : port);

        assertThat(set(keys).mail().port()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"starttls, 587", "tls, 465", "none, 25"})
    void thePortOfSmtpIsTheUsualOneOfItsSecurity(String security, int expected) {
        assertThat(set(Map.of("caravan.mail.smtp.security", security))
                        .mail()
                        .smtp()
                        .port())
                .isEqualTo(expected);
    }

    /** The keys that a working mailbox is changed by, and what is said then. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            trusted-authserv-id=                | caravan.mail.trusted-authserv-id is empty, but caravan.mail.host is imap.example.com: set it to the name with which your mail server begins its Authentication-Results headers, or to microsoft365 (caravan.mail.authentication=none would believe every From)
            username=                           | caravan.mail.username is empty, but caravan.mail.host is imap.example.com: set it
            password=                           | caravan.mail.password is empty, but caravan.mail.host is imap.example.com: set it (in the environment: CARAVAN_MAIL_PASSWORD), or caravan.mail.oauth2.*
            oauth2.token-url=https://t oauth2.client-id=i oauth2.client-secret=s | caravan.mail.password is set (it is not shown here), but caravan.mail.oauth2.token-url is too: set one of them, for one login
            oauth2.scope=mail                   | caravan.mail.oauth2.token-url is empty, but caravan.mail.oauth2.scope is set: set both, or none of the keys caravan.mail.oauth2.*
            oauth2.refresh-token=hush           | caravan.mail.oauth2.token-url is empty, but caravan.mail.oauth2.refresh-token is set: set both, or none of the keys caravan.mail.oauth2.*
            oauth2.token-url=https://t          | caravan.mail.oauth2.client-id is empty, but caravan.mail.oauth2.token-url is https://t: set it
            oauth2.token-url=https://t oauth2.client-id=i | caravan.mail.oauth2.client-secret and caravan.mail.oauth2.refresh-token are empty, but caravan.mail.oauth2.token-url is https://t: set one of them, or both
            max-age=90d                         | caravan.mail.max-age=90d is not less than caravan.ledger.keep=90d: expected less, for a mail that the ledger has forgotten could be sent again
            max-age=2161h                       | caravan.mail.max-age=2161h is not less than caravan.ledger.keep=90d: expected less, for a mail that the ledger has forgotten could be sent again
            folder=done                         | caravan.mail.folder=done is also caravan.mail.done, .refused, .ignored or .quarantine: expected another folder, for what is put there would be read again
            smtp.host=smtp.example.com          | caravan.mail.smtp.from is empty, but caravan.mail.smtp.host is smtp.example.com: set it to the mailbox's address
            smtp.password=hush                  | caravan.mail.smtp.username is empty, but caravan.mail.smtp.password is set (it is not shown here): set both or neither
            smtp.username=caravan               | caravan.mail.smtp.password is empty, but caravan.mail.smtp.username is caravan: set it (in the environment: CARAVAN_MAIL_SMTP_PASSWORD), or caravan.mail.oauth2.*
            """)
    void aMailboxThatCannotWorkIsRefused(String changes, String message) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (String change : changes.split(" ", -1)) {
            String[] keyAndValue = change.split("=", 2);
            keys.put("caravan.mail." + keyAndValue[0], keyAndValue[1]);
        }

        assertThatThrownBy(() -> set(mail(keys)))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    /** What is set of {@code caravan.queue.*}, and what is said then. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kind=jms                            | caravan.queue.url is empty, but caravan.queue.kind is jms: set it, such as tcp://localhost:61616
            kind=amqp                           | caravan.queue.url is empty, but caravan.queue.kind is amqp: set it, such as amqp://localhost:5672
            kind=kafka                          | caravan.queue.url is empty, but caravan.queue.kind is kafka: set it, such as localhost:9092
            kind=embedded url=tcp://h:1         | caravan.queue.url is set, but caravan.queue.kind is embedded, which is reached at caravan.queue.listen.amqp and caravan.queue.listen.core: empty it, or choose another kind
            kind=jms url=amqp://h:5672          | caravan.queue.url=amqp://h:5672: expected the address of the broker, such as tcp://localhost:61616
            kind=amqp url=tcp://h:61616         | caravan.queue.url=tcp://h:61616: expected the address of the broker, such as amqp://localhost:5672
            kind=kafka url=h                    | caravan.queue.url=h: expected the address of the broker, such as localhost:9092
            kind=kafka url=PLAINTEXT://h:9092   | caravan.queue.url=PLAINTEXT://h:9092: expected the address of the broker, such as localhost:9092
            kind=jms url=tcp://u:hush@h:1       | caravan.queue.url has a user or a password in it (the value is not shown here): expected tcp://localhost:61616, and what lets us in in caravan.queue.user and caravan.queue.password
            kind=jms url=tcp://h:1?Password=hush | caravan.queue.url has a user or a password in it (the value is not shown here): expected tcp://localhost:61616, and what lets us in in caravan.queue.user and caravan.queue.password
            kind=kafka url=h:1 name=a/b         | caravan.queue.name=a/b: expected a topic's name of letters, digits and . _ -
            password=hush                       | caravan.queue.password is set, but caravan.queue.user is empty
            user=caravan                        | caravan.queue.user is set, but caravan.queue.password is empty
            results=ticket.updates              | caravan.queue.results=ticket.updates is caravan.queue.name too: expected another, for every answer would be read as an update
            tls.trust-store=t.p12               | caravan.queue.tls.trust-store or caravan.queue.tls.key-store is set, but caravan.queue.tls is disabled: enable it, or empty them
            tls=enabled tls.trust-store-password=hush | caravan.queue.tls.trust-store-password is set, but caravan.queue.tls.trust-store is empty
            tls=enabled tls.key-store-password=hush | caravan.queue.tls.key-store-password is set, but caravan.queue.tls.key-store is empty
            kind=amqp url=amqp://h:5672 tls=enabled | caravan.queue.url=amqp://h:5672, but caravan.queue.tls is enabled: expected amqps:// with TLS, and amqp:// without
            kind=amqp url=amqps://h:5671        | caravan.queue.url=amqps://h:5671, but caravan.queue.tls is disabled: expected amqps:// with TLS, and amqp:// without
            kind=embedded tls=enabled           | caravan.queue.tls is enabled, but caravan.queue.tls.key-store is empty: the embedded broker needs its key
            kind=embedded listen.amqp=0.0.0.0:5672 | caravan.queue.listen.amqp=0.0.0.0:5672 can be reached from other machines, but caravan.queue.user is empty: set user and password, or listen at localhost
            kind=embedded listen.core=h:61616   | caravan.queue.listen.core=h:61616 can be reached from other machines, but caravan.queue.user is empty: set user and password, or listen at localhost
            kind=embedded listen.core=localhost:5672 | caravan.queue.listen.amqp=localhost:5672 and caravan.queue.listen.core=localhost:5672 have the same port: expected different ones
            """)
    void aQueueThatCannotWorkIsRefused(String keysAndValues, String message) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (String each : keysAndValues.split(" ", -1)) {
            String[] keyAndValue = each.split("=", 2);
            keys.put("caravan.queue." + keyAndValue[0], keyAndValue[1]);
        }

        assertThatThrownBy(() -> set(keys))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    @Test
    void whoListensForOtherMachinesAsksForAPassword() {
        QueueSettings queue = set(Map.of(
                        "caravan.queue.kind", "embedded",
                        "caravan.queue.listen.amqp", "0.0.0.0:5672",
                        "caravan.queue.user", "caravan",
                        "caravan.queue.password", "hush"))
                .queue();

        assertThat(queue.listenAmqp()).hasToString("0.0.0.0:5672");
        assertThat(queue.toString()).doesNotContain("hush");
    }

    @Test
    void withoutAMailboxItsKeysNeedNotFit() {
        Settings settings = set(Map.of("caravan.ledger.keep", "1d"));

        assertThat(settings.mail().host()).isNull();
        assertThat(settings.mail().maxAge()).isEqualTo(Duration.ofDays(7));
    }

    /** A mailbox that works, changed. */
    private static Map<String, String> mail(Map<String, String> changes) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("caravan.mail.host", "imap.example.com");
        keys.put("caravan.mail.username", "caravan");
        keys.put("caravan.mail.password", "hush");
        keys.put("caravan.mail.trusted-authserv-id", "mx.example.com");
        keys.putAll(changes);
        return keys;
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
