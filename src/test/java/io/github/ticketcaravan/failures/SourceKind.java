package io.github.ticketcaravan.failures;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sources there are, and with which failures none of them can meet. */
enum SourceKind {
    INBOX("inbox", "it reads from no broker") {
        @Override
        Source open(Scene scene, List<Update> all) throws Exception {
            return new InboxSource(scene);
        }
    },
    IMPORT("`import`", "it reads from no broker") {
        @Override
        Source open(Scene scene, List<Update> all) throws Exception {
            return new ImportSource(scene);
        }
    },
    MAIL("mail", null) {
        @Override
        Source open(Scene scene, List<Update> all) {
            return new MailSource(scene);
        }
    },
    EMBEDDED("queue, `embedded`", "the broker is within the process; what is under it is the disk") {
        @Override
        Source open(Scene scene, List<Update> all) throws Exception {
            return new EmbeddedSource(scene);
        }
    },
    JMS("queue, `jms`", null) {
        @Override
        Source open(Scene scene, List<Update> all) throws Exception {
            return JmsSource.jms(scene);
        }
    },
    AMQP("queue, `amqp`", null) {
        @Override
        Source open(Scene scene, List<Update> all) throws Exception {
            return JmsSource.amqp(scene);
        }
    },
    KAFKA("queue, `kafka`", null) {
        @Override
        Source open(Scene scene, List<Update> all) throws Exception {
            return new KafkaTopicSource(scene);
        }
    },
    REPLAY("replay", "dead letters are in the ledger, and no broker has a part in it") {
        @Override
        Source open(Scene scene, List<Update> all) throws Exception {
            return new ReplaySource(scene, all);
        }
    },
    FORWARD("forward", null) {
        @Override
        Source open(Scene scene, List<Update> all) throws Exception {
            return new ForwardSource(scene);
        }
    };

    private final String words;
    private final @Nullable String withoutBroker;

    SourceKind(String words, @Nullable String withoutBroker) {
        this.words = words;
        this.withoutBroker = withoutBroker;
    }

    String words() {
        return words;
    }

    /** Why there is no such pair; null if there is one. */
    @Nullable
    String cannot(Failure failure) {
        return failure == Failure.BROKER_AWAY || failure == Failure.BROKER_SILENT ? withoutBroker : null;
    }

    /** Whether {@code caravan run} reads it, so that a process is there all the time. */
    boolean isRun() {
        return this != IMPORT;
    }

    /** @param all the updates that it will be given, piece by piece */
    abstract Source open(Scene scene, List<Update> all) throws Exception;
}
