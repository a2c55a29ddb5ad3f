package io.github.ticketcaravan.sandbox;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says by name that the process has no file descriptor left for another connection; others wait until it has one. */
@Sharable
final class OpenFiles extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);
    private static final long BETWEEN_WARNINGS = TimeUnit.SECONDS.toNanos(10);
    private static final String REMEDY = "close connections, or raise the limit of open files (ulimit -n)";

    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

    /** Watches the channel that accepts connections, if it does not do so already. */
    void watch(Channel acceptor) {
        if (acceptor.pipeline().context(this) == null) {
            acceptor.eventLoop().execute(() -> {
                if (acceptor.pipeline().context(this) == null) {
                    acceptor.pipeline().addLast(this);
                }
            });
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!areExhausted(cause)) {
            context.fireExceptionCaught(cause);
            return;
        }
        long until = quietUntil.get();
        long now = System.nanoTime();
        if (now - until >= 0 && quietUntil.compareAndSet(until, now + BETWEEN_WARNINGS)) {
            LOG.warn("The sandbox has no file descriptor left, and new connections wait: {}", REMEDY);
        }
    }

    static String atStart() {
        return "The sandbox cannot start, since no file descriptor is left: " + REMEDY + ".";
    }

    /** No type tells it, only the operating system's words. */
    static boolean areExhausted(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("Too many open files")) {
                return true;
            }
        }
        return false;
    }
}
