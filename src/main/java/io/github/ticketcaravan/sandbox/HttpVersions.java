package io.github.ticketcaravan.sandbox;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/** Makes a request in a version other than 1.0 and 1.1 an invalid one: left alone, the server answers it with nothing. */
final class HttpVersions extends ChannelInboundHandlerAdapter {

    /** What {@link Endpoint#invalid} finds as the cause. */
    static final class Unsupported extends Exception {

        private static final long serialVersionUID = 1L;

        private Unsupported(HttpVersion version) {
            super(version.text());
        }
    }

    /** Looks at the requests of a connection before the server does. */
    static void check(HttpConnection connection) {
        if (connection instanceof HttpServerConnection server) {
            ChannelHandlerContext context = server.channelHandlerContext();
            context.pipeline().addBefore(context.name(), "versions", new HttpVersions());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            HttpVersion version = request.protocolVersion();
            if (!version.equals(HttpVersion.HTTP_1_0) && !version.equals(HttpVersion.HTTP_1_1)) {
                request.setProtocolVersion(HttpVersion.HTTP_1_1);
                request.setDecoderResult(DecoderResult.failure(new Unsupported(version)));
            }
        }
        context.fireChannelRead(message);
    }
}
