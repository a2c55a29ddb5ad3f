package io.github.ticketcaravan.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of standard input: whose reader was killed they are removed, and never one that is read. */
class InputCopyTest {

    @TempDir
    private Path folder;

    private Settings settings() {
        return Settings.of(
                new Values(Map.of(), Map.of(), Map.of("caravan.endpoint.url", "http://localhost:1")), folder);
    }

    private Path left() throws IOException {
        return Files.writeString(
                Files.createDirectories(folder.resolve("spool")).resolve("stdin-2026-11-23T12-00-00Z.csv"), "ticket\n");
    }

    private static InputStream input() {
        return new ByteArrayInputStream("ticket,status\n".getBytes(UTF_8));
    }

    @Test
    void theNextProcessThatWorksWithTheDataFolderRemovesWhatWasLeft() throws Exception {
        Path left = left();
        Path other = Files.writeString(left.resolveSibling("notes.txt"), "not ours");

        try (Caravan caravan = Caravan.start(
                settings(), Caravan.Mode.ONE_SHOT, CaravanFixture.ROUTES, Map.of(), Clock.systemUTC(), "test")) {
            assertThat(caravan.stopped()).isNull();
            assertThat(left).doesNotExist();
            assertThat(other).exists();
        }
    }

    @Test
    void aCopyIsRemovedWhenItIsClosedAndNotBefore() throws Exception {
        Path left = left();
        try (InputCopy spool = InputCopy.of(input(), settings());
                InputCopy other = InputCopy.of(input(), settings())) {
            InputCopy.removeLeft(folder);

            assertThat(spool.file()).hasContent("ticket,status\n");
            assertThat(other.file()).isNotEqualTo(spool.file()).exists();
            assertThat(left).exists();
        }
        InputCopy.removeLeft(folder);

        assertThat(folder.resolve("spool")).isEmptyDirectory();
    }

    @Test
    void aCopyThatAnotherProcessReadsIsLeft() throws Exception {
        Path left = left();
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("held");
            InputCopy.removeLeft(folder);
            assertThat(left).exists();
            assertThat(folder.resolve("spool").toFile().list()).hasSize(2);
        } finally {
            other.destroyForcibly().waitFor();
        }
        InputCopy.removeLeft(folder);

        assertThat(folder.resolve("spool")).isEmptyDirectory();
    }

    /** A dry run, say, until it is killed. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            Settings settings = Settings.of(
                    new Values(Map.of(), Map.of(), Map.of("caravan.endpoint.url", "http://localhost:1")),
                    Path.of(arguments[0]));
            try (InputCopy held = InputCopy.of(input(), settings)) {
                System.out.println(Files.exists(held.file()) ? "held" : "not held");
                Thread.sleep(600_000);
            }
        }
    }
}
