package io.github.ticketcaravan.csv;

import io.github.ticketcaravan.update.FileName;
import java.nio.file.Path;
import java.util.Locale;

/** What the receipts of a file are called. */
public final class ReceiptNames {

    private ReceiptNames() {}

    /**
     * The file's name without {@code .csv} or {@code .csv.gz}, in any case; another extension stays. It is shortened where
     * receipts could not be called so ({@link FileName}).
     */
    public static String nameOf(Path file) {
        return FileName.of(withoutExtension(String.valueOf(file.getFileName())));
    }

    /** What the file itself is called beside its receipts: the same, with its extension. */
    public static String besideReceipts(Path file) {
        String name = String.valueOf(file.getFileName());
        String without = withoutExtension(name);
        return FileName.of(without) + name.substring(without.length());
    }

    private static String withoutExtension(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String extension : new String[] {".csv.gz", ".csv"}) {
            if (lower.endsWith(extension) && lower.length() > extension.length()) {
                return name.substring(0, name.length() - extension.length());
            }
        }
        return name;
    }

    /** {@code NAME.results.csv}. */
    public static String results(String name) {
        return name + ".results.csv";
    }

    /** {@code NAME.rejected.csv}. */
    public static String rejected(String name) {
        return name + ".rejected.csv";
    }
}
