package io.github.ticketcaravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are together larger than the memory of the process that reads them. */
@Timeout(120)
class LargeRowsTest {

    private static final int LENGTH = 900_000;
    private static final int ROWS = 60;

    @TempDir
    private Path folder;

    private final AtomicInteger applied = new AtomicInteger();
    private HttpServer helpDesk;

    @BeforeEach
    void listen() throws IOException {
        helpDesk = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        helpDesk.createContext("/", this::apply);
        helpDesk.start();
    }

    @AfterEach
    void close() {
        helpDesk.stop(0);
    }

    private void apply(HttpExchange exchange) throws IOException {
        long length = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
        byte[] answer = "{\"id\":1}".getBytes(UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
        if (length > LENGTH) {
            applied.incrementAndGet();
        }
    }

    private Process start(String heap, Object... arguments) throws IOException {
        List<Object> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of(
                "--data",
                folder.resolve("data"),
                "--set",
                "caravan.endpoint.url=http://127.0.0.1:" + helpDesk.getAddress().getPort()));
        ProcessBuilder builder = Cli.process(folder, words.toArray());
        builder.command().addAll(1, List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"));
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
    }

    private int endOf(Process process) throws Exception {
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(said()).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }

    private Path packed(int rows, int length) throws IOException {
        Path file = folder.resolve("large.csv.gz");
        byte[] piece = "x".repeat(100_000).getBytes(UTF_8);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("ticket,custom[note]\n".getBytes(UTF_8));
            for (int i = 0; i < rows; i++) {
                out.write(("LF-" + (616_000 + i) + ",").getBytes(UTF_8));
                for (int written = 0; written < length; written += piece.length) {
                    out.write(piece);
                }
                out.write('\n');
            }
        }
        return file;
    }

    @Test
    void whatIsReadAheadTakesNoMoreThanAPartOfTheMemory() throws Exception {
        Path file = packed(ROWS, LENGTH);

        assertThat(endOf(start("72m", "import", file))).as(said()).isZero();
        assertThat(applied).hasValue(ROWS);
    }

    @Test
    void aRowThatIsTooLongRefusesItsFileBeforeItIsInMemory() throws Exception {
        Path file = packed(1, 100_000_000);

        assertThat(endOf(start("64m", "import", file))).isEqualTo(2);
        assertThat(said())
                .contains("large.csv.gz, line 2: the row that begins here is longer than 10,000,000 bytes")
                .contains("a row that is that long needs a larger caravan.csv.max-row");
        assertThat(applied).hasValue(0);
    }

    @Test
    void whereMemoryIsUsedUpRunEndsWith3() throws Exception {
        Path inbox = Files.createDirectories(folder.resolve("data/inbox"));
        Files.move(packed(1, 50_000_000), inbox.resolve("large.csv.gz"));

        assertThat(endOf(start("64m", "run", "--set", "caravan.csv.max-row=100MB")))
                .as(said())
                .isEqualTo(3);
    }
}
