package io.github.ticketcaravan.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.ticketcaravan.delivery.Answer;
import io.github.ticketcaravan.delivery.AttemptFailed;
import io.github.ticketcaravan.delivery.Delivery;
import io.github.ticketcaravan.delivery.DeliveryStopped;
import io.github.ticketcaravan.delivery.Dispatch;
import io.github.ticketcaravan.delivery.Outcome;
import io.github.ticketcaravan.delivery.Receipt;
import io.github.ticketcaravan.delivery.Redaction;
import io.github.ticketcaravan.delivery.Refusals;
import io.github.ticketcaravan.settings.Settings;
import io.github.ticketcaravan.settings.Values;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncProducer;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The routes ticket-update and dead-letter as they are shipped, with a scripted attempt and ledger around them. */
class TicketUpdateRouteTest extends CamelTestSupport {

    private static final Path ROUTES = Path.of(System.getProperty("caravan.project", "."), "routes");

    private final Settings settings = Settings.of(
            new Values(
                    Map.of(),
                    Map.of(),
                    Map.of(
                            "caravan.delivery.retry.delay", "1ms",
                            "caravan.delivery.retry.attempts", "3")),
            Path.of("data"));
    private final RequestThreads requests = new RequestThreads(1);
    private final Delivery delivery = new Delivery(
            settings.delivery(),
            Delivery.Patience.LIMITED,
            Clock.systemUTC(),
            new Random(1),
            announcement -> {},
            new TicketUpdateChannel(requests::queue, this::producer));
    private final Deque<Answer> answers = new ConcurrentLinkedDeque<>();
    private final FakeLedger ledger = new FakeLedger();
    private AsyncProducer producer;
    private int attempts;

    /** Keeps outcomes in memory, or cannot. */
    public static final class FakeLedger {

        private final List<Outcome> kept = new ArrayList<>();
        private RuntimeException failure;

        public void keep(Dispatch dispatch) {
            if (failure != null) {
                throw failure;
            }
            kept.add(dispatch.receipt().outcome());
            dispatch.kept().complete(dispatch.receipt());
        }
    }

    /** Stands for the route attempt. */
    public final class ScriptedAttempt {
        public void answer(@ExchangeProperty("dispatch") Dispatch dispatch) throws AttemptFailed, InterruptedException {
            attempts++;
            delivery.permit(dispatch);
            delivery.answered(dispatch, answers.remove());
        }
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        registry.bind("ledger", ledger);
        registry.bind("valid", (Predicate) UpdateSteps::valid);
        registry.bind("keep", (Processor) exchange -> ledger.keep(UpdateSteps.dispatch(exchange)));
        registry.bind("refusals", new Refusals(delivery));
        registry.bind("redelivery", new Redelivery(delivery));
        registry.bind("scriptedAttempt", new ScriptedAttempt());
    }

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() throws Exception {
                from("direct:attempt")
                        .errorHandler(noErrorHandler())
                        .threads()
                        .executorService(requests)
                        .bean("scriptedAttempt");
                for (String route : List.of("ticket-update", "dead-letter")) {
                    PluginHelper.getRoutesLoader(getContext())
                            .loadRoutes(ResourceHelper.resolveResource(
                                    getContext(), "file:" + ROUTES.resolve(route + ".camel.yaml")));
                }
            }
        };
    }

    @AfterEach
    void letRequestsGo() {
        delivery.stop("the test ends");
        requests.shutdown();
        // For what waits for its retry.
        context().getShutdownStrategy().setTimeout(1);
    }

    @Test
    void whatIsAppliedIsKeptAsAppliedAfterOneAttempt() throws Exception {
        answer(200, "{}");

        Receipt receipt = deliver(update("LF-616004", "Resolved"));

        assertThat(receipt.outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(receipt.attempts()).isEqualTo(1);
        assertThat(attempts).isEqualTo(1);
        assertThat(ledger.kept).containsExactly(Outcome.APPLIED);
    }

    @Test
    void aTransientAnswerIsFollowedByAnotherAttempt() throws Exception {
        answer(503, "");
        answer(500, "{}");
        answer(200, "true");

        assertThat(deliver(update("LF-616004", "Resolved")).outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(attempts).isEqualTo(3);
        assertThat(ledger.kept).containsExactly(Outcome.APPLIED);
    }

    @Test
    void attemptsThatAreUsedUpEndInADeadLetter() throws Exception {
        answer(500, "");
        answer(500, "");
        answer(500, "");

        Receipt receipt = deliver(update("LF-616004", "Resolved"));

        assertThat(receipt.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(receipt.reason()).isEqualTo("after 3 attempts: HTTP 500, empty answer");
        assertThat(attempts).isEqualTo(3);
        assertThat(ledger.kept).containsExactly(Outcome.FAILED);
    }

    @Test
    void whatIsRejectedIsADeadLetterAfterOneAttempt() throws Exception {
        answer(422, "{\"errors\":{\"status\":[\"is unknown\"]}}");

        Receipt receipt = deliver(update("LF-616004", "Lost"));

        assertThat(receipt.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(receipt.errors()).isEqualTo(Map.of("status", List.of("is unknown")));
        assertThat(attempts).isEqualTo(1);
        assertThat(ledger.kept).containsExactly(Outcome.REJECTED);
    }

    @Test
    void whatIsInvalidIsADeadLetterWithoutAnAttempt() throws Exception {
        assertThat(deliver(update("", "Resolved")).outcome()).isEqualTo(Outcome.INVALID);
        assertThat(attempts).isZero();
        assertThat(ledger.kept).containsExactly(Outcome.INVALID);
    }

    @Test
    void aHaltLeavesTheUpdateAsItIs() {
        answer(403, "{\"error\":\"no\"}");

        assertThatThrownBy(() -> deliver(update("LF-616004", "Resolved")))
                .hasCauseInstanceOf(DeliveryStopped.class)
                .hasMessageContaining("caravan.endpoint.token");
        assertThat(attempts).isEqualTo(1);
        assertThat(ledger.kept).isEmpty();
    }

    @Test
    void aDeadLetterThatCannotBeWrittenStopsDelivery() {
        ledger.failure = new IllegalStateException("the disk is full");
        answer(404, "{}");

        assertThatThrownBy(() -> deliver(update("LF-616004", "Resolved")))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("the disk is full");
        assertThat(delivery.isStopped()).isTrue();
        assertThatThrownBy(() -> deliver(update("OC-820409", "Resolved")))
                .isInstanceOf(DeliveryStopped.class)
                .hasMessage("Outcomes cannot be kept, so nothing more is sent. the disk is full");
        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void anInquiryThatWaitsDoesNotHoldTheUpdateThatCausedIt() throws Exception {
        for (int i = 1; i < 5; i++) {
            answer(500, "");
        }
        answer(503, "", "120");
        AtomicBoolean held = new AtomicBoolean();
        List<CompletableFuture<Receipt>> outcomes = new ArrayList<>();
        for (String ticket : List.of("LF-616004", "OC-820409")) {
            outcomes.add(delivery.deliver(1, update(ticket, "Resolved"), held::get));
        }
        await().until(answers::isEmpty);

        held.set(true);
        delivery.leaveHeld();

        for (CompletableFuture<Receipt> outcome : outcomes) {
            assertThat(outcome)
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(DeliveryStopped.class);
        }
        assertThat(delivery.isStopped()).isFalse();
    }

    private void answer(int status, String body) {
        answer(status, body, null);
    }

    private void answer(int status, String body, @Nullable String retryAfter) {
        answers.add(Answer.read(
                status,
                new ByteArrayInputStream(body.getBytes(UTF_8)),
                retryAfter,
                null,
                Redaction.of(settings.endpoint())));
    }

    private Receipt deliver(TicketUpdate update) throws Exception {
        return delivery.deliver(1, update, () -> false).get(10, TimeUnit.SECONDS);
    }

    private AsyncProducer producer() {
        try {
            if (producer == null) {
                producer = context().getEndpoint("direct:ticket-update").createAsyncProducer();
                producer.start();
            }
            return producer;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static TicketUpdate update(String ticket, String status) {
        return new UpdateRules(ZoneOffset.UTC)
                .check(new Origin(Source.CLI, "test", 1), ticket, Map.of("status", status), "", List.of(), null);
    }
}
