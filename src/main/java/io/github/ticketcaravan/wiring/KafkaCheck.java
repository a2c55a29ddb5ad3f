package io.github.ticketcaravan.wiring;

import io.github.ticketcaravan.settings.QueueSettings;
import io.github.ticketcaravan.settings.QueueSettings.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Whether Kafka can be reached, lets us in, and has the topics that we read and write. */
public final class KafkaCheck implements Check {

    private static final int TIMEOUT = 5_000;

    private final QueueSettings settings;

    public KafkaCheck(QueueSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "queue";
    }

    @Override
    public String find() throws InterruptedException {
        if (settings.kind() != Kind.KAFKA) {
            return "no Kafka is configured";
        }
        try (Admin admin = admin()) {
            TopicDescription topic = topic(admin, "caravan.queue.name", settings.name(), AclOperation.READ);
            int partitions = topic.partitions().size();
            List<String> found = new ArrayList<>();
            found.add("Kafka at " + settings.url() + ", topic " + settings.name() + " with " + partitions
                    + (partitions == 1 ? " partition" : " partitions"));
            QueueSettings.Destination results = settings.results();
            if (results != null) {
                topic(admin, "caravan.queue.results", results.name(), AclOperation.WRITE);
                found.add("results to " + results.name());
            }
            found.add(group(admin));
            if (settings.consumers() > partitions) {
                found.add("more consumers (" + settings.consumers() + ") than partitions: the rest of them idles");
            }
            return String.join(", ", found);
        }
    }

    /**
     * Whether messages can be published there.
     *
     * @throws KafkaException telling in a sentence what is wrong, and the remedy
     */
    void findToPublish() throws InterruptedException {
        try (Admin admin = admin()) {
            topic(admin, "caravan.queue.name", settings.name(), AclOperation.WRITE);
        }
    }

    private Admin admin() {
        try {
            return new KafkaConnection(settings)
                    .admin(Map.of("request.timeout.ms", TIMEOUT, "default.api.timeout.ms", TIMEOUT));
        } catch (KafkaException e) {
            throw new KafkaException(
                    "Kafka at " + settings.url() + " cannot be used (" + RouteCheck.because(e)
                            + "): check caravan.queue.url and caravan.queue.tls",
                    e);
        }
    }

    private TopicDescription topic(Admin admin, String key, String name, AclOperation operation)
            throws InterruptedException {
        try {
            TopicDescription topic = Objects.requireNonNull(admin.describeTopics(
                            Set.of(name),
                            new DescribeTopicsOptions().timeoutMs(TIMEOUT).includeAuthorizedOperations(true))
                    .allTopicNames()
                    .get()
                    .get(name));
            Set<AclOperation> allowed = topic.authorizedOperations();
            if (allowed != null && !allowed.contains(operation)) {
                throw new KafkaException(notAllowed(name, operation));
            }
            return topic;
        } catch (ExecutionException e) {
            throw described(Objects.requireNonNull(e.getCause()), key, name, operation);
        }
    }

    private KafkaException described(Throwable cause, String key, String name, AclOperation operation) {
        String where = "Kafka at " + settings.url();
        String what;
        if (cause instanceof UnknownTopicOrPartitionException) {
            what = where + " has no topic " + name + ": create it, with several partitions (kafka-topics.sh --create"
                    + " --topic " + name + " --partitions 6), or mend " + key;
        } else if (cause instanceof TopicAuthorizationException) {
            what = notAllowed(name, operation);
        } else if (cause instanceof AuthenticationException) {
            what = where + " does not let us in (" + RouteCheck.because((Exception) cause)
                    + "): check caravan.queue.user, caravan.queue.password and caravan.queue.tls";
        } else {
            what = where + " cannot be reached (" + cause.getMessage()
                    + "): check caravan.queue.url, the network, and whether it runs";
        }
        return new KafkaException(what.replaceAll("\\s+", " "), cause);
    }

    private String notAllowed(String name, AclOperation operation) {
        return "Kafka at " + settings.url() + " does not allow us to "
                + operation.name().toLowerCase(java.util.Locale.ROOT) + " the topic " + name
                + ": allow it to the user of caravan.queue.user (kafka-acls.sh --add)";
    }

    private String group(Admin admin) throws InterruptedException {
        try {
            int members = Objects.requireNonNull(admin.describeConsumerGroups(
                                    List.of(settings.group()), new DescribeConsumerGroupsOptions().timeoutMs(TIMEOUT))
                            .all()
                            .get()
                            .get(settings.group()))
                    .members()
                    .size();
            return "group " + settings.group() + " with " + members + (members == 1 ? " consumer" : " consumers");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupAuthorizationException) {
                throw new KafkaException(
                        "Kafka at " + settings.url() + " does not allow us the group " + settings.group()
                                + ": allow it (kafka-acls.sh --add --operation Read --group), or mend caravan.queue.group",
                        e);
            }
            // One that does not exist yet.
            return "group " + settings.group() + ", which begins with the first consumer";
        }
    }
}
