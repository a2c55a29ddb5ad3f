package io.github.ticketcaravan.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendersTest {

    @TempDir
    private Path folder;

    @Test
    void anEntryForAnAddressWinsOverOneForItsDomain() throws IOException {
        Senders senders = read("""
                senders:
                  - {from: "*@Example.com", may: "*"}
                  - {from: Bob@example.com, may: [status], answer: errors}
                """);

        assertThat(senders.rightsOf("bob@EXAMPLE.com").orElseThrow().mayChange("team"))
                .isFalse();
        assertThat(senders.rightsOf("bob@example.com").orElseThrow().answering())
                .isEqualTo(Answering.ERRORS);
        assertThat(senders.rightsOf("alice@example.com").orElseThrow().mayChange("team"))
                .isTrue();
        assertThat(senders.rightsOf("alice@example.com").orElseThrow().answering())
                .isEqualTo(Answering.ALWAYS);
        assertThat(senders.rightsOf("alice@mail.example.com")).isEmpty();
        assertThat(senders.rightsOf("alice@badexample.com")).isEmpty();
        assertThat(senders.rightsOf("*@example.com")).isPresent();
        assertThat(senders.rightsOf("nobody")).isEmpty();
    }

    @Test
    void nobodyIsInItByDefault() throws IOException {
        Path shipped = Path.of(System.getProperty("caravan.project", "."), "config", "senders.yaml");

        assertThat(Senders.read(shipped).size()).isZero();
        assertThat(read("").size()).isZero();
        assertThat(read("senders:\n").size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            LF-1 | status=New, custom[a]=x                | ``
            LF-1 | priority=low                           | ``
            LF-1 | priority= LOW                          | ``
            LF-1 | priority=High                          | priority: 'High' is not a value that you may set by mail
            LF-1 | priority=                              | priority: '' is not a value that you may set by mail
            LF-1 | custom[b]=                             | ``
            LF-1 | custom[B]=2                            | custom[B]: '2' is not a value that you may set by mail
            LF-1 | custom[ b ]=2                          | custom[ b ]: '2' is not a value that you may set by mail
            LF-1 | custom[b]=1                      | ``
            LF-1 | team=1                                 | team: is not a parameter that you may change by mail
            OC-1 | status=New                             | ticket: 'OC-1' is not one that you may change by mail: 'LF-*' are
            lf-1 | status=New                             | ticket: 'lf-1' is not one that you may change by mail: 'LF-*' are
            OC-1 | team=1, priority=High, status=New      | ticket: 'OC-1' is not one that you may change by mail: 'LF-*' are; team: is not a parameter that you may change by mail; priority: 'High' is not a value that you may set by mail
            """)
    void whatASenderMayNotDoIsAProblem(String ticket, String parameters, String problems) throws IOException {
        Senders.Rights rights = read("""
                senders:
                  - from: bob@example.com
                    may: [Status, priority, "custom[*]"]
                    values: {Priority: [Low, Normal], "custom[b]": ["\\\\empty", 1]}
                    tickets: "LF-*"
                """).rightsOf("bob@example.com").orElseThrow();
        Map<String, String> values = new java.util.LinkedHashMap<>();
        for (String parameter : parameters.split(", ", -1)) {
            values.put(parameter.substring(0, parameter.indexOf('=')), parameter.substring(parameter.indexOf('=') + 1));
        }
        TicketUpdate update =
                new TicketUpdate(new Origin(Source.MAIL, "m", 1), ticket, values, "", List.of(), List.of(), null);

        assertThat(Problem.sentence(rights.check(update).problems())).isEqualTo(problems);
    }

    @ParameterizedTest
    @CsvSource({
        "*, anything, true",
        "LF-*, LF-1, true",
        "LF-*, LF-, true",
        "LF-*, XLF-1, false",
        "*-1, LF-1, true",
        "*-1, LF-11, false",
        "L*-*1, LF-21, true",
        "LF-1, LF-1, true",
        "LF-1, LF-10, false",
        "L.-1, LF-1, false",
    })
    void anAsteriskStandsForAnything(String pattern, String ticket, boolean matches) {
        assertThat(Senders.Rights.matches(pattern, ticket)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{form: a@b.c, may: "*"}]                   | , line 1, column 34, senders[1].form: 'form' is not known here, but [answer, from, may, tickets, values] are; mend that line and start again
            [{may: "*"}]                                | , senders[1].from: it is missing; write an address such as adam@example.com, or *@example.com for a domain
            [{from: example.com, may: "*"}]             | , senders[1].from: 'example.com' is neither an address nor a domain; write an address such as adam@example.com, or *@example.com for a domain
            [{from: "*", may: "*"}]                     | , senders[1].from: '*' is neither an address nor a domain; write an address such as adam@example.com, or *@example.com for a domain
            [{from: "*@*.example.com", may: "*"}]       | , senders[1].from: '*@*.example.com' is neither an address nor a domain; write an address such as adam@example.com, or *@example.com for a domain
            [{from: "a*@example.com", may: "*"}]        | , senders[1].from: 'a*@example.com' is neither an address nor a domain; write an address such as adam@example.com, or *@example.com for a domain
            [{from: a@b.c}]                             | , senders[1].may: it is missing; list the parameters that may be changed, or write "*" for all
            [{from: a@b.c, may: []}]                    | , senders[1].may: it is missing; list the parameters that may be changed, or write "*" for all
            [{from: a@b.c, may: ["*", status]}]         | , senders[1].may: '*' stands for all, but more is listed; write "*" alone, or leave it out
            [{from: a@b.c, may: [statsu]}]              | , senders[1].may: 'statsu' is no parameter that can be changed; the nearest is status
            [{from: a@b.c, may: [ticket]}]              | , senders[1].may: 'ticket' is no parameter that can be changed; the nearest is ticket
            [{from: a@b.c, may: [status], values: {priority: [Low]}}] | , senders[1].values.priority: 'priority' is not in may; add it there, or take it out here
            [{from: a@b.c, may: [status], values: {status: []}}]      | , senders[1].values.status: it has no values; list those that are allowed, or take it out to allow all
            [{from: a@b.c, may: "*", tickets: ""}]      | , senders[1].tickets: it is empty; write a pattern such as LF-*, or take it out to allow all
            [{from: a@b.c, may: "*", answer: sometimes}] | , line 1, column 43, senders[1].answer: 'sometimes' is not one of always, errors, never; mend that line and start again
            [{from: a@b.c, may: "*"}, {from: A@B.c, may: [status]}] | , senders[2].from: 'a@b.c' is there twice; write one entry for it
            [null]                                      | , senders[1]: the entry is empty; fill it, or take it out
            """)
    void aMistakeIsNamedWithItsPlaceAndRemedy(String senders, String message) {
        assertThatThrownBy(() -> read("senders: " + senders))
                .isInstanceOf(SettingsException.class)
                .hasMessage(folder.resolve("senders.yaml") + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sender: []              | 'sender' is not known here, but [senders] are
            senders: 3              | it has another form than expected
            senders: [1, 2]         | it has another form than expected
            senders: [              | mend that line
            """)
    void whatIsNoSuchFileIsRefused(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(folder.resolve("senders.yaml") + ", line 1")
                .hasMessageContaining(message);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path missing = folder.resolve("missing.yaml");

        assertThatThrownBy(() -> Senders.read(missing))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "caravan.mail.senders=" + missing + ": there is no such file; name the one that says who may"
                                + " change tickets by mail (shipped as config/senders.yaml)");
    }

    private Senders read(String text) throws IOException {
        return Senders.read(Files.writeString(folder.resolve("senders.yaml"), text));
    }
}
