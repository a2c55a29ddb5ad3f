package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code bin/caravan}, with a Java that only tells how it was started. */
class LauncherTest {

    /** Tells its process, then each argument in brackets; writes the archive of classes that it is asked for. */
    private static final String FAKE_JAVA = """
            #!/bin/sh
            if [ "$1" = -version ]; then echo 'openjdk version "VERSION" 2025-04-15' >&2; exit 0; fi
            echo "pid $$"
            for argument in "$@"; do
              echo "[$argument]"
              case $argument in -XX:ArchiveClassesAtExit=*) echo classes > "${argument#*=}" ;; esac
            done
            exit 42
            """;

    @TempDir
    private Path folder;

    private Path home;
    private Path launcher;

    private record Result(int exitCode, long pid, List<String> out, String err) {}

    @BeforeEach
    void layOutADistribution() throws IOException {
        assumeThat(File.separator).as("the script is for POSIX").isEqualTo("/");
        // As the file system knows it, for the script asks it too.
        home = Files.createDirectories(folder.resolve("my caravan")).toRealPath();
        launcher = Files.createDirectories(home.resolve("bin")).resolve("caravan");
        Files.copy(Cli.PROJECT.resolve("src/main/dist/bin/caravan"), launcher);
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void itBecomesJavaWithItsArgumentsAsTheyAre() throws Exception {
        Path java = java("17.0.1", true);

        Result result = run(
                launcher, Map.of("JAVA_HOME", java.toString()), "import", "my file.csv", "", "*", "a\"b'c", "$HOME");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(42);
        assertThat(result.out().get(0)).as("exec: the same process").isEqualTo("pid " + result.pid());
        assertThat(result.out())
                .contains("[-Dcaravan.home=" + home + "]", "[-Dcaravan.terminal=false]", "[" + home + "/lib/*]");
        assertThat(result.out().subList(result.out().size() - 7, result.out().size()))
                .containsExactly(
                        "[io.github.ticketcaravan.cli.Main]",
                        "[import]",
                        "[my file.csv]",
                        "[]",
                        "[*]",
                        "[a\"b'c]",
                        "[$HOME]");
    }

    @Test
    void moreOptionsForJavaComeFromTheEnvironment() throws Exception {
        Path java = java("21", true);

        Result result =
                run(launcher, Map.of("JAVA_HOME", java.toString(), "CARAVAN_JAVA_OPTS", "-Xmx256m -Dx=y"), "demo");

        assertThat(result.out())
                .containsSubsequence("[-XX:+ExitOnOutOfMemoryError]", "[-Xmx256m]", "[-Dx=y]", "[-cp]", "[demo]");
    }

    @Test
    void itFindsItsFolderThroughSymbolicLinks() throws Exception {
        Path java = java("17.0.1", true);
        Path bin = Files.createDirectories(folder.resolve("usr/bin"));
        Files.createSymbolicLink(home.resolve("bin/other"), Path.of("caravan"));
        Path link = Files.createSymbolicLink(bin.resolve("caravan"), home.resolve("bin/other"));

        Result result = run(link, Map.of("JAVA_HOME", java.toString()), "demo");

        assertThat(result.out()).contains("[-Dcaravan.home=" + home + "]");
    }

    @Test
    void itFindsItsFolderWhateverCdpathSays() throws Exception {
        Path java = java("17.0.1", true);
        Path decoy = Files.createDirectories(folder.resolve("decoy/my caravan/bin"));
        Files.createDirectories(folder.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("elsewhere/my caravan"), home);

        Result result = run(
                Path.of("my caravan/bin/caravan"),
                Map.of("JAVA_HOME", java.toString(), "CDPATH", decoy.getParent().getParent() + ":."),
                "demo");

        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("[-Dcaravan.home=" + folder.toRealPath().resolve("elsewhere/my caravan") + "]");
    }

    @Test
    void aFolderThatJavaCannotLoadFromIsRefusedByName() throws Exception {
        Path other =
                Files.createDirectories(home.resolve("2026:11").resolve("bin")).resolve("caravan");
        Files.copy(launcher, other);

        Result result = run(other, Map.of("JAVA_HOME", java("17.0.1", true).toString()), "demo");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualToIgnoringNewLines("caravan: Java separates class paths by ':' and cannot load a program from "
                        + home + "/2026:11: move it to a folder without ':'");
    }

    @Test
    void withoutJavaHomeItTakesTheJavaOfThePath() throws Exception {
        Path java = java("25", true);

        Result result = run(launcher, Map.of("PATH", java.resolve("bin") + ":" + System.getenv("PATH")), "demo");

        assertThat(result.exitCode()).isEqualTo(42);
    }

    @Test
    void aJavaWithoutAReleaseFileIsAskedForItsVersion() throws Exception {
        assertThat(run(launcher, Map.of("JAVA_HOME", java("17", false).toString()), "demo")
                        .exitCode())
                .isEqualTo(42);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8.0_402", "11.0.22", "16.0.2", "9"})
    void aJavaThatIsTooOldIsRefused(String version) throws Exception {
        for (boolean release : new boolean[] {true, false}) {
            Path java = java(version, release);

            Result result = run(launcher, Map.of("JAVA_HOME", java.toString()), "demo");

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            assertThat(result.err())
                    .isEqualToIgnoringNewLines("caravan: Java 17 or newer is needed, and " + java + "/bin/java is "
                            + version + ": set JAVA_HOME to a newer one");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "17-ea", "21.0.4", "25.0.1", "100"})
    void aJavaThatIsNewEnoughIsTaken(String version) throws Exception {
        for (boolean release : new boolean[] {true, false}) {
            assertThat(run(launcher, Map.of("JAVA_HOME", java(version, release).toString()), "demo")
                            .exitCode())
                    .isEqualTo(42);
        }
    }

    @Test
    void aJavaHomeThatHasNoJavaIsNamed() throws Exception {
        Result result = run(launcher, Map.of("JAVA_HOME", "/no/such/java"), "demo");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .isEqualToIgnoringNewLines(
                        "caravan: JAVA_HOME is /no/such/java, but there is no bin/java in it: mend or"
                                + " unset JAVA_HOME");
    }

    @Test
    void thatJavaIsMissingIsSaid() throws Exception {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("dirname", "readlink", "sed")) {
            Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec " + tool(tool) + " \"$@\"\n");
            assertThat(tools.resolve(tool).toFile().setExecutable(true)).isTrue();
        }

        Result result = run(launcher, Map.of("PATH", tools.toString()), "demo");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualToIgnoringNewLines(
                        "caravan: Java is missing: install Java 17 or newer, or set JAVA_HOME to where it is");
    }

    @Test
    void theDemoMakesAnArchiveOfClassesThatAllCommandsUse() throws Exception {
        Map<String, String> environment =
                Map.of("JAVA_HOME", java("17.0.1", true).toString());
        Path lib = library("one build");

        assertThat(run(launcher, environment, "import").out()).noneMatch(LauncherTest::isAboutArchive);
        Result demo = run(launcher, environment, "demo", "--verbose");
        assertThat(demo.exitCode()).isEqualTo(42);
        assertThat(demo.out()).filteredOn(LauncherTest::isAboutArchive).hasSize(1);
        assertThat(demo.out()).endsWith("[demo]", "[--verbose]");

        Path archive = onlyArchive(lib);
        for (String command : List.of("import", "demo", "--version")) {
            assertThat(run(launcher, environment, command).out())
                    .filteredOn(LauncherTest::isAboutArchive)
                    .containsExactly("[-XX:SharedArchiveFile=" + archive + "]");
        }
    }

    @Test
    void anArchiveOfOtherClassesOrOfAnotherJavaIsNotUsed() throws Exception {
        Map<String, String> environment =
                Map.of("JAVA_HOME", java("17.0.1", true).toString());
        Path lib = library("one build");
        run(launcher, environment, "demo");
        Path old = onlyArchive(lib);

        Path other = java("21.0.4", true);
        assertThat(run(launcher, Map.of("JAVA_HOME", other.toString()), "import")
                        .out())
                .noneMatch(LauncherTest::isAboutArchive);
        library("another one");
        assertThat(run(launcher, environment, "import").out()).noneMatch(LauncherTest::isAboutArchive);
        run(launcher, environment, "demo");
        assertThat(onlyArchive(lib)).isNotEqualTo(old);
    }

    @Test
    void anInstallationThatCannotBeWrittenToHasNoArchive() throws Exception {
        Map<String, String> environment =
                Map.of("JAVA_HOME", java("17.0.1", true).toString());
        Path lib = library("one build");
        Files.setPosixFilePermissions(lib, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeThat(Files.isWritable(lib))
                .as("the super-user may write anywhere")
                .isFalse();

        Result demo = run(launcher, environment, "demo");

        assertThat(demo.out().get(0)).as("exec: the same process").isEqualTo("pid " + demo.pid());
        assertThat(demo.out()).noneMatch(LauncherTest::isAboutArchive);
    }

    @Test
    void onlyCommandsThatTakeLongAreCompiledWell() throws Exception {
        Map<String, String> environment = Map.of("JAVA_HOME", java("17", true).toString());
        String quickly = "[-XX:TieredStopAtLevel=1]";

        for (String command : List.of("run", "publish", "sandbox", "demo")) {
            assertThat(run(launcher, environment, command).out()).doesNotContain(quickly);
        }
        for (String command : List.of("--version", "dead", "send", "import")) {
            assertThat(run(launcher, environment, command).out()).contains(quickly);
        }
        assertThat(run(launcher, environment).out()).contains(quickly);
    }

    @Test
    void anImportIsCompiledWellIfItsFilesAreLarge() throws Exception {
        Map<String, String> environment = Map.of("JAVA_HOME", java("17", true).toString());
        String quickly = "[-XX:TieredStopAtLevel=1]";
        String small = sized("small file.csv", 3_400_000);
        String other = sized("other.csv", 4_700_000);

        assertThat(run(launcher, environment, "import", "--dry-run", small).out())
                .contains(quickly);
        assertThat(run(launcher, environment, "import", small, other).out()).doesNotContain(quickly);
        assertThat(run(launcher, environment, "import", "-").out()).doesNotContain(quickly);
        assertThat(run(launcher, environment, "import", sized("packed.csv.gz", 100))
                        .out())
                .doesNotContain(quickly);
    }

    @Test
    void whatCannotBeReadIsLeftToTheProgramToTell() throws Exception {
        Path file = Path.of(sized("secret.csv", 100));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(file)).as("root may read everything").isFalse();

        Result result = run(launcher, Map.of("JAVA_HOME", java("17", true).toString()), "import", file.toString());

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(42);
    }

    private String sized(String name, long bytes) throws IOException {
        Path file = home.resolve(name);
        try (RandomAccessFile empty = new RandomAccessFile(file.toFile(), "rw")) {
            empty.setLength(bytes);
        }
        return file.toString();
    }

    private Path library(String content) throws IOException {
        Path lib = Files.createDirectories(home.resolve("lib"));
        Files.writeString(lib.resolve("ticket-caravan-1.2.3.jar"), content);
        return lib;
    }

    private static Path onlyArchive(Path lib) throws IOException {
        try (Stream<Path> files = Files.list(lib)) {
            List<Path> archives =
                    files.filter(file -> !file.toString().endsWith(".jar")).toList();
            assertThat(archives).hasSize(1);
            return archives.get(0);
        }
    }

    private static boolean isAboutArchive(String argument) {
        return argument.startsWith("[-XX:SharedArchiveFile=") || argument.startsWith("[-XX:ArchiveClassesAtExit=");
    }

    private static Path tool(String name) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, name))) {
                return Path.of(folder, name);
            }
        }
        throw new AssertionError("there is no " + name);
    }

    /** @param release whether its folder tells the version in a file */
    private Path java(String version, boolean release) throws IOException {
        Path java = folder.resolve("java " + version + " " + release);
        Path program = Files.createDirectories(java.resolve("bin")).resolve("java");
        Files.writeString(program, FAKE_JAVA.replace("VERSION", version));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        if (release) {
            Files.writeString(
                    java.resolve("release"),
                    "IMPLEMENTOR=\"Somebody\"\nJAVA_RUNTIME_VERSION=\"99\"\nJAVA_VERSION=\"" + version + "\"\n");
        }
        return java;
    }

    /** From a folder that has nothing to do with it. */
    private Result run(Path script, Map<String, String> environment, String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(tool("sh").toString(), script.toString()));
        words.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(Files.createDirectories(folder.resolve("elsewhere")).toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("JAVA_HOME");
        builder.environment().remove("CARAVAN_JAVA_OPTS");
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), process.pid(), Files.readAllLines(out), Files.readString(err));
    }
}
