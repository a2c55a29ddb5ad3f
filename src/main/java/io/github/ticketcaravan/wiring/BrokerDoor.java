package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.update.Problem;
import java.util.function.Supplier;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQIOErrorException;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnection;
import org.apache.activemq.artemis.core.server.LargeServerMessage;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.protocol.amqp.exceptions.ActiveMQAMQPResourceLimitExceededException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rejects what the embedded broker cannot take, and tells the sender: any message while the disk has too little room,
 * and messages that came by AMQP and cannot be read.
 *
 * <p>Artemis translates the latter for the reader, with all of it in memory several times, and where that fails neither
 * this message nor those behind it are ever delivered. What comes by Artemis' own protocol needs no translation, and is
 * never in memory as a whole. What this process sends itself is never rejected for want of room: it answers messages
 * that leave the disk then.
 *
 * @param noRoom why the disk has too little room for publishers; null if it has enough
 * @param maxSize bytes of the largest message
 */
record BrokerDoor(Supplier<@Nullable String> noRoom, BrokerDisk disk, int maxSize)
        implements ActiveMQServerMessagePlugin {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    /** For what is not the body. */
    private static final int HEADERS = 64_000;

    @Override
    public void beforeSend(
            ServerSession session,
            @Nullable Transaction transaction,
            Message message,
            boolean direct,
            boolean noAutoCreateQueue)
            throws ActiveMQException {
        boolean isCore = message instanceof ICoreMessage;
        boolean isOurs = session.getRemotingConnection().getTransportConnection() instanceof InVMConnection;
        String full = isOurs ? null : noRoom.get();
        if (full == null && message instanceof LargeServerMessage) {
            // It is on the disk by now, but Artemis does not notice when that was not possible.
            full = disk.exhausted();
        }
        if (full != null) {
            delete(message);
            throw isCore ? new ActiveMQIOErrorException(full) : new ActiveMQAMQPResourceLimitExceededException(full);
        }
        String problem = isCore ? null : problem(message);
        if (problem != null) {
            LOG.warn(
                    "{}, message {}: not taken in, and its sender is told: {}",
                    Problem.quote(message.getAddress()),
                    Problem.quote(String.valueOf(message.getUserID())),
                    problem);
            delete(message);
            throw new ActiveMQAMQPResourceLimitExceededException(problem);
        }
    }

    private @Nullable String problem(Message message) throws ActiveMQException {
        if (message instanceof LargeServerMessage large
                && large.getLargeBody().getBodySize() > (long) maxSize + HEADERS) {
            return "the message has " + large.getLargeBody().getBodySize() + " bytes, and caravan.queue.max-size is "
                    + maxSize + ": expected a smaller one, with fewer updates";
        }
        try {
            message.toCore();
            return null;
        } catch (RuntimeException e) {
            return "the message cannot be read (" + RouteCheck.because(e) + "): expected text in UTF-8, or bytes";
        }
    }

    private static void delete(Message message) {
        try {
            if (message instanceof LargeServerMessage large) {
                large.deleteFile();
            }
        } catch (Exception e) {
            LOG.warn("a file of the embedded broker cannot be deleted; its next start does so", e);
        }
    }
}
