package io.github.ticketcaravan.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiptNamesTest {

    @ParameterizedTest
    @CsvSource({
        "orders.csv, orders",
        "orders.csv.gz, orders",
        "Orders.CSV, Orders",
        "Orders.Csv.GZ, Orders",
        "orders.txt, orders.txt",
        "orders.gz, orders.gz",
        "orders, orders",
        "orders.rejected.csv, orders.rejected",
        "a.csv.csv, a.csv",
        ".csv, .csv",
        "in/box.csv/orders.csv, orders",
    })
    void aReceiptIsNamedAsTheFileWithoutItsExtension(String file, String name) {
        assertThat(ReceiptNames.nameOf(Path.of(file))).isEqualTo(name);
    }

    @Test
    void theReceiptsAreCalledResultsAndRejected() {
        assertThat(ReceiptNames.results("orders")).isEqualTo("orders.results.csv");
        assertThat(ReceiptNames.rejected("orders")).isEqualTo("orders.rejected.csv");
    }

    @Test
    void whatAReceiptIsNamedFitsIntoAFileSystemWhateverTheFileIsCalled() {
        Path file = Path.of("\u6f22".repeat(80) + ".csv.gz");
        String name = "2026-11-23T19-50-00Z-" + ReceiptNames.rejected(ReceiptNames.nameOf(file)) + ".part";

        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(255);
        assertThat(ReceiptNames.besideReceipts(file)).isEqualTo(ReceiptNames.nameOf(file) + ".csv.gz");
        assertThat(ReceiptNames.besideReceipts(Path.of("orders.csv"))).isEqualTo("orders.csv");
    }
}
