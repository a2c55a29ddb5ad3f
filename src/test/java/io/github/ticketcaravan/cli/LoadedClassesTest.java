package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who has neither queue nor mailbox does not pay for their libraries at each start. */
@Timeout(120)
class LoadedClassesTest {

    private static final Pattern OF_QUEUES_AND_MAIL = Pattern.compile(
            "(org\\.apache\\.(activemq|qpid|kafka)|jakarta\\.(jms|mail)|org\\.eclipse\\.angus|org\\.springframework"
                    + "|com\\.icegreen|io\\.netty|org\\.jsoup|org\\.apache\\.camel\\.component\\.(jms|kafka|mail))\\..*");

    /** What Camel's converters name, and the interface that one of our own methods does: interfaces, and a few with them. */
    private static final Set<String> NAMED = Set.of(
            "jakarta.jms.Message",
            "jakarta.mail.Message",
            "jakarta.mail.Multipart",
            "jakarta.mail.Part",
            "org.apache.kafka.clients.consumer.Consumer",
            "org.springframework.core.io.InputStreamSource",
            "org.springframework.core.io.Resource",
            "org.apache.camel.component.jms.JmsMessage",
            "org.apache.camel.component.kafka.KafkaEndpointUriFactory");

    @TempDir
    private Path folder;

    private Set<String> loadedBy(int exitCode, Object... command) throws Exception {
        Path loaded = folder.resolve("loaded");
        ProcessBuilder builder = Cli.process(folder, command);
        builder.command().add(1, "-Xlog:class+load:file=" + loaded);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said()).isEqualTo(exitCode);
        try (Stream<String> lines = Files.lines(loaded)) {
            return lines.map(line -> line.replaceFirst("^(\\[[^]]*])+ ", "").replaceFirst(" .*", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }

    private static Stream<String> ofQueuesAndMail(Set<String> loaded) {
        return loaded.stream()
                .filter(name -> OF_QUEUES_AND_MAIL.matcher(name).matches())
                .filter(name -> !name.contains("$$")
                        && !name.endsWith("ConverterLoader")
                        && !name.endsWith("ConvertersLoader"));
    }

    @Test
    void anImportLoadsNothingOfQueuesAndMail() throws Exception {
        Path file = Files.writeString(folder.resolve("updates.csv"), "ticket,status\nLF-616004,Resolved\n");
        try (HelpDesk helpDesk = new HelpDesk()) {
            Set<String> loaded = loadedBy(
                    0,
                    "import",
                    file,
                    "--data",
                    folder.resolve("data"),
                    "--set",
                    "caravan.endpoint.url=" + helpDesk.url());

            assertThat(helpDesk.requests()).isEqualTo(1);
            assertThat(loaded).contains("io.github.ticketcaravan.wiring.Caravan");
            assertThat(ofQueuesAndMail(loaded)).isSubsetOf(NAMED);
        }
    }

    @Test
    void theVersionIsToldWithoutCamel() throws Exception {
        Set<String> loaded = loadedBy(0, "--version");

        assertThat(said()).startsWith("Ticket Caravan ");
        assertThat(ofQueuesAndMail(loaded)).isEmpty();
        assertThat(loaded).noneMatch(name -> name.startsWith("org.apache.camel."));
    }
}
