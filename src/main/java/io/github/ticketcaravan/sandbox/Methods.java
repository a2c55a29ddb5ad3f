package io.github.ticketcaravan.sandbox;

import io.github.ticketcaravan.sandbox.HelpDeskData.User;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The methods of the API, by the names they have after {@code /api/v2/}: parameters in, JSON out. */
final class Methods {

    /** What is answered where nothing is wrong. */
    static final class Result {

        final int status;
        final byte[] body;

        private Result(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }
    }

    private interface Action {
        /** Throws the same refusals, but changes nothing, where it is only a {@code rehearsal}. */
        Result perform(Methods methods, Parameters parameters, boolean rehearsal) throws Refusal;
    }

    private interface LookUp {
        byte[] json(Answers answers, HelpDesk desk, Parameters parameters) throws Refusal;
    }

    /** {@code parameters} are those that have a meaning, besides custom fields. */
    private record Method(Set<String> parameters, boolean customFields, Action action) {
        boolean knows(String name) {
            return parameters.contains(name) || (customFields && Parameters.isCustomField(name));
        }
    }

    private static final Map<String, Method> METHODS = Map.ofEntries(
            Map.entry("tickets/update", new Method(TicketChange.PARAMETERS, true, Methods::update)),
            Map.entry("tickets/submit", new Method(Submission.PARAMETERS, true, Methods::submit)),
            Map.entry("tickets/post_update", new Method(Posting.PARAMETERS, false, Methods::post)),
            lookUp(
                    "tickets/ticket",
                    Set.of("ticket", "reference"),
                    (answers, desk, parameters) -> answers.shownTicket(desk.ticket(reference(parameters)))),
            lookUp(
                    "tickets/all",
                    Set.of("page", "per_page", "sort_by", "order"),
                    (answers, desk, parameters) -> Json.page(
                            Page.of(parameters), desk.ticketCount(), tickets(desk, parameters), answers::ticket)),
            lookUp("objects/statuses", (answers, desk) -> Json.array(desk.statuses.all(), Answers::status)),
            lookUp("objects/priorities", (answers, desk) -> Json.array(desk.priorities.all(), Answers::priority)),
            lookUp("objects/teams", (answers, desk) -> Json.array(desk.teams.all(), answers::team)),
            lookUp("objects/departments", (answers, desk) -> Json.array(desk.departments.all(), answers::department)),
            lookUp("objects/brands", (answers, desk) -> Json.array(desk.brands.all(), answers::listedBrand)),
            lookUp("objects/slas", (answers, desk) -> Json.array(desk.slas.all(), Answers::sla)),
            lookUp(
                    "objects/escalation_paths",
                    (answers, desk) -> Json.array(desk.escalationPaths.all(), answers::escalationPath)),
            lookUp("objects/custom_fields", (answers, desk) -> Json.array(desk.customFields, Answers::customField)),
            lookUp("users/all", Set.of("page", "per_page"), (answers, desk, parameters) -> {
                List<User> users = desk.users.all();
                return Json.page(Page.of(parameters), users.size(), users::subList, answers::listedUser);
            }));

    private static final Set<String> NAMES = Collections.unmodifiableSet(new TreeSet<>(METHODS.keySet()));

    private final HelpDesk desk;
    private final Answers answers;
    private final Clock clock;

    Methods(HelpDesk desk, Clock clock) {
        this.desk = desk;
        this.answers = new Answers(desk);
        this.clock = clock;
    }

    /** Of all methods, in alphabetical order. */
    static Set<String> names() {
        return NAMES;
    }

    /** The names, as they were given, of what has no meaning for a method. */
    static List<String> ignored(String method, Parameters parameters) {
        Method called = METHODS.get(method);
        List<String> ignored = parameters.ignored();
        for (Parameters.Parameter parameter : parameters.all()) {
            if (called != null && !called.knows(Parameters.folded(parameter.name()))) {
                ignored = new ArrayList<>(ignored);
                ignored.add(parameter.name());
            }
        }
        return ignored;
    }

    Result call(String method, Parameters parameters) throws Refusal {
        return find(method).action().perform(this, parameters, false);
    }

    /** As {@link #call}, but changes nothing, and the body is not its. */
    Result check(String method, Parameters parameters) throws Refusal {
        return find(method).action().perform(this, parameters, true);
    }

    private static Method find(String name) throws Refusal {
        Method method = METHODS.get(name);
        if (method == null) {
            throw Refusal.notFound("Method", name);
        }
        return method;
    }

    private Result update(Parameters parameters, boolean rehearsal) throws Refusal {
        String reference = parameters.get("ticket");
        Instant now = clock.instant();
        if (rehearsal) {
            Ticket ticket = desk.ticket(reference);
            new TicketChange(desk, ticket, parameters, now).check();
            return new Result(200, answers.updatedTicket(ticket));
        }
        Ticket updated = desk.update(reference, ticket -> new TicketChange(desk, ticket, parameters, now).apply());
        return new Result(200, answers.updatedTicket(updated));
    }

    private Result submit(Parameters parameters, boolean rehearsal) throws Refusal {
        Submission submission = new Submission(desk, parameters, clock.instant());
        if (rehearsal) {
            submission.check();
            return new Result(201, new byte[0]);
        }
        return new Result(201, answers.updatedTicket(submission.apply()));
    }

    private Result post(Parameters parameters, boolean rehearsal) throws Refusal {
        String reference = parameters.get("ticket");
        Posting posting = new Posting(desk, parameters, clock.instant());
        if (rehearsal) {
            desk.ticket(reference);
            posting.check();
            return new Result(201, new byte[0]);
        }
        Ticket posted = desk.update(reference, posting::apply);
        return new Result(201, Answers.post(posted.posts.get(posted.posts.size() - 1)));
    }

    private static Json.Slice<Ticket> tickets(HelpDesk desk, Parameters parameters) throws Refusal {
        if (!parameters.has("sort_by") && !parameters.has("order")) {
            return desk::tickets;
        }
        return desk.tickets(0, desk.ticketCount()).stream()
                .sorted(TicketOrder.of(parameters.get("sort_by"), parameters.get("order")))
                .toList()::subList;
    }

    private static Map.Entry<String, Method> lookUp(String name, BiFunction<Answers, HelpDesk, byte[]> json) {
        return lookUp(name, Set.of(), (answers, desk, parameters) -> json.apply(answers, desk));
    }

    private static Map.Entry<String, Method> lookUp(String name, Set<String> parameters, LookUp lookUp) {
        Action action =
                (methods, given, rehearsal) -> new Result(200, lookUp.json(methods.answers, methods.desk, given));
        return Map.entry(name, new Method(parameters, false, action));
    }

    /** It is documented as {@code ticket}; clients send {@code reference}. */
    private static @Nullable String reference(Parameters parameters) {
        String ticket = parameters.get("ticket");
        return ticket == null ? parameters.get("reference") : ticket;
    }
}
