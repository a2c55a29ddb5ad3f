package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.sandbox.Sandbox;
import io.github.ticketcaravan.sandbox.SandboxOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z";

    private static Sandbox sandbox;

    @TempDir
    private Path folder;

    private Path data;

    @BeforeAll
    static void startTheSandbox() {
        sandbox = Sandbox.start(SandboxOptions.defaults(Cli.PROJECT.resolve("config/sandbox.yaml")));
    }

    @AfterAll
    static void stopTheSandbox() {
        sandbox.close();
    }

    @BeforeEach
    void chooseTheDataFolder() {
        data = folder.resolve("data");
    }

    @Test
    void aFileThatIsAppliedWhole() throws Exception {
        Path file = write("good.csv", "ticket,status\nLF-616004,Resolved\nOC-820409,New\n");

        Cli.Result result = Cli.run(data, sandbox.url(), "import", file);

        assertThat(result.exitCode()).isZero();
        assertThat(result.err())
                .as("no progress bar where there is no terminal")
                .isEmpty();
        List<String> lines = result.out().lines().toList();
        assertThat(lines.get(0)).matches("good\\.csv: 2 rows in \\d+\\.\\d s \\([\\d,]+ rows/s\\)");
        assertThat(lines.subList(1, lines.size()))
                .containsExactly("  applied            2", "Receipts:", "  " + folder.resolve("good.results.csv"));
        List<String> receipt = Files.readAllLines(folder.resolve("good.results.csv"));
        assertThat(receipt).hasSize(3);
        assertThat(receipt.get(0)).isEqualTo("row,ticket,outcome,status,attempts,reason,finished_at");
        assertThat(receipt.get(1)).matches("2,LF-616004,applied,200,1,," + TIME);
        assertThat(receipt.get(2)).matches("3,OC-820409,applied,200,1,," + TIME);
        assertThat(folder.resolve("good.rejected.csv")).doesNotExist();
    }

    @Test
    void whatIsRefusedIsTakenAgainOnceItIsMended() throws Exception {
        Path file = write("mixed.csv", """
                ticket,status,priority
                LF-616004,Resolved,
                OC-820409,Waiting for Godot,
                LF-999999,Resolved,
                OC-820409,,
                """);

        Cli.Result first = Cli.run(data, sandbox.url(), "import", file);

        assertThat(first.exitCode()).isEqualTo(1);
        assertThat(first.err()).isEmpty();
        assertThat(first.out())
                .contains("  applied            1\n", "  invalid            1\n", "  rejected           2\n")
                .contains(folder.resolve("mixed.results.csv") + "\n", folder.resolve("mixed.rejected.csv") + "\n")
                .contains("To repair what was refused, mend the second file and import it as it is.");
        assertThat(Files.readAllLines(folder.resolve("mixed.results.csv")).stream()
                        .map(line ->
                                String.join(",", List.of(line.split(",", -1)).subList(0, 5))))
                .containsExactly(
                        "row,ticket,outcome,status,attempts",
                        "2,LF-616004,applied,200,1",
                        "3,OC-820409,rejected,404,1",
                        "4,LF-999999,rejected,404,1",
                        "5,OC-820409,invalid,,0");
        assertThat(Cli.run(data, sandbox.url(), "dead", "list").out()).contains("3 dead letters");

        Path rejected = folder.resolve("mixed.rejected.csv");
        String text = Files.readString(rejected);
        assertThat(text.lines().findFirst().orElse(""))
                .isEqualTo("\uFEFFticket,status,priority,caravan.outcome,caravan.status,caravan.reason,"
                        + "caravan.dead-letter");
        Files.writeString(
                rejected,
                text.replace("Waiting for Godot", "On Hold")
                        .replace("LF-999999", "LF-616004")
                        .replace("OC-820409,,,", "OC-820409,,Low,"));

        Cli.Result second = Cli.run(data, sandbox.url(), "import", rejected);

        assertThat(second.exitCode()).as(second.out()).isZero();
        assertThat(second.out()).contains("  applied            3\n");
        assertThat(Cli.run(data, sandbox.url(), "dead", "list").out()).isEqualToIgnoringNewLines("0 dead letters");
    }

    @Test
    void aFileThatWasImportedWholeIsNotSentAgainUnlessAskedFor() throws Exception {
        Path file = write("once.csv", "ticket,status\nLF-616004,Resolved\nLF-616004,Lost\n");
        try (ScriptedServer server = ScriptedServer.answering(number -> number % 2 == 0
                ? ScriptedServer.json(200, "true")
                : ScriptedServer.json(422, "{\"errors\":{\"status\":[\"is unknown\"]}}"))) {
            assertThat(Cli.run(data, server.url(), "import", file).exitCode()).isEqualTo(1);
            assertThat(server.requests()).hasSize(2);

            Cli.Result repeated = Cli.run(data, server.url(), "import", file);

            assertThat(repeated.exitCode()).as("that of the time before").isEqualTo(1);
            assertThat(repeated.out())
                    .containsPattern("once\\.csv was imported before, at " + TIME
                            + ", and is not sent again \\(--again sends it\\)\n")
                    .contains("  applied            1\n", "  rejected           1\n");
            assertThat(server.requests()).hasSize(2);

            assertThat(Cli.run(data, server.url(), "import", "--again", file).exitCode())
                    .isEqualTo(1);
            assertThat(server.requests()).hasSize(4);

            assertThat(Cli.run(data, server.url(), "import", file, "--set", "caravan.endpoint.application=other")
                            .exitCode())
                    .as("another application is another help desk")
                    .isEqualTo(1);
            assertThat(server.requests()).hasSize(6);
        }
    }

    @Test
    void afterAHaltItGoesOnWhereItStopped() throws Exception {
        Path file = write("long.csv", rows(5));
        String[] oneAtATime = {"--set", "caravan.delivery.concurrency=1"};
        try (ScriptedServer server = ScriptedServer.answering(
                number -> number == 2 ? ScriptedServer.json(403, "{}") : ScriptedServer.json(200, "true"))) {
            Cli.Result stopped = Cli.run(data, server.url(), "import", file, oneAtATime[0], oneAtATime[1]);

            assertThat(stopped.exitCode()).isEqualTo(3);
            assertThat(stopped.out())
                    .contains("  applied            2\n", "  not sent           3\n", "Stopped: ")
                    .contains(
                            "The same command goes on where it stopped; rows that have an outcome are not sent again.");
            assertThat(server.requests()).hasSize(3);
            assertThat(Files.readAllLines(folder.resolve("long.results.csv"))).hasSize(3);

            Cli.Result resumed = Cli.run(data, server.url(), "import", file, oneAtATime[0], oneAtATime[1]);

            assertThat(resumed.exitCode()).isZero();
            assertThat(resumed.out()).contains("long.csv: 3 rows in ", "  applied            5\n");
            assertThat(server.requests()).hasSize(6);
            assertThat(server.requests().stream().map(ImportCommandTest::ticket))
                    .containsExactly("LF-2", "LF-3", "LF-4", "LF-4", "LF-5", "LF-6");
            assertThat(Files.readAllLines(folder.resolve("long.results.csv"))).hasSize(6);
        }
    }

    @Test
    void onlyTheFirstRowsAreSentWhereThereIsALimit() throws Exception {
        Path file = write("limited.csv", rows(4));
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            Cli.Result limited = Cli.run(data, server.url(), "import", "--limit", 2, file);

            assertThat(limited.exitCode()).isZero();
            assertThat(limited.out()).contains("  applied            2\n", "  not sent           2\n");
            assertThat(server.requests()).hasSize(2);

            assertThat(Cli.run(data, server.url(), "import", file).out()).contains("  applied            4\n");
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void severalFilesAreAppliedOneAfterTheOther() throws Exception {
        Path one = write("one.csv", "ticket,status\nLF-1,New\n");
        Path two = write("two.csv", "ticket,status\nLF-2,New\n");
        try (ScriptedServer server = ScriptedServer.answering(
                number -> number == 0 ? ScriptedServer.json(404, "{}") : ScriptedServer.json(200, "{}"))) {
            Cli.Result result = Cli.run(data, server.url(), "import", one, two);

            assertThat(result.exitCode()).as("the worst of them").isEqualTo(1);
            assertThat(server.requests().stream().map(ImportCommandTest::ticket))
                    .containsExactly("LF-1", "LF-2");
            assertThat(folder.resolve("one.rejected.csv")).exists();
            assertThat(folder.resolve("two.results.csv")).exists();
        }
    }

    @Test
    void noneOfSeveralFilesIsSentWhereOneCannotBeRead() throws Exception {
        Path good = write("good.csv", "ticket,status\nLF-1,New\n");
        Path missing = folder.resolve("missing.csv");
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            Cli.Result result = Cli.run(data, server.url(), "import", good, missing);

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).isEqualToIgnoringNewLines(missing + " does not exist: check its name and folder");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aDryRunNeedsNoHelpDeskAndLeavesNothingBehind() throws Exception {
        Path file = write("dry.csv", """
                ticket,status,custom[notes]
                LF-616004,Waiting for Staff,\\empty
                ,Resolved,
                odd ticket,Resolved,"say ""hi""
                twice"
                """);

        Cli.Result result = Cli.run("import", "--dry-run", file, "--data", data);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEmpty();
        List<String> lines = result.out().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isEqualTo("row 2  LF-616004  status=\"Waiting for Staff\" custom[notes]=\"\"");
        assertThat(lines.get(1)).startsWith("row 3    invalid: ticket: is missing");
        assertThat(lines.get(2))
                .startsWith("row 4  odd ticket  status=Resolved custom[notes]=\"say \"\"hi\"\"\\ntwice\"  (warning: ");
        assertThat(lines.get(3)).isEqualTo("dry.csv: 3 rows, 2 would be sent, 1 are invalid. Nothing was sent.");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aDryRunPrintsNothingThatSteersTheTerminal() throws Exception {
        String title = "\u001b]0;owned\u0007";
        Path file = write(
                "steering.csv", "ticket,subject,custom[notes]\nLF-616004,Hello,a" + title + "\nLF-" + title + ",b,c\n");

        Cli.Result result = Cli.run("import", "--dry-run", file, "--data", data);

        assertThat(result.out()).contains("\\u001b]0;owned\\u0007").doesNotContain("\u001b", "\u0007");
    }

    /** Who names a file may read it, and so may name it by a link; its receipts stand beside the link. */
    @Test
    void aLinkThatIsNamedIsFollowed() throws Exception {
        Path target = Files.createDirectories(folder.resolve("elsewhere")).resolve("target.csv");
        Files.writeString(target, rows(2));
        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), target);

        assertThat(Cli.run("import", "--dry-run", link, "--data", data).out()).contains("link.csv: 2 rows");
    }

    @Test
    void aDryRunOfAGoodFileEndsWith0() throws Exception {
        assertThat(Cli.run("import", "--dry-run", write("good.csv", rows(2)), "--data", data)
                        .exitCode())
                .isZero();
    }

    @Test
    void everyParameterReachesTheHelpDeskEncoded() throws Exception {
        Path file = Files.copy(
                Cli.PROJECT.resolve("src/test/resources/cli/every-parameter.csv"), folder.resolve("all.csv"));
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(200, "{}"))) {
            Cli.Result result = Cli.run(
                    data,
                    server.url(),
                    "import",
                    file,
                    "--set",
                    "caravan.endpoint.token=t",
                    "--set",
                    "caravan.endpoint.secret=s",
                    "--set",
                    "caravan.endpoint.application=app",
                    "--set",
                    "caravan.endpoint.rules=disabled",
                    "--set",
                    "caravan.delivery.concurrency=1");

            assertThat(result.exitCode()).as(result.out()).isZero();
            String head = head(server.requests().get(0));
            assertThat(head).startsWith("POST /api/v2/tickets/update HTTP/1.1\r\n");
            assertThat(head.lines().skip(1).map(line -> line.substring(0, line.indexOf(':'))))
                    .containsExactlyInAnyOrder(
                            "Host",
                            "Connection",
                            "User-Agent",
                            "Content-Type",
                            "Content-Length",
                            "X-Auth-Token",
                            "X-Auth-Secret",
                            "X-Auth-Application",
                            "X-Sirportly-Rules");
            assertThat(head)
                    .contains("X-Auth-Token: t\r\n", "X-Auth-Secret: s\r\n", "X-Auth-Application: app\r\n")
                    .contains("X-Sirportly-Rules: disabled\r\n", "User-Agent: ticket-caravan/")
                    .contains("Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n");

            assertThat(server.requests().stream().map(ImportCommandTest::body))
                    .containsExactly(
                            String.join(
                                    "&",
                                    "ticket=LF-616004",
                                    "status=Waiting+for+Staff",
                                    "priority=High",
                                    "department=3",
                                    "sla=Premium",
                                    "team=1st+Line+Support",
                                    "user=charlie",
                                    "subject=%C3%9Cn%C3%AF+%26+100+%25+%3D+%22done%22%3F+%F0%9F%8D%AE",
                                    "tag_list=vip%2C+urgent",
                                    "updated_at=2026-11-23T08%3A00%3A00%2B01%3A00",
                                    "reply_due_at=2026-11-23T19%3A50%3A00%2B00%3A00",
                                    "resolution_due_at=2+days+from+now",
                                    "custom%5Bphone_number%5D=%2B49+30+1234",
                                    "custom%5Bgr%C3%B6%C3%9Fe%5D=%5BXL%5D",
                                    "contact_method_data=adam%40example.com",
                                    "contact_name=Zo%C3%AB+%C5%8Ckubo",
                                    "additional_contact_methods=adam%40atech.io%2Cdave%40atech.io"),
                            "ticket=OC-820409&tag_list=&contact_method=4");
        }
    }

    @Test
    void unicodeAndBracketsAreEncodedAsUtf8() throws Exception {
        Path file = write("unicode.csv", "ticket,subject,custom[größe]\nLF-1,\"Crème & <brûlée> 🍮 =+\",50 %\n");
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(200, "{}"))) {
            Cli.run(data, server.url(), "import", file);

            assertThat(server.requests().stream().map(ImportCommandTest::body))
                    .containsExactly("ticket=LF-1&subject=Cr%C3%A8me+%26+%3Cbr%C3%BBl%C3%A9e%3E+%F0%9F%8D%AE+%3D%2B"
                            + "&custom%5Bgr%C3%B6%C3%9Fe%5D=50+%25");
        }
    }

    @Test
    void aGzipFileIsReadAsItIs() throws Exception {
        Path file = folder.resolve("packed.csv.gz");
        try (OutputStream stream = new GZIPOutputStream(Files.newOutputStream(file))) {
            stream.write(rows(2).getBytes(StandardCharsets.UTF_8));
        }
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            assertThat(Cli.run(data, server.url(), "import", file).exitCode()).isZero();
        }
        assertThat(folder.resolve("packed.results.csv")).exists();
    }

    @Test
    void receiptsThatCannotBeWrittenAreWrittenByTheSameCommandLater() throws Exception {
        Path file = write("blocked.csv", rows(2));
        Path inTheWay =
                Files.createDirectories(folder.resolve("blocked.results.csv").resolve("in the way"));
        try (ScriptedServer server = ScriptedServer.always(ScriptedServer.json(200, "true"))) {
            Cli.Result blocked = Cli.run(data, server.url(), "import", file);

            assertThat(blocked.exitCode()).isEqualTo(3);
            assertThat(blocked.out())
                    .contains("Stopped: the receipt " + folder.resolve("blocked.results.csv") + " cannot be written ")
                    .contains("check that " + folder + " is a folder on a disk that has room");
            assertThat(blocked.err()).doesNotContain("\tat ");

            Files.delete(inTheWay);
            Files.delete(inTheWay.getParent());

            assertThat(Cli.run(data, server.url(), "import", file).exitCode()).isZero();
            assertThat(Files.readAllLines(folder.resolve("blocked.results.csv")))
                    .hasSize(3);
            assertThat(server.requests()).as("nothing is sent twice").hasSize(2);
        }
    }

    /** In a process of its own, for it reads the standard input and puts receipts into the working folder. */
    @Test
    void standardInputIsSpooledAndNoSecretIsLogged() throws Exception {
        Path input = write("input.csv", rows(3));
        try (ScriptedServer server = ScriptedServer.answering(number -> number == 0
                ? ScriptedServer.json(500, "{}")
                : ScriptedServer.json(200, "{\"source\":\"hush-token hush-secret\"}"))) {
            Path output = folder.resolve("output");
            ProcessBuilder builder = Cli.process(
                    Files.createDirectory(folder.resolve("work")),
                    "import",
                    "-",
                    "--verbose",
                    "--data",
                    data,
                    "--set",
                    "caravan.endpoint.url=" + server.url(),
                    "--set",
                    "caravan.delivery.retry.delay=1ms");
            builder.environment()
                    .putAll(Map.of("CARAVAN_ENDPOINT_TOKEN", "hush-token", "CARAVAN_ENDPOINT_SECRET", "hush-secret"));
            Process process = builder.redirectInput(input.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

            String written = Files.readString(output);
            assertThat(process.exitValue()).as(written).isZero();
            assertThat(written).contains("standard input: 3 rows in ");
            assertThat(server.requests())
                    .hasSize(4)
                    .allMatch(request -> request.contains("X-Auth-Secret: hush-secret"));
            try (Stream<Path> files = Files.list(folder.resolve("work"))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .singleElement()
                        .asString()
                        .matches("stdin-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ\\.results\\.csv");
            }
            assertThat(data.resolve("spool")).isEmptyDirectory();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain("hush-token", "hush-secret");
                }
            }
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String rows(int count) {
        StringBuilder text = new StringBuilder("ticket,status\n");
        for (int row = 2; row < count + 2; row++) {
            text.append("LF-").append(row).append(",New\n");
        }
        return text.toString();
    }

    private static String head(String request) {
        return request.substring(0, request.indexOf("\r\n\r\n") + 2);
    }

    private static String body(String request) {
        return request.substring(request.indexOf("\r\n\r\n") + 4);
    }

    private static String ticket(String request) {
        String body = body(request);
        return body.substring("ticket=".length(), body.indexOf('&'));
    }
}
