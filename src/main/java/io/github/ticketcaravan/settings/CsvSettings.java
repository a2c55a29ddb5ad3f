package io.github.ticketcaravan.settings;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys {@code caravan.csv.*}.
 *
 * @param inbox the folder that {@code run} takes files from
 * @param done where a file goes with its receipts
 * @param failed where a file goes that could not be read
 * @param charset of files without a byte-order mark
 * @param delimiter between cells; null: found by looking at the header
 * @param columns renames, header name to parameter name, as written
 * @param ignore header names, as written, of columns that are passed over
 * @param maxRow the longest row that is read, in bytes, line breaks in cells included
 */
public record CsvSettings(
        Path inbox,
        Path done,
        Path failed,
        Charset charset,
        @Nullable Character delimiter,
        Map<String, String> columns,
        Set<String> ignore,
        int maxRow) {

    private static final int LARGEST_ROW = 100_000_000;

    static CsvSettings of(Values values, Path data) {
        CsvSettings settings = new CsvSettings(
                values.path("caravan.csv.inbox", data, "inbox"),
                values.path("caravan.csv.done", data, "done"),
                values.path("caravan.csv.failed", data, "failed"),
                values.charset("caravan.csv.charset", StandardCharsets.UTF_8),
                values.text("caravan.csv.delimiter", "auto").equals("auto")
                        ? null
                        : values.parse(
                                "caravan.csv.delimiter",
                                ',',
                                "one character, tab, or auto to have it found by looking",
                                CsvSettings::delimiter),
                values.pairs("caravan.csv.columns"),
                values.list("caravan.csv.ignore"),
                Math.toIntExact(values.bytes("caravan.csv.max-row", 10_000_000, 1_000, LARGEST_ROW)));
        if (settings.inbox.equals(settings.done) || settings.inbox.equals(settings.failed)) {
            throw new SettingsException("caravan.csv.inbox=" + settings.inbox
                    + " is also caravan.csv.done or caravan.csv.failed: expected another folder,"
                    + " for what is put there would be read again");
        }
        return settings;
    }

    /** The same with the folders of another data folder. */
    CsvSettings in(Path data) {
        return new CsvSettings(
                data.resolve("inbox"),
                data.resolve("done"),
                data.resolve("failed"),
                charset,
                delimiter,
                columns,
                ignore,
                maxRow);
    }

    private static @Nullable Character delimiter(String value) {
        if (value.equals("tab") || value.equals("\\t")) {
            return '\t';
        }
        boolean usable = value.length() == 1 && "\"\r\n".indexOf(value.charAt(0)) < 0;
        return usable ? (Character) value.charAt(0) : null;
    }
}
