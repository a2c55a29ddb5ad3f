package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.csv.CsvParser;
import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.camel.CamelContext;
import org.apache.camel.dataformat.csv.CsvDataFormat;
import org.apache.camel.dataformat.csv.CsvRecordConverter;
import org.apache.camel.support.DefaultExchange;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * Splits CSV with camel-csv, one data format for each text, since the delimiter is the file's. Safe for use by several
 * threads.
 */
public final class CamelCsvParser implements CsvParser {

    private final CamelContext context;

    public CamelCsvParser(CamelContext context) {
        this.context = context;
    }

    @Override
    @SuppressWarnings("unchecked") // what the converter below makes
    public Iterator<Row> parse(Reader text, char delimiter) throws IOException {
        // Empty lines are rows here: were they passed over, the numbers of the lines after them would be wrong.
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(false)
                .get();
        try (CsvDataFormat rows = new CsvDataFormat(format)) {
            rows.setLazyLoad(true);
            rows.setRecordConverter(new WithLines());
            rows.start();
            return (Iterator<Row>) rows.unmarshal(new DefaultExchange(context), text);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the text cannot be split into rows: " + e.getMessage(), e);
        }
    }

    /** A record knows its number, not its line: it begins after the line on which the one before it ended. */
    private static final class WithLines implements CsvRecordConverter<Row> {

        private long lastLine;

        @Override
        public Row convertRecord(CSVRecord csvRecord) {
            long line = lastLine + 1;
            lastLine = Math.max(line, csvRecord.getParser().getCurrentLineNumber());
            return new Row(line, lastLine, Arrays.asList(csvRecord.values()));
        }
    }
}
