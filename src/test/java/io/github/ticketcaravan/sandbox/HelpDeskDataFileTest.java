package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class HelpDeskDataFileTest {

    @TempDir
    private Path folder;

    @Test
    void theShippedFileIsRead() {
        assertThat(HelpDeskDataFile.read(SandboxClient.SHIPPED_DATA).users()).hasSize(12);
    }

    /** Each row spoils one line of the shipped file, and says what is then told (after the file's name). */
    @ParameterizedTest
    @CsvFileSource(resources = "/sandbox/spoiled-data.csv", numLinesToSkip = 1, maxCharsPerColumn = 2000)
    void aMistakeStopsTheStartAndIsToldWithPlaceAndRemedy(String line, String spoiled, String message)
            throws Exception {
        String shipped = Files.readString(SandboxClient.SHIPPED_DATA);
        assertThat(shipped).containsOnlyOnce(line);
        Path file =
                Files.writeString(folder.resolve("desk.yaml"), shipped.replace(line, spoiled == null ? "" : spoiled));

        assertThatThrownBy(() -> Sandbox.start(SandboxOptions.defaults(file)))
                .isInstanceOf(SandboxDataException.class)
                .hasMessage(file + message);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = folder.resolve("nowhere.yaml");

        assertThatThrownBy(() -> Sandbox.start(SandboxOptions.defaults(file)))
                .isInstanceOf(SandboxDataException.class)
                .hasMessage(file + ": there is no such file; name the sandbox's data file (shipped as "
                        + "config/sandbox.yaml)");
    }

    @Test
    void anEmptyFileIsTold() throws Exception {
        Path file = Files.writeString(folder.resolve("empty.yaml"), "");

        assertThatThrownBy(() -> Sandbox.start(SandboxOptions.defaults(file)))
                .isInstanceOf(SandboxDataException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining("config/sandbox.yaml");
    }

    @Test
    void aFolderIsNoFile() {
        assertThatThrownBy(() -> Sandbox.start(SandboxOptions.defaults(folder)))
                .isInstanceOf(SandboxDataException.class)
                .hasMessageStartingWith(folder + ": cannot be read")
                .hasMessageEndingWith("check that it is a file you may read");
    }

    @Test
    void aSecretIsNotShownWhereATokenIsPrinted() {
        assertThat(HelpDeskDataFile.read(SandboxClient.SHIPPED_DATA).tokens().toString())
                .doesNotContain("sandbox");
    }
}
