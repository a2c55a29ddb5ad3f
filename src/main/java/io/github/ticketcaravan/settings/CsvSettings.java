package io.github.ticketcaravan.settings;

import java.nio.charset.Charset;
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
 */
public record CsvSettings(
        Path inbox,
        Path done,
        Path failed,
        Charset charset,
        @Nullable Character delimiter,
        Map<String, String> columns,
        Set<String> ignore) {}
