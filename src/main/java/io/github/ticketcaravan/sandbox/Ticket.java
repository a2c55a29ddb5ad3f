package io.github.ticketcaravan.sandbox;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A ticket's state. A copy may be changed until it takes the original's place in {@link HelpDesk}; from then on it
 * is only read, by any thread.
 */
final class Ticket {

    final int id;
    final String reference;
    final String messageId;
    final String authCode;
    final Instant submittedAt;

    String subject = "";
    int status;
    int priority;
    int department;

    @Nullable
    Integer team;

    @Nullable
    Integer user;

    @Nullable
    Integer sla;

    ContactMethod contactMethod;
    List<ContactMethod> additionalContactMethods = List.of();
    List<String> tags = List.of();
    Map<String, String> customFields = Map.of();

    @Nullable
    Instant replyDueAt;

    @Nullable
    Instant resolutionDueAt;

    @Nullable
    Instant updatedAt;

    @Nullable
    String lastRespondant;

    @Nullable
    String firstResponseTime;

    @Nullable
    String firstResolutionTime;

    @Nullable
    String resolutionTime;

    /** Oldest first. */
    List<Post> posts = List.of();

    Ticket(
            int id,
            String reference,
            String messageId,
            String authCode,
            Instant submittedAt,
            ContactMethod contactMethod) {
        this.id = id;
        this.reference = reference;
        this.messageId = messageId;
        this.authCode = authCode;
        this.submittedAt = submittedAt;
        this.contactMethod = contactMethod;
    }

    Ticket(Ticket other) {
        this(other.id, other.reference, other.messageId, other.authCode, other.submittedAt, other.contactMethod);
        subject = other.subject;
        status = other.status;
        priority = other.priority;
        department = other.department;
        team = other.team;
        user = other.user;
        sla = other.sla;
        additionalContactMethods = other.additionalContactMethods;
        tags = other.tags;
        customFields = other.customFields;
        replyDueAt = other.replyDueAt;
        resolutionDueAt = other.resolutionDueAt;
        updatedAt = other.updatedAt;
        lastRespondant = other.lastRespondant;
        firstResponseTime = other.firstResponseTime;
        firstResolutionTime = other.firstResolutionTime;
        resolutionTime = other.resolutionTime;
        posts = other.posts;
    }

    @Nullable
    Instant lastUpdatePostedAt() {
        return posts.isEmpty() ? null : posts.get(posts.size() - 1).postedAt();
    }

    /** Whether everything that a request can set is the same. */
    boolean saysTheSameAs(Ticket other) {
        return subject.equals(other.subject)
                && status == other.status
                && priority == other.priority
                && department == other.department
                && Objects.equals(team, other.team)
                && Objects.equals(user, other.user)
                && Objects.equals(sla, other.sla)
                && contactMethod.equals(other.contactMethod)
                && additionalContactMethods.equals(other.additionalContactMethods)
                && tags.equals(other.tags)
                && customFields.equals(other.customFields)
                && Objects.equals(replyDueAt, other.replyDueAt)
                && Objects.equals(resolutionDueAt, other.resolutionDueAt)
                && Objects.equals(updatedAt, other.updatedAt);
    }
}
