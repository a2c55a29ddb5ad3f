package io.github.ticketcaravan.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvLineTest {

    @Test
    void onlyCellsThatMustBeAreQuoted() {
        assertThat(CsvLine.encode(List.of("a b", "", "c,d", "say \"x\"", "e\nf", "g\rh", ";'|\t")))
                .isEqualTo("a b,,\"c,d\",\"say \"\"x\"\"\",\"e\nf\",\"g\rh\",;'|\t");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void decodingGivesBackWhatWasEncoded(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            List<String> cells = cells(random);
            assertThat(CsvLine.decode(CsvLine.encode(cells))).isEqualTo(cells);
        }
    }

    @ParameterizedTest
    @CsvSource({"=1+1, \"'=1+1\"", "+49, \"'+49\"", "-1, \"'-1\"", "@x, \"'@x\"", "\"'x\", \"''x\"", "'a=1', a=1"})
    void whatASpreadsheetWouldRunIsGuarded(String cell, String guarded) {
        String plain = cell.replace("\"", "");
        assertThat(CsvLine.guard(plain)).isEqualTo(guarded.replace("\"", ""));
        assertThat(CsvLine.unguard(CsvLine.guard(plain))).isEqualTo(plain);
    }

    @Test
    void tabsAndCarriageReturnsAreGuardedAndEmptyCellsAreNot() {
        assertThat(CsvLine.guard("\t=1")).isEqualTo("'\t=1");
        assertThat(CsvLine.guard("\r=1")).isEqualTo("'\r=1");
        assertThat(CsvLine.guard("")).isEmpty();
    }

    private static List<String> cells(Random random) {
        String alphabet = "ab,\"\n\r;'=ü👋 ";
        List<String> cells = new ArrayList<>();
        for (int count = 1 + random.nextInt(5); count > 0; count--) {
            var cell = new StringBuilder();
            for (int length = random.nextInt(6); length > 0; length--) {
                cell.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            cells.add(cell.toString());
        }
        return cells;
    }
}
