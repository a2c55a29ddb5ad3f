package io.github.ticketcaravan.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {

    @ParameterizedTest
    @CsvSource({
        "503:2%, 503:2%",
        "429:1%:retry-after=3, 429:1%:retry-after=3",
        "reset:0.5%:after, reset:0.5%:after",
        "reset:0.5%:before, reset:0.5%",
        "TIMEOUT:0.1%, timeout:0.1%",
        "html:100%, html:100%",
        "500:1%:after:retry-after=0, 500:1%:after:retry-after=0",
        "404:0%, 404:0%"
    })
    void aFaultIsReadAndWritten(String text, String written) {
        assertThat(Fault.parse(text)).hasToString(written);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 | it begins with what fails and how often",
                "503:2 | it begins with what fails and how often",
                "503:-2% | it begins with what fails and how often",
                ":2% | it begins with what fails and how often",
                "503:101% | at most 100% of the requests can fail",
                "200:1% | '200' is neither a status from 400 to 599 nor reset, timeout or html",
                "crash:1% | 'crash' is neither a status from 400 to 599 nor reset, timeout or html",
                "503:1%:later | 'later' is neither before, after nor (with a status) retry-after=SECONDS",
                "reset:1%:retry-after=3 | 'retry-after=3' is neither before, after nor (with a status) retry-after=SECONDS",
                "429:1%:retry-after=soon | 'retry-after=soon' is neither before, after nor (with a status) retry-after=SECONDS"
            })
    void whatIsNoFaultIsRefusedWithAnExample(String text, String why) {
        assertThatThrownBy(() -> Fault.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is no fault: " + why + "; write for example 503:2%, "
                        + "429:1%:retry-after=3, reset:0.5%:after, timeout:0.1% or html:0.5%");
    }

    @Test
    void faultsAddUpToAHundredPerCentAtMost() {
        List<Fault> fail = List.of(Fault.parse("503:60%"), Fault.parse("reset:40.1%"));

        assertThatThrownBy(() -> new Faults(fail, Duration.ZERO, Duration.ZERO, 0, 1))
                .hasMessage("the faults add up to 100.1%: at most 100% of the requests can fail");
    }

    @ParameterizedTest
    @CsvSource({"50ms, PT0.05S", "2s, PT2S", "1m, PT1M", "1h, PT1H"})
    void aDurationIsRead(String text, Duration expected) {
        assertThat(Faults.parseDuration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "50", "ms", "-1s", "1.5s", "2 days"})
    void whatIsNoDurationIsRefused(String text) {
        assertThatThrownBy(() -> Faults.parseDuration(text))
                .hasMessage("'" + text + "' is no duration: write for example 50ms, 2s or 1m");
    }
}
