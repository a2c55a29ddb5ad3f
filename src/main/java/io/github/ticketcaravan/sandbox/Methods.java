package io.github.ticketcaravan.sandbox;

import io.github.ticketcaravan.sandbox.HelpDeskData.User;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The methods of the API, by the names they have after {@code /api/v2/}: parameters in, JSON out. */
final class Methods {

    static final String UPDATE = "tickets/update";

    /** What a method does; parameters to JSON. */
    private interface Method {
        byte[] call(Answers answers, HelpDesk desk, Parameters parameters) throws Refusal;
    }

    /** All but {@link #UPDATE}. */
    private static final Map<String, Method> LOOK_UPS = Map.ofEntries(
            Map.entry(
                    "tickets/ticket",
                    (answers, desk, parameters) -> answers.shownTicket(desk.ticket(reference(parameters)))),
            Map.entry(
                    "tickets/all",
                    (answers, desk, parameters) ->
                            Answers.page(parameters.get("page"), desk.ticketCount(), desk::tickets, answers::ticket)),
            Map.entry(
                    "objects/statuses",
                    (answers, desk, parameters) -> Answers.array(desk.statuses.all(), Answers::status)),
            Map.entry(
                    "objects/priorities",
                    (answers, desk, parameters) -> Answers.array(desk.priorities.all(), Answers::priority)),
            Map.entry("objects/teams", (answers, desk, parameters) -> Answers.array(desk.teams.all(), answers::team)),
            Map.entry(
                    "objects/departments",
                    (answers, desk, parameters) -> Answers.array(desk.departments.all(), answers::department)),
            Map.entry(
                    "objects/brands", (answers, desk, parameters) -> Answers.array(desk.brands.all(), Answers::brand)),
            Map.entry("objects/slas", (answers, desk, parameters) -> Answers.array(desk.slas.all(), Answers::sla)),
            Map.entry(
                    "objects/escalation_paths",
                    (answers, desk, parameters) -> Answers.array(desk.escalationPaths.all(), answers::escalationPath)),
            Map.entry(
                    "objects/custom_fields",
                    (answers, desk, parameters) -> Answers.array(desk.customFields, Answers::customField)),
            Map.entry("users/all", (answers, desk, parameters) -> {
                List<User> users = desk.users.all();
                return Answers.page(parameters.get("page"), users.size(), users::subList, Answers::user);
            }));

    private static final Set<String> NAMES = names(LOOK_UPS.keySet());

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

    /** The JSON of a 200. */
    byte[] call(String method, Parameters parameters) throws Refusal {
        if (!method.equals(UPDATE)) {
            return lookUp(method).call(answers, desk, parameters);
        }
        Ticket updated = desk.update(
                parameters.get("ticket"),
                ticket -> new TicketChange(desk, ticket, parameters, clock.instant()).apply());
        return answers.updatedTicket(updated);
    }

    /** Throws what {@link #call} would, but changes nothing. */
    void check(String method, Parameters parameters) throws Refusal {
        if (method.equals(UPDATE)) {
            Ticket ticket = desk.ticket(parameters.get("ticket"));
            new TicketChange(desk, ticket, parameters, clock.instant()).check();
        } else {
            lookUp(method).call(answers, desk, parameters);
        }
    }

    private static Set<String> names(Set<String> lookUps) {
        Set<String> names = new TreeSet<>(lookUps);
        names.add(UPDATE);
        return Collections.unmodifiableSet(names);
    }

    private static Method lookUp(String method) throws Refusal {
        Method lookUp = LOOK_UPS.get(method);
        if (lookUp == null) {
            throw Refusal.notFound("Method", method);
        }
        return lookUp;
    }

    /** It is documented as {@code ticket}; clients send {@code reference}. */
    private static @Nullable String reference(Parameters parameters) {
        String ticket = parameters.get("ticket");
        return ticket == null ? parameters.get("reference") : ticket;
    }
}
