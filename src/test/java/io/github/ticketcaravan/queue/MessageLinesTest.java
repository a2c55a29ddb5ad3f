package io.github.ticketcaravan.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageLinesTest {

    @TempDir
    private Path folder;

    private MessageLines file(String text) throws IOException {
        return new MessageLines(Files.writeString(folder.resolve("updates.jsonl"), text));
    }

    private static List<OutgoingMessage> messages(MessageLines lines) throws IOException {
        List<OutgoingMessage> messages = new ArrayList<>();
        try (MessageLines.Messages read = lines.messages("f")) {
            read.forEachRemaining(messages::add);
        }
        return messages;
    }

    private static String text(OutgoingMessage message) {
        return new String(message.body(), StandardCharsets.UTF_8);
    }

    @Test
    void eachLineThatIsNotBlankIsAMessageUnchangedAndItsIdHasTheLinesNumber() throws IOException {
        MessageLines lines = file("\uFEFF{\"ticket\" : \"lf-1\"} \r\n\r\n  \n {\"Ticket\":\"OC-2\",\"x\":\"\u00fc\"}");

        assertThat(lines.beginWithJson()).isTrue();
        assertThat(lines.check(true).messages()).isEqualTo(2);
        assertThat(messages(lines))
                .extracting(OutgoingMessage::id, OutgoingMessage::key, MessageLinesTest::text)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("f-1", "LF-1", "{\"ticket\" : \"lf-1\"} "),
                        org.assertj.core.groups.Tuple.tuple("f-4", "OC-2", " {\"Ticket\":\"OC-2\",\"x\":\"\u00fc\"}"));
    }

    @Test
    void anArrayIsKeyedByItsFirstTicketAndCountedWhereItHasSeveral() throws IOException {
        MessageLines lines = file("""
                [{"status":"A","ticket":"LF-1"},{"ticket":"lf-1"}]
                [{"ticket":"LF-2"},{"custom":{"ticket":"no"},"ticket":"LF-3"}]
                []
                """);

        MessageLines.Check check = lines.check(true);
        assertThat(check.ofSeveralTickets()).isEqualTo(1);
        assertThat(check.withoutTicket()).isEqualTo(1);
        assertThat(messages(lines)).extracting(OutgoingMessage::key).containsExactly("LF-1", "LF-2", null);
    }

    @Test
    void gzipIsReadAsItIs() throws IOException {
        Path file = folder.resolve("updates.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("{\"ticket\":1}\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(messages(new MessageLines(file)))
                .extracting(OutgoingMessage::key)
                .containsExactly("1");
    }

    @Test
    void theSameLinesHaveTheSameHashAndOthersAnother() throws IOException {
        String hash = file("{}\n").check(true).sha256();

        assertThat(file("{}\n").check(true).sha256()).isEqualTo(hash);
        assertThat(file("{} \n").check(true).sha256()).isNotEqualTo(hash);
    }

    @Test
    void aLineThatIsNotJsonIsNamedWithTheRemedy() throws IOException {
        MessageLines pretty = file("{\"ticket\":\"LF-1\"}\n{\n \"ticket\": \"LF-1\"\n}\n");

        assertThatThrownBy(() -> pretty.check(true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("updates.jsonl, line 2 is not JSON")
                .hasMessageContaining("jq -c");
        // Where JSON was not begun with, whatever comes is a message.
        assertThat(pretty.check(false).messages()).isEqualTo(4);
        assertThatThrownBy(() -> file("{} {}\n").check(true)).hasMessageContaining("line 1 is not JSON");
    }

    @Test
    void anEmptyFileAndALineThatNobodyWouldTakeAreRefused() throws IOException {
        assertThatThrownBy(() -> file(" \n").check(false)).hasMessageContaining("is empty");

        MessageLines long_ = file("{\"ticket\":\"LF-1\",\"subject\":\"" + "x".repeat(10_000_000) + "\"}\n");
        assertThatThrownBy(() -> long_.check(true)).hasMessageContaining("line 1 has more than 10 MB");
    }
}
