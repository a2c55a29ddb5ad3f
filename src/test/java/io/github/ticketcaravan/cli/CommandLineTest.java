package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CommandLineTest {

    private static final Pattern SUBCOMMAND = Pattern.compile("(?m)^  ([a-z]+)  +[A-Z]");

    @Test
    void theCommandsAreThese() {
        assertThat(subcommands(List.of())).contains("demo", "run", "import", "send", "dead", "sandbox");
        assertThat(subcommands(List.of("dead"))).contains("list", "show");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandTellsHowItIsUsed(List<String> command) {
        Cli.Result result = Cli.run(with(command, "--help"));

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith(String.join(" ", with(List.of("Usage: caravan"), command.toArray(String[]::new))) + " ");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandTellsItsVersion(List<String> command) {
        Cli.Result result = Cli.run(with(command, "--version"));

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).matches("Ticket Caravan \\S+ \\(Java \\S+\\)\\R");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                              | Missing required subcommand
            frob                            | Unmatched argument at index 0: 'frob'
            improt                          | Unmatched argument at index 0: 'improt'
            dead                            | Missing required subcommand
            dead lost                       | Unmatched argument at index 1: 'lost'
            import                          | Missing required parameter: 'FILE'
            import --limit few a.csv        | Invalid value for option '--limit': 'few' is not a long
            import --limit 0 a.csv          | --limit=0: expected 1 or more
            import --dryrun a.csv           | Unknown option: '--dryrun'
            import a.csv --set              | Missing required parameter for option '--set' (KEY=VALUE)
            import a.csv --set caravan      | should be in KEY=VALUE format but was caravan
            send                            | Missing required parameters: 'TICKET', 'NAME=VALUE'
            send LF-616004                  | Missing required parameter: 'NAME=VALUE'
            dead show                       | Missing required parameter: 'ID'
            dead list --status many         | Invalid value for option '--status': 'many' is not an int
            sandbox --port http             | Invalid value for option '--port': 'http' is not an int
            """)
    void aMisuseIsToldInOneSentenceAndEndsWith2(String line, String sentence) {
        Cli.Result result = Cli.run(line.isEmpty() ? new Object[0] : (Object[]) line.split(" "));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines().findFirst().orElse("")).contains(sentence);
        assertThat(result.err()).contains("--help");
    }

    @Test
    void theNearestCommandAndOptionAreNamed() {
        assertThat(Cli.run("improt").err()).contains("Did you mean: caravan import");
        assertThat(Cli.run("import", "--dryrun", "a.csv").err()).contains("--dry-run");
    }

    private static Object[] with(List<String> command, String option) {
        return Stream.concat(command.stream(), Stream.of(option)).toArray();
    }

    private static List<String> with(List<String> begin, String[] rest) {
        return Stream.concat(begin.stream(), Arrays.stream(rest)).toList();
    }

    /** Every command and subcommand, as words; the program itself is none. */
    static List<List<String>> commands() {
        List<List<String>> commands = new ArrayList<>(List.of(List.of()));
        for (String command : subcommands(List.of())) {
            commands.add(List.of(command));
            for (String subcommand : subcommands(List.of(command))) {
                commands.add(List.of(command, subcommand));
            }
        }
        return commands;
    }

    private static List<String> subcommands(List<String> command) {
        String help = Cli.run(with(command, "--help")).out();
        int list = help.indexOf("Commands:");
        List<String> names = new ArrayList<>();
        Matcher matcher = SUBCOMMAND.matcher(list < 0 ? "" : help.substring(list));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    @Test
    void aSecretAmongTheOptionsIsWarnedOfAndTheSandboxsIsNone(@TempDir Path data) {
        String url = "--set=caravan.endpoint.url=http://127.0.0.1:1";

        Cli.Result secret = Cli.run(
                "dead",
                "list",
                "--data",
                data,
                url,
                "--set=caravan.endpoint.token=t",
                "--set=caravan.endpoint.secret=xyzzy");
        Cli.Result practice = Cli.run(
                "dead",
                "list",
                "--data",
                data,
                url,
                "--set=caravan.endpoint.token=sandbox",
                "--set=caravan.endpoint.secret=sandbox");

        assertThat(secret.exitCode()).isZero();
        assertThat(secret.err())
                .contains("--set caravan.endpoint.secret=...: every user", "caravan.endpoint.secret-file")
                .doesNotContain("xyzzy");
        assertThat(practice.err()).isEmpty();
    }
}
