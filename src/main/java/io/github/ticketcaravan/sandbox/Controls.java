package io.github.ticketcaravan.sandbox;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** What a help desk does not have: the log of requests, the faults, and the way back to the start. */
final class Controls {

    private final State state;

    Controls(State state) {
        this.state = state;
    }

    void requests(RoutingContext context) {
        HttpServerRequest request = context.request();
        switch (request.method().name()) {
            case "GET", "HEAD" -> {
                request.response().putHeader("X-Total-Count", Long.toString(state.log.total()));
                int limit = Catalogue.number(String.valueOf(request.getParam("limit")));
                Endpoint.answer(
                        request,
                        200,
                        Json.array(state.log.latest(limit < 0 ? Integer.MAX_VALUE : limit), RequestLog::write));
            }
            case "DELETE" -> {
                state.log.clear();
                done(request);
            }
            default -> notAllowed(request, "GET, HEAD, DELETE");
        }
    }

    void faults(RoutingContext context) {
        HttpServerRequest request = context.request();
        switch (request.method().name()) {
            case "GET", "HEAD" -> Endpoint.answer(request, 200, FaultsJson.write(state.injector.faults()));
            case "PUT" -> {
                try {
                    state.setFaults(FaultsJson.read(BodyReader.body(context)));
                    Endpoint.answer(request, 200, FaultsJson.write(state.injector.faults()));
                } catch (IllegalArgumentException e) {
                    Endpoint.answer(request, 422, Json.error(String.valueOf(e.getMessage())));
                }
            }
            case "DELETE" -> {
                state.setFaults(Faults.none());
                done(request);
            }
            default -> notAllowed(request, "GET, HEAD, PUT, DELETE");
        }
    }

    void reset(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.method().equals(HttpMethod.POST)) {
            // With millions of tickets it takes seconds, in which an event loop has others to serve.
            context.vertx().executeBlocking(state::reset).onComplete(reset -> done(request), context::fail);
        } else {
            notAllowed(request, "POST");
        }
    }

    private static void done(HttpServerRequest request) {
        request.response().setStatusCode(204).end();
    }

    private static void notAllowed(HttpServerRequest request, String allowed) {
        request.response().putHeader(HttpHeaders.ALLOW, allowed);
        if (request.method().equals(HttpMethod.OPTIONS)) {
            done(request);
        } else {
            Endpoint.answer(request, 405, Json.error("Use one of " + allowed));
        }
    }
}
