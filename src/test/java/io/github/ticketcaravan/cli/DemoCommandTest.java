package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DemoCommandTest {

    @Test
    void itShowsWhatIsAppliedAndWhatIsRefusedAndLeavesNothingBehind() throws IOException {
        List<Path> before = demoFolders();

        Cli.Result result = Cli.run("demo");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("A help desk to practise on listens on http://127.0.0.1:")
                .contains("  ticket,status,priority,")
                .contains("  2,LF-616004,applied,200,1,,")
                .contains(",rejected,404,1,", ",invalid,,0,")
                .contains("caravan.outcome,caravan.status,caravan.reason,caravan.dead-letter")
                .containsPattern("  applied +[1-9]\\n")
                .containsPattern("  rejected +[1-9]\\n")
                .containsPattern("  invalid +[1-9]\\n")
                .containsPattern("A broker of messages listens too, on port \\d+ \\(AMQP 1.0\\) and \\d+ \\(Artemis\\)")
                .contains("    -> {\"ticket\":\"LF-616004\",\"outcome\":\"applied\",\"status\":200,")
                .contains("    -> [{\"ticket\":\"OC-820409\",\"outcome\":\"applied\",")
                .contains("{\"statsu\":[\"is no parameter of a ticket; the nearest is status\"]}")
                .contains("  Done        Two tickets", "  Refused     A question", "  Ignored     Out of office")
                .contains("  Quarantine  Close this", "  Subject: Re: Two tickets (1 applied, 1 refused)")
                .contains("valid for priority, the nearest first: High, ")
                .contains("That was the demo; its folder is removed.");
        assertThat(demoFolders()).isEqualTo(before);
    }

    private static List<Path> demoFolders() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return folders.filter(folder -> folder.getFileName().toString().startsWith("caravan-demo-"))
                    .sorted()
                    .toList();
        }
    }
}
