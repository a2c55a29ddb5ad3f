package io.github.ticketcaravan.sandbox;

import io.github.ticketcaravan.sandbox.HelpDeskData.CustomField;
import io.github.ticketcaravan.sandbox.HelpDeskData.FieldType;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A help desk to practise on: serves the API until closed, from state in memory that begins anew at each start.
 * Thread-safe; its threads do not keep a JVM alive once it is closed.
 */
public final class Sandbox implements AutoCloseable {

    private final Vertx vertx;
    private final String host;
    private final int port;

    private Sandbox(Vertx vertx, String host, int port) {
        this.vertx = vertx;
        this.host = host;
        this.port = port;
    }

    /**
     * Returns when requests are answered. Not to be called from an event loop.
     *
     * @throws SandboxDataException where the data file cannot be used
     * @throws UncheckedIOException where the port cannot be had; its message is a sentence for the operator
     */
    public static Sandbox start(SandboxOptions options) {
        HelpDeskData data = HelpDeskDataFile.read(options.data());
        int tickets = options.tickets() == 0 ? data.madeUp().tickets() : options.tickets();
        State state = new State(
                options,
                new RequestLog(passwordParameters(data)),
                () -> new Methods(new HelpDesk(data, tickets), options.clock()));
        Endpoint endpoint = new Endpoint(new Access(data), state);
        Vertx vertx = vertx();
        AtomicInteger port = new AtomicInteger();
        try {
            await(vertx.deployVerticle(
                    () -> new Listener(endpoint, options, port),
                    new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE)));
        } catch (CompletionException e) {
            vertx.close();
            throw cannotListen(options, e.getCause() == null ? e : e.getCause());
        }
        return new Sandbox(vertx, options.host(), port.get());
    }

    private static Vertx vertx() {
        try {
            return Vertx.vertx(new VertxOptions()
                    .setFileSystemOptions(
                            new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        } catch (RuntimeException e) {
            if (OpenFiles.areExhausted(e)) {
                throw new UncheckedIOException(OpenFiles.atStart(), new IOException(e));
            }
            throw e;
        }
    }

    /** One event loop's share of the server. */
    private static final class Listener extends VerticleBase {

        private final Endpoint endpoint;
        private final SandboxOptions options;
        private final AtomicInteger port;

        Listener(Endpoint endpoint, SandboxOptions options, AtomicInteger port) {
            this.endpoint = endpoint;
            this.options = options;
            this.port = port;
        }

        @Override
        public Future<HttpServer> start() {
            return vertx.createHttpServer(serverOptions(options))
                    .requestHandler(endpoint.handler(vertx))
                    .connectionHandler(endpoint::connected)
                    .invalidRequestHandler(endpoint::invalid)
                    // To Vert.x, 0 is a free port for each event loop, and a negative number one for all of them.
                    .listen(options.port() == 0 ? -1 : options.port(), options.host())
                    .onSuccess(server -> port.set(server.actualPort()));
        }
    }

    private static HttpServerOptions serverOptions(SandboxOptions options) {
        return new HttpServerOptions()
                .setIdleTimeout(Math.toIntExact(options.idle().toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                // An offer that a server need not take: a client that makes it goes on in HTTP/1.1.
                .setHttp2ClearTextEnabled(false)
                .setMaxInitialLineLength(8192)
                .setMaxHeaderSize(16_384);
    }

    private static Set<String> passwordParameters(HelpDeskData data) {
        return data.customFields().stream()
                .filter(field -> field.fieldType() == FieldType.PASSWORD)
                .map(CustomField::systemName)
                .map(Parameters::customField)
                .collect(Collectors.toSet());
    }

    private static UncheckedIOException cannotListen(SandboxOptions options, Throwable cause) {
        String sentence;
        if (cause instanceof BindException) {
            sentence = "Port " + options.port() + " of " + options.host() + " cannot be had (" + cause.getMessage()
                    + "): choose another, or end the program that has it.";
        } else if (OpenFiles.areExhausted(cause)) {
            sentence = OpenFiles.atStart();
        } else {
            sentence = "Cannot listen on " + options.host() + " port " + options.port() + ": " + cause.getMessage();
        }
        return new UncheckedIOException(sentence, cause instanceof IOException io ? io : new IOException(cause));
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    /** The port in use, also where any was asked for. */
    public int port() {
        return port;
    }

    /** The address that clients are given, without a path; loopback where it listens everywhere. */
    public URI url() {
        String reachable = host.equals("0.0.0.0") ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
        return URI.create("http://" + reachable + ":" + port);
    }

    /** Ends what is in progress and frees the port. Closing again does nothing. */
    @Override
    public void close() {
        await(vertx.close());
    }
}
