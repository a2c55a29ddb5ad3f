package io.github.ticketcaravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailCommandTest {

    @TempDir
    private Path folder;

    private Path senders;

    @BeforeEach
    void aliceMayChangeStatusAndFields() throws IOException {
        senders = Files.writeString(
                folder.resolve("senders.yaml"), "senders: [{from: alice@example.com, may: [status, \"custom[*]\"]}]");
    }

    @Test
    void tellsWhatAMailWouldDoAndWhy() throws IOException {
        Path mail = mail("a.eml", Duration.ZERO, """
                Hello,

                Ticket: LF-616004
                Status: New
                custom[x]: a
                  \033[31mb
                Ticket: OC-820409
                Priority: High

                thanks
                """);

        Cli.Result result = check(mail);

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines())
                .containsExactly(
                        mail + ": would be refused, and moved to Refused",
                        "  why       All of its 2 updates are invalid, the first: custom[x]: 'a\\u000a\\u001b[31mb' has a"
                                + " control character in it: expected text.",
                        "  sender    alice@example.com",
                        "  invalid   LF-616004  custom[x]: 'a\\u000a\\u001b[31mb' has a control character in it: expected"
                                + " text",
                        "  invalid   OC-820409  priority: is not a parameter that you may change by mail",
                        "  ended by  the line 'thanks'");
    }

    @Test
    void tellsItOfSeveralMailsAsJson() throws IOException {
        Path executed = mail("a.eml", Duration.ZERO, "Ticket: LF-616004\nStatus: New\nTicket: OC-820409\nStatus:\n");
        Path old = mail("b.eml", Duration.ofDays(8), "Ticket: LF-616004\nStatus: New\n");

        Cli.Result result = check(executed, old, "--json");

        assertThat(result.exitCode()).isZero();
        JsonNode json = new JsonMapper().readTree(result.out());
        assertThat(json.get(0)).isEqualTo(new JsonMapper().readTree("""
                        {"file": "%s", "decision": "execute",
                         "reason": "It has 1 of 2 updates to send; its sender is vouched for by dmarc=pass.",
                         "sender": "alice@example.com",
                         "updates": [{"ticket": "LF-616004", "parameters": {"status": "New"}}],
                         "invalid": [{"ticket": "OC-820409",
                                      "reason": "status: has no value: expected one, or \\\\empty to clear it"}],
                         "ended_by": "the end of the text"}""".formatted(executed)));
        assertThat(json.get(1).get("decision").asText()).isEqualTo("quarantine");
        assertThat(json.get(1).get("reason").asText()).startsWith("It is older than caravan.mail.max-age (7d)");
        assertThat(json.get(1).get("updates")).isEmpty();
        assertThat(json.get(1).get("ended_by").isNull()).isTrue();
        assertThat(json).hasSize(2);
    }

    @Test
    void anExecutedMailIsShownWithItsValues() throws IOException {
        Path mail = mail("a.eml", Duration.ZERO, "Ticket: 4711\nStatus: Waiting for Staff\n");

        assertThat(check(mail).out().lines())
                .containsExactly(
                        mail + ": would be executed, and moved to Done",
                        "  why       It has 1 update to send; its sender is vouched for by dmarc=pass.",
                        "  sender    alice@example.com",
                        "  update    4711  status=Waiting for Staff  (warning: ticket: '4711' is an unusual reference: two"
                                + " capital letters, a hyphen and six digits are usual, such as LF-616004)",
                        "  ended by  the end of the text");
    }

    @Test
    void aFileThatIsNotThereEndsItBeforeAnythingIsTold() throws IOException {
        Path there = mail("a.eml", Duration.ZERO, "Ticket: LF-616004\nStatus: New\n");

        for (Path missing : new Path[] {folder.resolve("missing.eml"), folder}) {
            Cli.Result result = check(there, missing);

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).startsWith(missing + ": there is no such file, or it may not be read");
        }
    }

    @Test
    void withoutAFileItSaysHowItIsUsed() {
        assertThat(Cli.run("mail", "check").exitCode()).isEqualTo(2);
        assertThat(Cli.run("mail").exitCode()).isEqualTo(2);
        assertThat(Cli.run("mail", "check", "--help").out()).contains("--json", "FILE.eml");
    }

    @Test
    void aMistakeInTheFileOfSendersIsNamed() throws IOException {
        Files.writeString(senders, "senders: [{from: alice@example.com, may: [statsu]}]");
        Cli.Result result = check(mail("a.eml", Duration.ZERO, "Status: New\n"));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("Configuration: " + senders + ", senders[1].may: 'statsu' is no parameter");
    }

    private Cli.Result check(Object... arguments) {
        Object[] all = new Object[arguments.length + 8];
        Object[] before = {
            "mail",
            "check",
            "--config",
            Cli.PROJECT.resolve("config"),
            "--set",
            "caravan.mail.senders=" + senders,
            "--set",
            "caravan.mail.trusted-authserv-id=mx.example.com"
        };
        System.arraycopy(before, 0, all, 0, before.length);
        System.arraycopy(arguments, 0, all, before.length, arguments.length);
        return Cli.run(all);
    }

    private Path mail(String name, Duration age, String text) throws IOException {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).minus(age));
        return Files.writeString(
                folder.resolve(name),
                "Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\n"
                        + "From: Alice <alice@example.com>\nDate: " + date + "\nMessage-ID: <1@example.com>\n\n"
                        + text);
    }
}
