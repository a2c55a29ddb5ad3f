package io.github.ticketcaravan.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ticketcaravan.files.OwnerOnly;
import io.github.ticketcaravan.update.Characters;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * Writes a receipt: RFC 4180 in UTF-8, formulas guarded against (see {@link CsvLine}). It is written beside its place
 * under a name that ends in {@code .part} and then moved, so that what has the receipt's name is whole.
 */
final class ReceiptFile {

    private ReceiptFile() {}

    static <T> long write(
            Path file, String mark, List<String> header, Iterator<T> rows, Function<T, List<String>> cells)
            throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        boolean moved = false;
        try {
            long count = 0;
            try (Writer writer = new BufferedWriter(new OutputStreamWriter(OwnerOnly.write(part), UTF_8))) {
                writer.write(mark);
                write(writer, header);
                while (rows.hasNext()) {
                    write(writer, cells.apply(rows.next()));
                    count++;
                }
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            moved = true;
            return count;
        } catch (IOException e) {
            throw new IOException("the receipt " + file + " cannot be written " + remedy(file, e), e);
        } finally {
            if (!moved) {
                remove(part);
            }
        }
    }

    private static void write(Writer writer, List<String> cells) throws IOException {
        writer.write(CsvLine.encode(cells.stream()
                .map(cell -> CsvLine.guard(Characters.escaped(cell)))
                .toList()));
        writer.write("\r\n");
    }

    private static String remedy(Path file, IOException e) {
        Path folder = file.toAbsolutePath().getParent();
        if (e instanceof NoSuchFileException) {
            return "(no such folder): create " + folder;
        }
        if (e instanceof AccessDeniedException) {
            return "(permission denied): make " + folder + " writable for this user";
        }
        return "(" + e.getMessage() + "): check that " + folder + " is a folder on a disk that has room";
    }

    private static void remove(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // What kept the receipt from being written keeps its beginning from being removed; that is told already.
        }
    }
}
