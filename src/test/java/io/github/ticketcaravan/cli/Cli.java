package io.github.ticketcaravan.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs commands as a user would, within this process. */
public final class Cli {

    public static final Path PROJECT =
            Path.of(System.getProperty("caravan.project", ".")).toAbsolutePath();

    private Cli() {}

    /** What a command ended with and wrote. */
    record Result(int exitCode, String out, String err) {}

    static Result run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> words = new ArrayList<>();
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), words.toArray(String[]::new));
        return new Result(exitCode, out.toString(), err.toString());
    }

    /** With a data folder, an endpoint, and short delays; more options may follow. */
    static Result run(Path data, Object url, Object... arguments) {
        List<Object> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of(
                "--data",
                data,
                "--set",
                "caravan.endpoint.url=" + url,
                "--set",
                "caravan.delivery.retry.delay=2ms",
                "--set",
                "caravan.delivery.retry.max-delay=10ms"));
        return run(words.toArray());
    }

    /** {@code run} in a process of its own, its data in that folder, and its log where it is wanted. */
    static ProcessBuilder runProcess(Path folder, Path log, HelpDesk helpDesk, List<String> options) {
        List<Object> words = new ArrayList<>(List.of(
                "run",
                "--config",
                PROJECT.resolve("config"),
                "--data",
                folder.resolve("data"),
                "--set=caravan.endpoint.url=" + helpDesk.url()));
        words.addAll(options);
        return process(folder, words.toArray()).redirectErrorStream(true).redirectOutput(log.toFile());
    }

    /** A command in a process of its own, which knows this one's classes. */
    public static ProcessBuilder process(Path workingFolder, Object... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dcaravan.home=" + PROJECT,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        return new ProcessBuilder(words).directory(workingFolder.toFile());
    }
}
