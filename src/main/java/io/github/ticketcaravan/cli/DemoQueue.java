package io.github.ticketcaravan.cli;

import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.wiring.Caravan;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The demo's part with a queue: sends messages to the embedded broker, on free ports, and shows their answers. */
final class DemoQueue {

    private static final long PATIENCE_MILLIS = 30_000;

    private static final List<String> MESSAGES = List.of(
            "{\"ticket\":\"LF-616004\",\"status\":\"Waiting for Customer\",\"custom\":{\"phone_number\":\"01202 555014\"}}",
            "[{\"ticket\":\"OC-820409\",\"priority\":\"High\"},{\"ticket\":\"ZZ-000000\",\"status\":\"New\"}]",
            "{\"ticket\":\"LF-616004\",\"statsu\":\"Resolved\"}");

    private DemoQueue() {}

    static void show(PrintWriter out, URI helpDesk, Path routes, Path data) throws JMSException {
        Map<String, String> keys = Map.of(
                "caravan.endpoint.url", helpDesk.toString(),
                "caravan.queue.kind", "embedded",
                "caravan.queue.listen.amqp", "localhost:0",
                "caravan.queue.listen.core", "localhost:0");
        Settings settings = Settings.of(new Values(Map.of(), Map.of(), keys), data);
        try (Caravan caravan = Caravan.start(
                        settings, Caravan.Mode.RUN, routes, Map.of(), Clock.systemUTC(), Version.current());
                Connection connection = caravan.jmsBroker().connect()) {
            out.println("A broker of messages listens too, on port "
                    + caravan.jmsBroker().port("amqp")
                    + " (AMQP 1.0) and " + caravan.jmsBroker().port("core")
                    + " (Artemis). Messages sent to its queue ticket.updates, and their answers:");
            connection.start();
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            Destination answers = session.createTemporaryQueue();
            MessageConsumer consumer = session.createConsumer(answers);
            for (String json : MESSAGES) {
                TextMessage message = session.createTextMessage(json);
                message.setJMSReplyTo(answers);
                session.createProducer(session.createQueue(settings.queue().name()))
                        .send(message);
                Message answer = consumer.receive(PATIENCE_MILLIS);
                out.println("  " + json);
                out.println("    -> " + (answer instanceof TextMessage text ? text.getText() : "(no answer)"));
            }
            out.println();
        }
    }
}
