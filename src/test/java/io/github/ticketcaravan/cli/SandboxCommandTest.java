package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SandboxCommandTest {

    private static final Path CONFIG =
            Path.of(System.getProperty("caravan.project", ".")).resolve("config");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private CommandLine command() {
        return new CommandLine(new SandboxCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--fail=503 | '503' is no fault: it begins with what fails and how often;",
                "--latency=long | 'long' is no duration: write for example 50ms, 2s or 1m",
                "--latency=61s | a latency of 61000ms is out of range: give from 0ms to 60s",
                "--rate-limit=-1 | a rate limit of -1.0 is out of range: give requests a second, or 0 for no limit",
                "--port=70000 | port 70000 is out of range: give 1 to 65535, or 0 for any",
                "--tickets=-5 | -5 tickets is out of range: give 1 to 5000000",
                "--data-file=nowhere.yaml | nowhere.yaml: there is no such file; name the sandbox's data file"
            })
    void aMistakeIsToldInOneSentenceAndExitsWith2(String option, String sentence) {
        assertThat(command().execute("--config=" + CONFIG, option)).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().startsWith(sentence);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void itSaysWhereItListensAndHowToCallItAndServesUntilItIsStopped() throws Exception {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Thread thread =
                new Thread(() -> exit.complete(command().execute("--config=" + CONFIG, "--port=0", "--fail=503:100%")));
        thread.start();
        Pattern address = Pattern.compile("listens on (http://127\\.0\\.0\\.1:[0-9]+)/api/v2/tickets/update");
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> address.matcher(out.toString()).find());
        Matcher matcher = address.matcher(out.toString());
        assertThat(matcher.find()).isTrue();
        assertThat(out.toString()).contains("X-Auth-Token: sandbox", "X-Auth-Secret: sandbox");

        HttpRequest request = HttpRequest.newBuilder(URI.create(matcher.group(1) + "/api/v2/objects/statuses"))
                .timeout(Duration.ofSeconds(10))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(503);
        assertThat(exit.isDone()).isFalse();
        thread.interrupt();
        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void outOfFileDescriptorsItSaysSoAndServesAgainOnceThereAreSome(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("stderr");
        Path answers = folder.resolve("stdout");
        // The shell takes the limit on; Java opens some two hundred files of its own.
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 400 && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        // Otherwise Java raises the limit to what the system allows.
                        "-XX:-MaxFDLimit",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.github.ticketcaravan.cli.Main",
                        "sandbox",
                        "--config=" + CONFIG,
                        "--data=" + folder.resolve("data"),
                        "--port=0")
                .redirectError(log.toFile())
                .redirectOutput(answers.toFile())
                .start();
        List<Socket> sockets = new ArrayList<>();
        try {
            Pattern listens = Pattern.compile("http://127\\.0\\.0\\.1:([0-9]+)/");
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> listens.matcher(Files.readString(answers)).find());
            Matcher port = listens.matcher(Files.readString(answers));
            assertThat(port.find()).isTrue();
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + port.group(1) + "/sandbox/faults"))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            // Before the flood: Java opens files for classes that it needs for the first time.
            assertThat(status(request)).isEqualTo(200);
            for (int i = 0; i < 400; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1))));
            }
            Awaitility.await()
                    .atMost(10, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(log)
                            .content()
                            .contains("The sandbox has no file descriptor left, and new connections wait:"
                                    + " close connections, or raise the limit of open files (ulimit -n)"));
            for (Socket socket : sockets) {
                socket.close();
            }

            assertThat(status(request)).isEqualTo(200);
            assertThat(log).content().doesNotContain("exceptionCaught()");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
            process.destroy();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static int status(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }
}
