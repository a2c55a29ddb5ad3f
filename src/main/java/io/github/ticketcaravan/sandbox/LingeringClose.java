package io.github.ticketcaravan.sandbox;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection of whose request something is still to come. What the client sends meanwhile is thrown away: bytes
 * left unread would reset the connection, and the client would lose the answer.
 */
final class LingeringClose {

    /** How long a client may go on sending. */
    private static final long MOST_SECONDS = 30;

    private LingeringClose() {}

    /** @param written completes when the whole answer has been sent */
    static void after(Future<Void> written, HttpConnection connection) {
        if (connection instanceof HttpServerConnection server) {
            written.onSuccess(sent -> end(server));
        }
    }

    private static void end(HttpServerConnection connection) {
        Channel channel = connection.channelHandlerContext().channel();
        if (channel instanceof DuplexChannel duplex) {
            ChannelFuture unused = duplex.shutdownOutput();
        }
        ScheduledFuture<?> unused =
                channel.eventLoop().schedule(() -> connection.close(), MOST_SECONDS, TimeUnit.SECONDS);
    }
}
