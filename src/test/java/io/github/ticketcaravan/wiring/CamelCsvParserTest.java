package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ticketcaravan.csv.CsvParser.Row;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class CamelCsvParserTest {

    private final CamelCsvParser parser = new CamelCsvParser(new DefaultCamelContext());

    @Test
    void cellsAreAsTheyStandThere() throws IOException {
        assertThat(rows(" a , b\t,\"c,\"\"d\"\"\",,e\"f\n", ','))
                .containsExactly(new Row(1, 1, List.of(" a ", " b\t", "c,\"d\"", "", "e\"f")));
    }

    @Test
    void aRowKnowsItsLinesWhateverEndsThem() throws IOException {
        assertThat(rows("h\r\n\r\n\"a\r\nb\rc\nd\"\r\ne\rf\n\ng", ','))
                .containsExactly(
                        new Row(1, 1, List.of("h")),
                        new Row(2, 2, List.of("")),
                        new Row(3, 6, List.of("a\r\nb\rc\nd")),
                        new Row(7, 7, List.of("e")),
                        new Row(8, 8, List.of("f")),
                        new Row(9, 9, List.of("")),
                        new Row(10, 10, List.of("g")));
    }

    @Test
    void anEmptyCellAtTheEndOfTheTextIsACell() throws IOException {
        assertThat(rows("a;b\nc;", ';'))
                .containsExactly(new Row(1, 1, List.of("a", "b")), new Row(2, 2, List.of("c", "")));
    }

    @Test
    void commentsAndHeadersAreRowsAsOthers() throws IOException {
        assertThat(rows("a,a\n#b,c\n", ','))
                .containsExactly(new Row(1, 1, List.of("a", "a")), new Row(2, 2, List.of("#b", "c")));
    }

    @Test
    void anEmptyTextHasNoRows() throws IOException {
        assertThat(rows("", ',')).isEmpty();
    }

    @Test
    void brokenQuotingIsToldWhereItIsReached() throws IOException {
        Iterator<Row> rows = parser.parse(new StringReader("a,b\n\"c\"d,e\n"), ',');
        assertThat(rows.next().cells()).containsExactly("a", "b");
        assertThatThrownBy(rows::hasNext).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void theReadersOwnExceptionIsTheCause() throws IOException {
        IOException failure = new IOException("the disk is gone");
        Iterator<Row> rows = parser.parse(
                new Reader() {
                    @Override
                    public int read(char[] target, int offset, int length) throws IOException {
                        throw failure;
                    }

                    @Override
                    public void close() {}
                },
                ',');
        assertThatThrownBy(rows::hasNext)
                .isInstanceOf(UncheckedIOException.class)
                .hasCause(failure);
    }

    private List<Row> rows(String text, char delimiter) throws IOException {
        List<Row> rows = new ArrayList<>();
        parser.parse(new StringReader(text), delimiter).forEachRemaining(rows::add);
        return rows;
    }
}
