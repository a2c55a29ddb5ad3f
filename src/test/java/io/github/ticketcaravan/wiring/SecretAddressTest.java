package io.github.ticketcaravan.wiring;

import static io.github.ticketcaravan.wiring.ScriptedServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that an operator gives us have secrets in them, which nobody is told. */
class SecretAddressTest {

    private static final String[] SECRETS = {"hook-user", "hook-pass", "p4th-s3cret", "qu3ry-s3cret"};

    @TempDir
    private Path folder;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final AbstractAppender appender = new AbstractAppender("all", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
            StringWriter text = new StringWriter();
            text.append(event.getMessage().getFormattedMessage());
            if (event.getThrown() != null) {
                event.getThrown().printStackTrace(new PrintWriter(text));
            }
            log.add(text.toString());
        }
    };

    private Level before = Level.ERROR;
    private ScriptedServer helpDesk;
    private ScriptedServer hook;
    private CaravanFixture fixture;

    @BeforeEach
    void start() throws Exception {
        appender.start();
        before = root().getLevel();
        root().setLevel(Level.INFO);
        root().addAppender(appender, Level.INFO, null);
        context().updateLoggers();
        helpDesk = new ScriptedServer(request -> json(422, "{\"errors\":{\"status_id\":[\"can't be blank\"]}}"));
        hook = new ScriptedServer(request -> json(500, "{}"));
        fixture = new CaravanFixture(folder, helpDesk.url());
    }

    @AfterEach
    void stop() throws Exception {
        root().removeAppender("all");
        root().setLevel(before);
        context().updateLoggers();
        helpDesk.close();
        hook.close();
    }

    private static LoggerContext context() {
        return (LoggerContext) LogManager.getContext(false);
    }

    private static LoggerConfig root() {
        return context().getConfiguration().getRootLogger();
    }

    private String address(String name) {
        return hook.url() + "/" + name + "/p4th-s3cret?token=qu3ry-s3cret";
    }

    @ParameterizedTest
    @ValueSource(strings = {"caravan.notify.uri", "caravan.dead-letter.forward"})
    void whereItFailsOnlySchemeHostAndStatusAreTold(String key) throws Exception {
        fixture.with(key, address("hook"));
        try (Caravan caravan = fixture.start()) {
            CaravanFixture.importFile(caravan, fixture.rows("one.csv", "LF-616004"));
        }

        assertThat(hook.requests()).isNotEmpty();
        assertThat(log)
                .anySatisfy(line -> assertThat(line).contains(key, "HTTP 500"))
                .allSatisfy(line -> assertThat(line).doesNotContain(SECRETS));
    }

    @Test
    void whereItIsAwayOnlyTheKindOfTheFailureIsTold() throws Exception {
        String address = address("hook").replace("://", "://hook-user:hook-pass@");
        hook.close();
        fixture.with("caravan.notify.uri", address);
        try (Caravan caravan = fixture.run()) {
            CaravanFixture.importFile(caravan, fixture.rows("one.csv", "LF-616004"));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() ->
                            assertThat(log).anySatisfy(line -> assertThat(line).contains("caravan.notify.uri (")));
        }
        assertThat(log).allSatisfy(line -> assertThat(line).doesNotContain(SECRETS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"caravan.notify.uri", "caravan.dead-letter.forward"})
    void anAddressThatCamelCannotUseIsNotRepeated(String key) {
        fixture.with(key, "nosuch://hook-user:hook-pass@example.com/p4th-s3cret?token=qu3ry-s3cret");

        assertThatThrownBy(() -> fixture.start().close()).satisfies(failure -> {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text));
            assertThat(text.toString()).contains("nosuch").doesNotContain(SECRETS);
        });
        assertThat(log).allSatisfy(line -> assertThat(line).doesNotContain(SECRETS));
    }
}
