package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.csv.ReceiptNames;
import io.github.ticketcaravan.sandbox.Sandbox;
import io.github.ticketcaravan.sandbox.SandboxOptions;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The inbox of {@code caravan run}, at ten to eight in the evening. */
class InboxTest {

    private static final Path PROJECT = Path.of(System.getProperty("caravan.project", "."));
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T19:50:00Z"), ZoneOffset.UTC);
    /** How long a file has to stay as it is, with {@link CaravanFixture#quickRoutes}. */
    private static final Duration WATCHED = Duration.ofMillis(100);

    private static final String STAMP = "2026-11-23T19-50-00Z-";

    private static Sandbox sandbox;

    @TempDir
    private static Path data;

    private static Path inbox;
    private static Caravan caravan;

    @BeforeAll
    static void run() throws IOException {
        sandbox = Sandbox.start(SandboxOptions.defaults(PROJECT.resolve("config/sandbox.yaml")));
        inbox = Files.createDirectories(data.resolve("inbox"));
        Settings settings = Settings.of(
                new Values(
                        Map.of(),
                        Map.of(),
                        Map.of("caravan.endpoint.url", sandbox.url().toString())),
                data);
        caravan = Caravan.start(settings, Caravan.Mode.RUN, CaravanFixture.quickRoutes(data), Map.of(), CLOCK, "test");
    }

    @AfterAll
    static void stop() {
        caravan.close();
        sandbox.close();
    }

    @Test
    void aFileEndsInDoneWithItsReceipts() throws IOException {
        drop("good.csv", "ticket,status\nLF-616004,Resolved\nLF-999999,New\n");

        awaitFiles("done", "good.csv", "good.rejected.csv", "good.results.csv");
        assertThat(inbox.resolve("good.csv")).doesNotExist();
        assertThat(Files.readAllLines(data.resolve("done").resolve(STAMP + "good.results.csv")))
                .hasSize(3)
                .contains("2,LF-616004,applied,200,1,,2026-11-23T19:50:00Z");
    }

    @Test
    void aFileThatCannotBeReadEndsInFailedWithTheReason() throws IOException {
        drop("bad.csv", "ticket,statsu\nLF-616004,Resolved\n");

        awaitFiles("failed", "bad.csv", "bad.error.txt");
        assertThat(Files.readString(data.resolve("failed").resolve(STAMP + "bad.error.txt")))
                .isEqualToIgnoringNewLines(inbox.resolve("bad.csv")
                        + ", line 1: column 'statsu' (the nearest is status) is no parameter of a ticket: mend the"
                        + " header, or map a name to a parameter with caravan.csv.columns, or pass its column over with"
                        + " caravan.csv.ignore");
    }

    @Test
    void theSameFileAgainEndsInFailedWithTheRemedy() throws IOException {
        String text = "ticket,status\nOC-820409,Resolved\n";
        drop("once.csv", text);
        awaitFiles("done", "once.csv", "once.results.csv");

        drop("twice.csv", text);

        awaitFiles("failed", "twice.csv", "twice.error.txt");
        assertThat(Files.readString(data.resolve("failed").resolve(STAMP + "twice.error.txt")))
                .isEqualToIgnoringNewLines("twice.csv was imported before, at 2026-11-23T19:50:00Z: its rows are not"
                        + " sent again. To send them all the same, run: caravan import --again FILE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u6f22", "n", "\u0645"})
    void aFileWithALongNameEndsInDoneOrFailedWithItsReceipts(String letter) throws IOException {
        String name = letter.repeat(240 / letter.getBytes(StandardCharsets.UTF_8).length);
        drop(name + ".csv", "ticket,status\nLF-999999," + letter + "\n");
        String kept = ReceiptNames.nameOf(Path.of(name + ".csv"));
        awaitFiles("done", kept + ".csv", kept + ".rejected.csv", kept + ".results.csv");

        drop(name + ".csv", "ticket,statsu\n");
        awaitFiles("failed", kept + ".csv", kept + ".error.txt");
    }

    @Test
    void aFileIsLeftAloneWhileItGrows() throws IOException {
        String name = "growing";
        // On a busy machine the writer itself may stop for longer than a file is watched: then another file shows it.
        for (int files = 1; !isLeftAloneWhileItGrows(name); files++) {
            assertThat(files)
                    .as("files that the writer could not write without a pause")
                    .isLessThan(10);
            name = "growing-" + files;
        }
        long lines = Files.readAllLines(inbox.resolve(name + ".csv")).size();

        awaitFiles("done", name + ".csv", name + ".results.csv");
        assertThat(Files.readAllLines(data.resolve("done").resolve(STAMP + name + ".results.csv")))
                .hasSize((int) lines);
    }

    /** Writes a file for a while; false if the writer made a pause that is long enough for the file to be taken. */
    private static boolean isLeftAloneWhileItGrows(String name) throws IOException {
        Path file = inbox.resolve(name + ".csv");
        try (Writer writer = Files.newBufferedWriter(file)) {
            writer.write("ticket,status\n");
            Instant end = Instant.now().plus(Duration.ofMillis(600));
            Instant written = Instant.now();
            while (Instant.now().isBefore(end)) {
                writer.write("LF-616004,Resolved\n");
                writer.flush();
                boolean paused = Duration.between(written, Instant.now()).compareTo(WATCHED.dividedBy(2)) > 0;
                written = Instant.now();
                await().pollDelay(Duration.ofMillis(20)).until(() -> true);
                boolean isTaken = !Files.exists(file) || files("done").stream().anyMatch(done -> done.startsWith(name));
                if (isTaken
                        && (paused || Duration.between(written, Instant.now()).compareTo(WATCHED) > 0)) {
                    return false;
                }
                assertThat(isTaken).isFalse();
            }
            writer.write("LF-616004,New\n");
        }
        return true;
    }

    @Test
    void whatIsNotYetAFileIsIgnored() throws IOException {
        String text = "ticket,status\nLF-616004,Resolved\n";
        for (String name : List.of("a.csv.part", "b.tmp", ".hidden.csv")) {
            drop(name, text + "LF-616004," + name + "\n");
        }

        drop("last.csv", "ticket,priority\nLF-616004,Low\n");
        awaitFiles("done", "last.csv", "last.results.csv");

        for (String name : List.of("a.csv.part", "b.tmp", ".hidden.csv")) {
            assertThat(inbox.resolve(name)).exists();
        }
    }

    /** As a careful program does: under another name first. */
    private static void drop(String name, String text) throws IOException {
        Path part = Files.writeString(data.resolve(name + ".written"), text);
        Files.move(part, inbox.resolve(name));
    }

    private static void awaitFiles(String folder, String... names) {
        String begin = names[0].substring(0, names[0].indexOf('.'));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(files(folder).stream().filter(name -> name.startsWith(begin + ".")))
                        .containsExactlyInAnyOrder(names));
    }

    /** The names of the files in a folder, without the time before them. */
    private static List<String> files(String folder) throws IOException {
        if (!Files.exists(data.resolve(folder))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(data.resolve(folder))) {
            return files.map(file -> file.getFileName().toString())
                    .peek(name -> assertThat(name).startsWith(STAMP))
                    .map(name -> name.substring(STAMP.length()))
                    .toList();
        }
    }
}
