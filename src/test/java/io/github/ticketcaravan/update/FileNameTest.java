package io.github.ticketcaravan.update;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "orders", "Größe", "注文", "\ud83c\udfab"})
    void aNameThatFitsStaysAsItIs(String name) {
        assertThat(FileName.of(name, UTF_8)).isEqualTo(name);
        assertThat(FileName.of("a".repeat(200), UTF_8)).isEqualTo("a".repeat(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "e\u0301", "漢", "\ud83c\udfab", "\ud83d\udc69\u200d\ud83d\udcbb"})
    void aLongNameEndsAtAWholeCharacterAndInAMark(String character) {
        String shortened = FileName.of(character.repeat(300), UTF_8);

        assertThat(shortened.getBytes(UTF_8)).hasSizeBetween(175, 200);
        assertThat(shortened).matches("(" + character + ")+~[0-9a-f]{8}");
    }

    @Test
    void oneCharacterThatIsTooLongLeavesTheMark() {
        assertThat(FileName.of("e" + "\u0301".repeat(300), UTF_8)).matches("~[0-9a-f]{8}");
    }

    @Test
    void noTwoNamesBecomeTheSame() {
        assertThat(FileName.of("漢".repeat(80) + "1", UTF_8)).isNotEqualTo(FileName.of("漢".repeat(80) + "2", UTF_8));
        assertThat(FileName.of("漢", StandardCharsets.US_ASCII))
                .isNotEqualTo(FileName.of("字", StandardCharsets.US_ASCII));
    }

    @Test
    void whatThePathsOfThisMachineCannotHaveIsReplaced() {
        assertThat(FileName.of("a漢b\ud83c\udfab", StandardCharsets.US_ASCII)).matches("a_b_~[0-9a-f]{8}");
    }
}
