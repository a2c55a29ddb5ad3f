package io.github.ticketcaravan.sandbox;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP side: reads requests, writes answers, plays the faults. One serves all event loops; nothing here blocks,
 * a delayed answer waits on a timer.
 *
 * <p>HEAD gets the status of a GET and changes nothing; OPTIONS says which methods there are. Every other method is
 * the same as POST, as the help desk has it.
 */
final class Endpoint {

    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    private static final String ALLOW = "GET, HEAD, POST, PUT, PATCH, DELETE, TRACE, OPTIONS";
    private static final String JSON = "application/json; charset=utf-8";
    private static final Pattern API_PATH = Pattern.compile("/api/v[12]/([^/]+/[^/]+)/?");
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private static final String PROXY_PAGE = """
            <!DOCTYPE html>
            <html><head><title>Please wait</title></head>
            <body><h1>We are back in a moment</h1><p>A proxy sent this page in the help desk's place.</p></body></html>
            """;

    private final Access access;
    private final State state;
    private final DateHeader date;
    private final OpenFiles openFiles = new OpenFiles();

    Endpoint(Access access, State state) {
        this.access = access;
        this.state = state;
        this.date = new DateHeader(state.options.clock());
    }

    void connected(HttpConnection connection) {
        HttpVersions.check(connection);
        if (connection instanceof HttpServerConnection server) {
            openFiles.watch(server.channelHandlerContext().channel().parent());
        }
    }

    Handler<HttpServerRequest> handler(Vertx vertx) {
        Router router = router(vertx);
        return request -> {
            request.response().putHeader(HttpHeaders.DATE, date.now());
            // The router throws on these before it has a way to answer.
            String path = request.path();
            if (path == null
                    || !path.startsWith("/")
                    || BAD_ESCAPE.matcher(path).find()) {
                answer(request, 400, Json.error("The path cannot be decoded"));
            } else {
                router.handle(request);
            }
        };
    }

    private Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.errorHandler(500, Endpoint::fail);
        router.route().handler(new BodyReader(this::refuse));
        Controls controls = new Controls(state);
        router.route("/sandbox/requests").handler(controls::requests);
        router.route("/sandbox/faults").handler(controls::faults);
        router.route("/sandbox/reset").handler(controls::reset);
        router.route().handler(this::api);
        return router;
    }

    private void api(RoutingContext context) {
        HttpServerRequest request = context.request();
        Matcher path = API_PATH.matcher(context.normalizedPath());
        if (!path.matches() || !Methods.names().contains(path.group(1))) {
            answer(request, 404, Json.error("There is nothing at " + Refusal.excerpt(context.normalizedPath())));
            return;
        }
        if (request.method().equals(HttpMethod.OPTIONS)) {
            request.response()
                    .putHeader(HttpHeaders.ALLOW, ALLOW)
                    .setStatusCode(204)
                    .end();
            return;
        }
        String method = path.group(1);
        Parameters parameters = new Parameters();
        Refusal undecodable = null;
        try {
            read(context, parameters);
        } catch (Refusal e) {
            undecodable = e;
        }
        List<String> ignored = Methods.ignored(method, parameters);
        RequestLog.Entry entry = state.log.add(
                state.options.clock().instant(),
                request.method().name(),
                request.path(),
                request.headers(),
                parameters,
                ignored);
        Call call = new Call(request, method, parameters, ignored, entry, undecodable);
        FaultInjector.Draw draw = state.injector.draw();
        if (draw.latency().toMillis() == 0) {
            perform(call, draw);
        } else {
            context.vertx().setTimer(draw.latency().toMillis(), timer -> perform(call, draw));
        }
    }

    /** One request of the API, read. */
    private record Call(
            HttpServerRequest request,
            String method,
            Parameters parameters,
            List<String> ignored,
            RequestLog.Entry entry,
            @Nullable Refusal undecodable) {}

    private void perform(Call call, FaultInjector.Draw draw) {
        Fault fault = draw.fault();
        if (draw.overTheLimit()) {
            call.request().response().putHeader(HttpHeaders.RETRY_AFTER, "1");
            respond(call, 429, Json.error("Too many requests"));
        } else if (fault != null && fault.moment() == Fault.Moment.BEFORE) {
            fail(call, fault);
        } else {
            int status;
            byte[] body;
            try {
                Methods.Result result = result(call);
                body = result.body;
                status = result.status;
            } catch (Refusal e) {
                body = Json.refusal(e);
                status = e.status();
            }
            if (fault == null) {
                respond(call, status, body);
            } else {
                fail(call, fault);
            }
        }
    }

    private Methods.Result result(Call call) throws Refusal {
        if (call.undecodable() != null) {
            throw call.undecodable();
        }
        access.check(
                call.request().headers(),
                call.method(),
                call.request().remoteAddress().hostAddress());
        if (state.options.strict() && !call.ignored().isEmpty()) {
            throw unknown(call);
        }
        if (call.request().method().equals(HttpMethod.HEAD)) {
            return state.methods.check(call.method(), call.parameters());
        }
        return state.methods.call(call.method(), call.parameters());
    }

    private static Refusal unknown(Call call) {
        Map<String, List<String>> errors = new LinkedHashMap<>();
        for (String name : call.ignored()) {
            errors.put(Refusal.excerpt(name), List.of("is not a parameter of " + call.method()));
        }
        return new Refusal(errors);
    }

    private static void respond(Call call, int status, byte[] body) {
        call.entry().answered(status);
        answer(call.request(), status, body);
    }

    private static void fail(Call call, Fault fault) {
        call.entry().failed(fault);
        HttpServerResponse response = call.request().response();
        switch (fault.kind()) {
            case STATUS -> {
                if (fault.retryAfter() != null) {
                    response.putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(fault.retryAfter()));
                }
                respond(call, fault.status(), Json.error("The sandbox plays a " + fault.status()));
            }
            case HTML -> {
                call.entry().answered(200);
                response.putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                        .end(PROXY_PAGE);
            }
            case RESET -> reset(call.request());
            case TIMEOUT -> {
                // No answer at all; the server's idle time-out ends it for a client that has none.
            }
        }
    }

    private static void reset(HttpServerRequest request) {
        if (request.connection() instanceof HttpServerConnection connection) {
            // Closing with a linger of nothing is what makes the kernel send a reset and not a polite end.
            connection.channelHandlerContext().channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        request.connection().close();
    }

    private static void read(RoutingContext context, Parameters parameters) throws Refusal {
        HttpServerRequest request = context.request();
        ParameterReader reader = new ParameterReader(parameters);
        reader.query(request.query());
        reader.body(request.getHeader(HttpHeaders.CONTENT_TYPE), BodyReader.body(context));
    }

    private static void fail(RoutingContext context) {
        LOG.error("Sandbox could not answer {}", context.request().method(), context.failure());
        if (context.response().ended() || context.response().headWritten()) {
            context.request().connection().close();
        } else {
            answer(context.request(), 500, Json.error("The sandbox made a mistake; its log says more"));
        }
    }

    /** A request that is no HTTP. */
    void invalid(HttpServerRequest request) {
        request.response().putHeader(HttpHeaders.DATE, date.now());
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof TooLongHttpLineException) {
            refuse(request, new Refusal(414, "The address is too long: send the parameters as a form"));
        } else if (cause instanceof TooLongHttpHeaderException) {
            refuse(request, new Refusal(431, "The headers are too long"));
        } else if (cause instanceof HttpVersions.Unsupported) {
            String version = Refusal.excerpt(String.valueOf(cause.getMessage()));
            refuse(request, new Refusal(505, "HTTP/1.0 and HTTP/1.1 are understood, and not " + version));
        } else {
            refuse(request, new Refusal(400, "The request is not HTTP"));
        }
    }

    /** Answers a request that is not read to its end, and ends the connection. */
    private void refuse(HttpServerRequest request, Refusal refusal) {
        Buffer body = Buffer.buffer(Json.refusal(refusal));
        HttpServerResponse response = request.response()
                .setStatusCode(refusal.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length()));
        // Written, but not ended: the server closes the connection at the end of a last answer.
        LingeringClose.after(
                request.method().equals(HttpMethod.HEAD) ? response.writeHead() : response.write(body),
                request.connection());
    }

    static void answer(HttpServerRequest request, int status, byte[] body) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(Buffer.buffer(body));
        }
    }
}
