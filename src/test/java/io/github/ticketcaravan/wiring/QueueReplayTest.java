package io.github.ticketcaravan.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.ledger.DeadLetter;
import io.github.ticketcaravan.ledger.DeadLetterFilter;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which messages replay the dead letter that they name. */
class QueueReplayTest {

    private static final String REFUSED = "{\"errors\":{\"status_id\":[\"can't be blank\"]}}";

    @TempDir
    private Path folder;

    private String helpDeskSays = ScriptedServer.json(422, REFUSED);
    private ScriptedServer helpDesk;
    private Caravan caravan;
    private QueueFixture.Client client;

    @BeforeEach
    void start() throws Exception {
        helpDesk = new ScriptedServer(request -> helpDeskSays);
        caravan = new QueueFixture(folder, helpDesk.url()).start();
        client = QueueFixture.Protocol.CORE.client(caravan);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        caravan.close();
        helpDesk.close();
    }

    private List<DeadLetter> letters() throws Exception {
        return caravan.ledger().deadLetters().list(DeadLetterFilter.inStates(Set.of()));
    }

    private String ask(String json, String letter) throws Exception {
        TextMessage message = client.session.createTextMessage(json);
        if (letter != null) {
            message.setStringProperty("caravan_dead_letter", letter);
        }
        return QueueFixture.Client.receive(client.ask(message)).getText();
    }

    private DeadLetter refused(String json) throws Exception {
        ask(json, null);
        helpDeskSays = ScriptedServer.APPLIED;
        helpDesk.forget();
        return letters().get(0);
    }

    private static String posted(DeadLetter letter, String id, String ticket, String parameters) {
        return "{\"id\":\"" + id + "\",\"source\":\"" + letter.source()
                + "\",\"original\":\"\",\"outcome\":\"rejected\"," + "\"ticket\":\"" + ticket + "\",\"parameters\":"
                + parameters + "}";
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMessageOfAnotherTicketReplaysNothing(boolean byProperty) throws Exception {
        DeadLetter letter = refused("{\"ticket\":\"OC-820409\",\"status\":\"New\"}");

        String answer = byProperty
                ? ask("{\"ticket\":\"LF-616004\",\"status\":\"New\"}", letter.id())
                : ask(posted(letter, letter.id(), "LF-616004", "{\"status\":\"New\"}"), null);

        assertThat(answer)
                .contains("\"outcome\":\"invalid\"", "is a dead letter of the ticket 'OC-820409'", "leave its ID out");
        assertThat(helpDesk.requests()).isEmpty();
        assertThat(letters()).hasSize(2);
        assertThat(letters().get(0)).isEqualTo(letter);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBareNumberNamesNoLetter(boolean byProperty) throws Exception {
        DeadLetter letter = refused("{\"ticket\":\"LF-616004\",\"status\":\"New\"}");

        String answer = byProperty
                ? ask("{\"ticket\":\"LF-616004\",\"status\":\"New\"}", "1")
                : ask(posted(letter, "1", "LF-616004", "{\"status\":\"New\"}"), null);

        assertThat(answer).contains("\"outcome\":\"invalid\"", "'1' is no dead letter of this ledger");
        assertThat(helpDesk.requests()).isEmpty();
        assertThat(letters().get(0)).isEqualTo(letter);
    }

    @Test
    void aMessageOfTheSameTicketReplaysTheLetterAndIsNotedAsWhoChangedIt() throws Exception {
        DeadLetter letter = refused("{\"ticket\":\"LF-616004\",\"status\":\"New\"}");

        assertThat(ask("{\"ticket\":\"lf-616004\",\"status\":\"Closed\"}", letter.id()))
                .contains("\"outcome\":\"applied\"");

        assertThat(helpDesk.requests()).hasSize(1);
        assertThat(letters()).singleElement().satisfies(each -> {
            assertThat(each.state()).isEqualTo("applied");
            assertThat(each.changedBy()).isEqualTo("queue ticket.updates");
        });
    }

    /** What a forward wrote, moved back as it is. */
    @Test
    void aLetterThatIsMovedBackIsRefusedForWhatItWasRefusedForUntilItIsMended() throws Exception {
        DeadLetter letter = refused("{\"ticket\":\"LF-616004\",\"status\":\"New\",\"statsu\":\"Closed\"}");
        String json = Caravan.deadLetterJson().writeValueAsString(letter);

        assertThat(ask(json, letter.id())).contains("\"outcome\":\"invalid\"", "the nearest is status");

        assertThat(helpDesk.requests()).isEmpty();
        assertThat(letters()).singleElement().satisfies(each -> {
            assertThat(each.state()).isEqualTo("open");
            assertThat(each.problems()).containsOnlyKeys("statsu");
        });

        assertThat(ask(json.replace("\"New\"", "\"Closed\""), null)).contains("\"outcome\":\"applied\"");
        assertThat(letters())
                .singleElement()
                .satisfies(each -> assertThat(each.state()).isEqualTo("applied"));
    }
}
