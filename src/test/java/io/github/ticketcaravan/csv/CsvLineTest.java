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
        assertThat(CsvLine.guard("\t=1")).isEqualTo("'\t'=1");
        assertThat(CsvLine.guard("\r=1")).isEqualTo("'\r'=1");
        assertThat(CsvLine.guard("")).isEmpty();
    }

    /** As a spreadsheet sees it that separates cells by semicolons, tabs or bars, whatever quotes there are. */
    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t", "|", "\n", "\r\n", "; ", ";  \"", ";\u00a0", " ", "\"", ";;", ",;"})
    void noFormulaFollowsWhatMaySeparateCells(String separator) {
        for (String formula : List.of("=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\uFF1D1")) {
            boolean isBlank = separator.isBlank() && !separator.contains("\t");
            String cell = (isBlank || separator.equals("\"") ? "" : "LF-1") + separator + formula + ";x";
            String guarded = CsvLine.guard(cell);

            assertThat(guarded).contains(separator + "'" + formula);
            assertThat(CsvLine.unguard(guarded)).isEqualTo(cell);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"LF-616004", "don't; 'won't'", "a; 'b'", "2026-12-01", "a - b", "x=1", "'a' is, 'b'", "a;b-c"})
    void whatNoSpreadsheetRunsIsLeftAsItIs(String cell) {
        assertThat(CsvLine.guard(cell)).isEqualTo(cell.startsWith("'") ? "'" + cell : cell);
    }

    @Test
    void takingTheGuardsOffGivesBackEveryCell() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            for (String cell : cells(random)) {
                assertThat(CsvLine.unguard(CsvLine.guard(cell))).isEqualTo(cell);
            }
        }
    }

    @Test
    void aLongCellOfBlanksAndQuotesTakesNoLongTime() {
        for (String each : List.of(" ", "'", "\"", ";", "; '")) {
            String cell = each.repeat(1_000_000) + "=";
            assertThat(CsvLine.unguard(CsvLine.guard(cell))).isEqualTo(cell);
        }
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
