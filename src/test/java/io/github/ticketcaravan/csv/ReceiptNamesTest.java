package io.github.ticketcaravan.csv;

import static org.assertj.core.api.Assertions.assertThat;

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
}
