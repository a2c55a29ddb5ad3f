package io.github.ticketcaravan.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"0ms,PT0S", "500ms,PT0.5S", "30s,PT30S", "5m,PT5M", "2h,PT2H", "1d,PT24H", "10 s,PT10S"})
    void aNumberAndItsUnit(String written, Duration expected) {
        assertThat(Durations.parse(written)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "1.5s", "5S", "5 min", "PT5S", "5s 3ms", "٥s"})
    void nothingElse(String written) {
        assertThat(Durations.parse(written)).isNull();
    }
}
