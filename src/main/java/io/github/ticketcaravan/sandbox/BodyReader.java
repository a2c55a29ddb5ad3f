package io.github.ticketcaravan.sandbox;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;

/**
 * Reads the body of every request whole, whatever its method and type, and leaves it in the context. A body that is
 * too large is refused as soon as that is known; what still comes of it is thrown away.
 */
final class BodyReader implements Handler<RoutingContext> {

    static final int LARGEST = 1_000_000;

    private static final String BODY = "body";
    private static final int LARGEST_PREALLOCATED = 65_536;

    private final BiConsumer<HttpServerRequest, Refusal> refuse;

    /** @param refuse answers a request whose body may be read only in part */
    BodyReader(BiConsumer<HttpServerRequest, Refusal> refuse) {
        this.refuse = refuse;
    }

    static byte[] body(RoutingContext context) {
        Buffer body = context.get(BODY);
        return body == null ? new byte[0] : body.getBytes();
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        long announced = announcedLength(request);
        boolean chunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        String expectation = request.version() == HttpVersion.HTTP_1_0 ? null : request.getHeader(HttpHeaders.EXPECT);
        if (expectation != null && !expectation.equalsIgnoreCase("100-continue")) {
            String given = Refusal.excerpt(expectation);
            refuse.accept(
                    request,
                    new Refusal(417, "The expectation '" + given + "' cannot be met: only 100-continue is known"));
        } else if (announced > LARGEST) {
            refuse.accept(request, tooLarge());
        } else if (announced == 0 && !chunked) {
            context.next();
        } else {
            if (expectation != null) {
                request.response().writeContinue();
            }
            read(context, Buffer.buffer((int) Math.min(announced, LARGEST_PREALLOCATED)));
        }
    }

    private void read(RoutingContext context, Buffer body) {
        HttpServerRequest request = context.request();
        boolean[] refused = {false};
        request.handler(piece -> {
            if (refused[0]) {
                return;
            }
            if (body.length() + piece.length() > LARGEST) {
                refused[0] = true;
                refuse.accept(request, tooLarge());
            } else {
                body.appendBuffer(piece);
            }
        });
        request.endHandler(end -> {
            if (!refused[0]) {
                context.put(BODY, body);
                context.next();
            }
        });
    }

    private static Refusal tooLarge() {
        return new Refusal(413, "A request may have 1 MB");
    }

    /** 0 where there is no body, or one in chunks. The server has made sure that it is a number. */
    private static long announcedLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }
}
