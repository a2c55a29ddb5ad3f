package io.github.ticketcaravan.wiring;

import static io.github.ticketcaravan.wiring.ScriptedServer.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.csv.CsvFile;
import io.github.ticketcaravan.csv.UnreadableFileException;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.update.UpdateRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the inbox, but is no regular file. */
class InboxLinkTest {

    private static final String SECRET = "root:x:0:0";

    @TempDir
    private Path folder;

    private ScriptedServer server;
    private CaravanFixture fixture;
    private Path target;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer(request -> APPLIED);
        fixture = new CaravanFixture(folder, server.url());
        target = Files.writeString(folder.resolve("passwd"), SECRET + "\nticket,status\nLF-616004,New\n");
        Files.createDirectories(fixture.inbox());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** The reason that stands beside a file in {@code failed}, when what was dropped last is done. */
    private String failedBefore(String last) throws IOException {
        Files.writeString(fixture.inbox().resolve(last), "ticket,status\nLF-616004,New\n");
        try (Caravan caravan = fixture.run()) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> fixture.filesIn("done").contains(last)
                            && fixture.filesIn("failed").size() == 2);
            assertThat(caravan.stopped()).isNull();
        }
        assertThat(server.requests()).hasSize(1);
        try (Stream<Path> failed = Files.list(folder.resolve("data/failed"))) {
            Path error = failed.filter(file -> file.toString().endsWith(".error.txt"))
                    .findFirst()
                    .orElseThrow();
            return Files.readString(error);
        }
    }

    @Test
    void aSymbolicLinkIsRefusedAndNothingOfWhatItLeadsToIsTold() throws IOException {
        Files.createSymbolicLink(fixture.inbox().resolve("a.csv"), target);

        String error = failedBefore("b.csv");

        assertThat(error)
                .contains("a.csv is a symbolic link, which is not followed")
                .doesNotContain(SECRET);
        assertThat(Files.readString(target)).startsWith(SECRET);
        try (Stream<Path> failed = Files.list(folder.resolve("data/failed"))) {
            List<Path> links = failed.filter(Files::isSymbolicLink).toList();
            assertThat(links).hasSize(1);
        }
        assertThat(Files.exists(fixture.inbox().resolve("a.csv"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    void aNamedPipeIsRefused() throws Exception {
        Process made =
                new ProcessBuilder("mkfifo", fixture.inbox().resolve("a.csv").toString()).start();
        assertThat(made.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(made.exitValue()).isZero();

        assertThat(failedBefore("b.csv")).contains("a.csv is no regular file");
    }

    @Test
    void aLinkIsNotOpenedEvenIfItBecomesOneLater() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), target);
        Settings settings = Settings.of(new Values(Map.of(), Map.of(), Map.of()), folder);

        assertThatThrownBy(() ->
                        CsvFile.open(link, settings.csv(), new UpdateRules(ZoneOffset.UTC), (text, delimiter) -> null))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageContaining("is a symbolic link, which is not followed");
        assertThat(CsvFile.named(link)).isEqualTo(target.toRealPath());
    }
}
