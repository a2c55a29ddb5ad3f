package io.github.ticketcaravan.sandbox;

import io.github.ticketcaravan.sandbox.HelpDeskData.User;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of {@code tickets/post_update}: a message joins a ticket's. The author is a user, or a customer by ID, name
 * or e-mail address, or nobody. A private message is counted, but is no response to the customer.
 */
final class Posting {

    static final String USER = "user";
    static final String CUSTOMER = "customer";
    static final Set<String> PARAMETERS =
            Set.of("ticket", "subject", "message", "private", USER, CUSTOMER, "contact", "author_name", "author_email");

    private static final Set<String> PRIVATE = Set.of("1", "true", "yes", "on");
    private static final String BLANK = "can't be blank";

    private final HelpDesk desk;
    private final Parameters parameters;
    private final Instant now;
    private final Map<String, List<String>> errors = new LinkedHashMap<>();

    Posting(HelpDesk desk, Parameters parameters, Instant now) {
        this.desk = desk;
        this.parameters = parameters;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Finds what is wrong; changes nothing. */
    void check() throws Refusal {
        String message = parameters.get("message");
        if (message == null || message.isBlank()) {
            errors.put("message", List.of(BLANK));
        }
        limit("message", TicketChange.LONGEST_TEXT);
        limit("subject", TicketChange.LONGEST_LINE);
        limit("author_name", TicketChange.LONGEST_LINE);
        User user = user();
        Customer customer = knownCustomer();
        ContactAddress address = newAuthor();
        if (Stream.of(user, customer, address).filter(author -> author != null).count() > 1) {
            errors.put("base", List.of("a message has one author: give one of user, customer and author_email"));
        }
        if (!errors.isEmpty()) {
            throw new Refusal(errors);
        }
    }

    /** The ticket with the message. */
    Ticket apply(Ticket ticket) throws Refusal {
        check();
        User user = user();
        Post post = new Post(
                desk.nextPostId(),
                given("subject"),
                String.valueOf(given("message")),
                now,
                PRIVATE.contains(Parameters.folded(String.valueOf(given("private")))),
                user,
                customer());
        Ticket posted = new Ticket(ticket);
        posted.posts = Stream.concat(ticket.posts.stream(), Stream.of(post)).toList();
        posted.updatedAt = now;
        if (!post.isPrivate()) {
            if (user != null) {
                posted.lastRespondant = USER;
                posted.firstResponseTime = ticket.firstResponseTime == null
                        ? TicketChange.minutes(Duration.between(ticket.submittedAt, now))
                        : ticket.firstResponseTime;
            } else if (post.customer() != null) {
                posted.lastRespondant = CUSTOMER;
            }
        }
        return posted;
    }

    private void limit(String name, int longest) {
        String value = parameters.get(name);
        if (value != null && value.codePointCount(0, value.length()) > longest) {
            errors.put(name, List.of("is too long (maximum is " + longest + " characters)"));
        }
    }

    private @Nullable User user() throws Refusal {
        String user = given(USER);
        return user == null ? null : desk.users.find(user);
    }

    private @Nullable Customer knownCustomer() throws Refusal {
        String customer = given(CUSTOMER) == null ? given("contact") : given(CUSTOMER);
        return customer == null ? null : desk.contacts.ofCustomer(customer).customer();
    }

    private @Nullable ContactAddress newAuthor() {
        String email = given("author_email");
        ContactAddress address = email == null ? null : ContactAddress.read(ContactMethod.Type.EMAIL, email);
        if (email != null && address == null) {
            errors.put("author_email", List.of("is not a valid e-mail address"));
        }
        return address;
    }

    private @Nullable Customer customer() throws Refusal {
        ContactAddress address = newAuthor();
        if (address == null) {
            return knownCustomer();
        }
        String name = given("author_name");
        return desk.contacts
                .findOrAdd(address, name == null ? address.data() : name.strip())
                .customer();
    }

    private @Nullable String given(String name) {
        String value = parameters.get(name);
        return value == null || value.isBlank() ? null : value;
    }
}
