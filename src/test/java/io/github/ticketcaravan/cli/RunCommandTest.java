package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code caravan run} and {@code caravan sandbox} in processes of their own, ended by SIGTERM. */
class RunCommandTest {

    @TempDir
    private Path folder;

    @Test
    void itRunsUntilItIsToldToEndAndThenEndsWith0() throws Exception {
        assumeThat(File.separator).as("signals are a matter of POSIX").isEqualTo("/");
        Path sandboxOut = folder.resolve("sandbox.out");
        Path runOut = folder.resolve("run.out");
        Path data = folder.resolve("data");
        Process sandbox = start(sandboxOut, "sandbox", "--port", "0");
        try {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Files.readString(sandboxOut).contains("Ctrl-C ends it"));
            String url = Files.readString(sandboxOut).replaceFirst("(?s).*?(http://[0-9.:]+)/.*", "$1");
            Process run = start(runOut, "run", "--data", data, "--set", "caravan.endpoint.url=" + url);
            try {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> Files.readString(runOut).contains("Ctrl-C stops."));
                assertThat(Files.readString(runOut))
                        .contains("Running for " + url + ". Drop CSV files into " + data.resolve("inbox") + "; ");
                Files.writeString(data.resolve("inbox/a.csv"), "ticket,status\nLF-616004,Resolved\n");
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> Files.exists(data.resolve("done"))
                                && Files.exists(data.resolve("inbox"))
                                && data.resolve("inbox").toFile().list().length == 0);

                run.destroy();

                assertThat(run.waitFor(15, TimeUnit.SECONDS)).isTrue();
                assertThat(run.exitValue()).as(Files.readString(runOut)).isZero();
                assertThat(data.resolve("done").toFile().list()).hasSize(2);
            } finally {
                run.destroyForcibly();
            }
            sandbox.destroy();

            assertThat(sandbox.waitFor(15, TimeUnit.SECONDS)).isTrue();
            assertThat(sandbox.exitValue()).as(Files.readString(sandboxOut)).isZero();
        } finally {
            sandbox.destroyForcibly();
        }
    }

    @Test
    @Timeout(60)
    void whereTheProgramIsBrokenItEndsWith3SoThatItIsStartedAnew() throws Exception {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        try (Stream<Path> shipped = Files.list(Cli.PROJECT.resolve("routes"))) {
            for (Path route : shipped.toList()) {
                Files.writeString(
                        routes.resolve(route.getFileName()),
                        Files.readString(route)
                                .replaceFirst(
                                        "ref: csvImports\\s+method: deliver\n",
                                        "beanType: \""
                                                + MailTroubleTest.Broken.class
                                                        .getName()
                                                        .replace("$", "\\$") + "\"\n"));
            }
        }
        Path data = folder.resolve("data");
        Files.writeString(Files.createDirectories(data.resolve("inbox")).resolve("a.csv"), "ticket,status\nLF-1,New\n");
        try (HelpDesk helpDesk = new HelpDesk()) {
            Cli.Result result = Cli.run(data, helpDesk.url(), "run", "--routes", routes);

            assertThat(result.exitCode()).isEqualTo(3);
            assertThat(result.err())
                    .contains("Stopped: Ticket Caravan is broken (java.lang.StackOverflowError: as if it were broken)");
            assertThat(data.resolve("inbox/a.csv")).exists();
        }
    }

    private Process start(Path output, Object... arguments) throws IOException {
        return Cli.process(folder, arguments)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
