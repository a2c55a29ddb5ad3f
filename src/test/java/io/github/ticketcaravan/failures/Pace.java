package io.github.ticketcaravan.failures;

import java.time.Duration;
import java.util.List;

/**
 * How long things take: short in the suite, and in the long form as they are for a user who has set nothing.
 *
 * @param answerMillis what the help desk takes for an answer
 * @param notice how long it may take until the program tells of a failure
 * @param hold how long the failure lasts after it was told
 * @param idleHold the same where it is the ledger's and strikes while the program is idle
 * @param recovery how long it may take until all work is done once the failure is over
 */
record Pace(boolean isQuick, long answerMillis, Duration notice, Duration hold, Duration idleHold, Duration recovery) {

    static final Pace QUICK = new Pace(
            true, 10, Duration.ofSeconds(90), Duration.ofSeconds(4), Duration.ofSeconds(8), Duration.ofSeconds(150));
    static final Pace LONG = new Pace(
            false,
            20,
            Duration.ofSeconds(120),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(150));

    /** What of the settings is not as it is for a user who has set nothing. */
    String settings() {
        return isQuick ? ", and time-outs of 3 seconds for PostgreSQL and brokers (in their URLs)" : "";
    }

    /** What is added to the ledger's URL. */
    String postgresql() {
        return isQuick ? "&connectTimeout=3&loginTimeout=3&socketTimeout=3" : "";
    }

    String artemis() {
        return isQuick ? "?connectionTTL=3000&clientFailureCheckPeriod=1000&callTimeout=3000" : "";
    }

    String amqp() {
        return isQuick ? "?amqp.idleTimeout=3000&jms.requestTimeout=3000&jms.connectTimeout=3000" : "";
    }

    List<String> kafka() {
        return isQuick
                ? List.of(
                        "--set=camel.component.kafka.sessionTimeoutMs=3000",
                        "--set=camel.component.kafka.heartbeatIntervalMs=500")
                : List.of();
    }
}
