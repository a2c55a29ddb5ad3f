package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class OpenFilesTest {

    @Test
    void theOperatingSystemsWordsAreFoundHoweverDeepTheyAre() {
        IOException exhausted = new IOException("Too many open files");

        assertThat(OpenFiles.areExhausted(exhausted)).isTrue();
        assertThat(OpenFiles.areExhausted(new IllegalStateException(
                        "failed to create a child event loop", new RuntimeException(exhausted))))
                .isTrue();
        assertThat(OpenFiles.areExhausted(new IOException("Connection reset"))).isFalse();
        assertThat(OpenFiles.areExhausted(new IOException())).isFalse();
    }

    @Test
    void atTheStartTheRemedyIsNamed() {
        assertThat(OpenFiles.atStart())
                .isEqualTo("The sandbox cannot start, since no file descriptor is left: close connections, or raise the"
                        + " limit of open files (ulimit -n).");
    }
}
