package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.QueueSettings;
import io.github.ticketcaravan.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Apache ActiveMQ Artemis within this process: persistent, and listening for Artemis' own protocol and for AMQP 1.0.
 *
 * <p>Nothing is ever swallowed: there is no limit to redelivery, and what does not fit in memory is paged to disk. While
 * the disk has too little room, publishers are told so; where it is full, Artemis gives up, and is started again when
 * there is room. Clients find what they had not acknowledged, as after any loss of the connection.
 */
final class EmbeddedBroker implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final long LOOK_MILLIS = 250;
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;
    private static final long END_SECONDS = 20;

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    /**
     * A broker that has been started.
     *
     * @param since when it was started, in nanoseconds
     * @param failure why it has given up, as soon as it has
     */
    private record Running(ActiveMQServer server, long since, CompletableFuture<Throwable> failure) {

        @Nullable
        Throwable cause() {
            return failure.getNow(null);
        }
    }

    private final QueueSettings settings;
    private final Path folder;
    private final BrokerDisk disk;
    private final Consumer<String> announce;
    private final int number = NUMBER.getAndIncrement();
    private final Thread keeper = new Thread(this::keep, "embedded-broker");
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Running running;
    private volatile @Nullable String trouble;
    private volatile @Nullable String noRoom;
    private long pause = FIRST_PAUSE_MILLIS;
    private long next = System.nanoTime();

    /**
     * @param folder of its journal
     * @param announce told what an operator should know
     */
    EmbeddedBroker(QueueSettings settings, Path folder, Consumer<String> announce) {
        this.settings = settings;
        this.folder = folder;
        this.announce = announce;
        disk = new BrokerDisk(folder, settings.minFree());
        keeper.setDaemon(true);
    }

    /**
     * Starts it, or has it started later if the disk is full.
     *
     * @throws SettingsException if it cannot listen, or not use its journal
     */
    void start() {
        try {
            look();
            attempt();
        } catch (Exception e) {
            if (disk.full() == null) {
                throw new SettingsException(
                        "the embedded broker cannot be started (" + RouteCheck.because(e) + "): look at"
                                + " caravan.queue.listen.core=" + settings.listenCore()
                                + " and caravan.queue.listen.amqp=" + settings.listenAmqp()
                                + ", and whether something else listens there",
                        e);
            }
            tellTrouble(e);
        }
        keeper.start();
    }

    private void attempt() throws Exception {
        String full = disk.full();
        if (full != null) {
            throw new IOException(full);
        }
        String user = settings.user();
        ActiveMQServer server = new BrokerServer(
                BrokerConfiguration.of(
                        settings, folder, number, new BrokerDoor(() -> noRoom, disk, settings.maxSize())),
                user == null
                        ? new ActiveMQJAASSecurityManager()
                        : new OneUser(user, String.valueOf(settings.password())));
        Running attempt = new Running(server, System.nanoTime(), new CompletableFuture<>());
        server.registerIOCriticalErrorListener((cause, message, file) -> attempt.failure.complete(cause));
        server.registerActivationFailureListener(attempt.failure::complete);
        try {
            server.start();
            for (String protocol : Set.of("core", "amqp")) {
                port(server, protocol);
            }
            running = attempt;
        } catch (Exception e) {
            stop(server);
            Throwable cause = attempt.cause();
            throw cause == null ? e : new IllegalStateException(e.getMessage(), cause);
        }
    }

    /** Why it does not run just now, although it was started; null if it does. */
    @Nullable
    String trouble() {
        Running now = running;
        Throwable cause = now == null ? null : now.cause();
        return cause == null ? trouble : notRunning(cause);
    }

    /** Looks at the disk, and starts the broker again after it has given up. */
    private void keep() {
        try {
            while (!closing.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                try {
                    look();
                    endWhatHasFailed();
                    if (running == null && System.nanoTime() - next >= 0 && disk.full() == null) {
                        startAgain();
                    }
                } catch (RuntimeException unexpected) {
                    LOG.warn("the embedded broker cannot be looked after; it is tried again", unexpected);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endWhatHasFailed() {
        Running now = running;
        Throwable failure = now == null ? null : now.cause();
        if (now != null && failure != null) {
            tellTrouble(failure);
            running = null;
            stop(now.server);
            if (System.nanoTime() - now.since > TimeUnit.MILLISECONDS.toNanos(LONGEST_PAUSE_MILLIS)) {
                pause = FIRST_PAUSE_MILLIS;
            }
            waitALittle();
        }
    }

    private void waitALittle() {
        next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }

    private void startAgain() {
        try {
            attempt();
            trouble = null;
            announce.accept("The embedded broker runs again");
        } catch (Exception e) {
            LOG.warn("the embedded broker cannot be started again yet: {}", RouteCheck.because(e));
            waitALittle();
        }
    }

    private void tellTrouble(Throwable cause) {
        String sentence = notRunning(cause);
        trouble = sentence;
        announce.accept(sentence);
    }

    private String notRunning(Throwable cause) {
        String full = disk.full();
        return "The embedded broker does not run (" + (full == null ? RouteCheck.because(cause) : full)
                + "); it keeps its messages, and starts by itself as soon as it can";
    }

    private void look() {
        String before = noRoom;
        String now = disk.refusal();
        noRoom = now;
        if (before == null && now != null) {
            announce.accept(now);
        } else if (before != null && now == null) {
            announce.accept("The embedded broker takes messages again");
        }
    }

    /** For clients in this process. */
    String url() {
        return "vm://" + number;
    }

    /** The port that {@code core} or {@code amqp} really listens at. */
    int port(String protocol) {
        return port(server(), protocol);
    }

    private static int port(ActiveMQServer server, String protocol) {
        NettyAcceptor acceptor = (NettyAcceptor) server.getRemotingService().getAcceptor(protocol);
        if (acceptor == null || !acceptor.isStarted()) {
            throw new IllegalStateException("nothing listens for " + protocol);
        }
        return acceptor.getActualPort();
    }

    /** Messages of a queue that are not acknowledged, those that a consumer has in hand included. */
    long unacknowledged(String queue) {
        return server().locateQueue(queue).getMessageCount();
    }

    int consumers(String queue) {
        return server().locateQueue(queue).getConsumerCount();
    }

    private ActiveMQServer server() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException(String.valueOf(trouble));
        }
        return now.server;
    }

    /** Waits until it has stopped: after a failure of the disk it stops by itself, in a thread of its own. */
    private static void stop(ActiveMQServer server) {
        try {
            server.stop();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
            while (server.getState() != ActiveMQServer.SERVER_STATE.STOPPED && System.nanoTime() < end) {
                Thread.sleep(LOOK_MILLIS / 10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("the embedded broker did not stop as it should", e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            keeper.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Running now = running;
        if (now != null) {
            stop(now.server);
        }
    }

    /** Lets in who has the user and the password of the settings, to everything. */
    private record OneUser(String user, String password) implements ActiveMQSecurityManager5 {

        @Override
        public boolean validateUser(@Nullable String name, @Nullable String secret) {
            return user.equals(name) && password.equals(secret);
        }

        @Override
        public boolean validateUserAndRole(
                @Nullable String name, @Nullable String secret, Set<Role> roles, CheckType check) {
            return validateUser(name, secret);
        }

        @Override
        public @Nullable Subject authenticate(
                @Nullable String name, @Nullable String secret, RemotingConnection connection, String domain) {
            if (!validateUser(name, secret)) {
                return null;
            }
            Subject subject = new Subject();
            subject.getPrincipals().add(new UserPrincipal(user));
            return subject;
        }

        @Override
        public boolean authorize(Subject subject, Set<Role> roles, CheckType check, String address) {
            return true;
        }
    }
}
