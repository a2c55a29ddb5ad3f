package io.github.ticketcaravan.csv;

import java.nio.charset.Charset;
import java.util.List;

/**
 * What the first pass found out about a file that can be read.
 *
 * @param sha256 of its bytes as they are on disk, in hexadecimal
 * @param rows without the header and without lines that are empty throughout
 * @param invalid how many of the rows have problems
 * @param bytes its size on disk
 * @param header as written
 */
public record CsvCheck(
        String sha256, long rows, long invalid, long bytes, List<String> header, char delimiter, Charset charset) {

    public CsvCheck {
        header = List.copyOf(header);
    }
}
