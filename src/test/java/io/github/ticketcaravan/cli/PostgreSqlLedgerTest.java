package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.sandbox.Sandbox;
import io.github.ticketcaravan.sandbox.SandboxOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger in a real PostgreSQL: one file, its dead letters and their replay. */
class PostgreSqlLedgerTest {

    private static final Path PROJECT = Path.of(System.getProperty("caravan.project", "."));

    @TempDir
    private Path folder;

    @Test
    void importsReceiptsDeadLettersAndReplaysWorkAsInSqlite() throws Exception {
        Path config = PROJECT.resolve("config");
        Path file = Files.writeString(
                folder.resolve("updates.csv"),
                "ticket,status\nLF-616004,Resolved\nLF-999999,Resolved\nOC-820409,Asleep\nOC-820409,Closed\n");
        try (EmbeddedPostgres database = EmbeddedPostgres.start();
                Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(config.resolve("sandbox.yaml")))) {
            List<String> options = List.of(
                    "--config=" + config,
                    "--data=" + folder.resolve("data"),
                    "--set=caravan.endpoint.url=" + sandbox.url(),
                    // One request at a time, so that the letters have known numbers.
                    "--set=caravan.delivery.concurrency=1",
                    "--set=caravan.ledger.url=" + database.getJdbcUrl("postgres", "postgres"));

            StringWriter out = new StringWriter();
            assertThat(run(out, options, "import", file.toString())).isEqualTo(1);
            assertThat(Files.readAllLines(folder.resolve("updates.results.csv")))
                    .map(line -> line.split(",", -1)[2])
                    .containsExactly("outcome", "applied", "rejected", "rejected", "applied");

            assertThat(run(out, options, "import", file.toString())).isEqualTo(1);
            assertThat(out.toString()).contains("is not sent again");

            assertThat(run(out, options, "dead", "list")).isZero();
            assertThat(out.toString()).contains("2 dead letters");
            // OC-820409 was closed since.
            assertThat(run(out, options, "dead", "replay", "2")).isEqualTo(1);
            assertThat(out.toString()).contains("a later update has set status since");
            assertThat(run(out, options, "dead", "edit", "2", "status=Resolved"))
                    .isZero();
            assertThat(run(out, options, "dead", "replay", "2", "--force")).isZero();
            assertThat(run(out, options, "dead", "discard", "1")).isZero();
            assertThat(run(out, options, "dead", "list")).isZero();
            assertThat(out.toString()).contains("0 dead letters");
        }
    }

    private static int run(StringWriter out, List<String> options, String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(options);
        StringWriter err = new StringWriter();
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments.toArray(String[]::new));
    }
}
