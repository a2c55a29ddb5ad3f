package io.github.ticketcaravan.update;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTest {

    @Test
    void aSentenceNamesTheFieldsAndNotTheInstructionAsAWhole() {
        assertThat(Problem.sentence(List.of(
                        new Problem("status", "is odd"),
                        new Problem("base", "nothing to change"),
                        new Problem("user", "is new"))))
                .isEqualTo("status: is odd; nothing to change; user: is new");
    }

    @Test
    void aQuotedValueIsOnOneLine() {
        assertThat(Problem.quote("a\r\n\tb\u0000")).isEqualTo("'a\\u000d\\u000a\\u0009b\\u0000'");
    }

    @Test
    void aQuotedValueIsShortenedToSixtyCharacters() {
        assertThat(Problem.quote("x".repeat(60))).isEqualTo("'" + "x".repeat(60) + "'");
        assertThat(Problem.quote("x".repeat(61))).isEqualTo("'" + "x".repeat(60) + "...'");
    }

    @Test
    void shorteningDoesNotCutACharacterInTwo() {
        assertThat(Problem.quote("x".repeat(59) + "👋 and more")).isEqualTo("'" + "x".repeat(59) + "...'");
    }
}
