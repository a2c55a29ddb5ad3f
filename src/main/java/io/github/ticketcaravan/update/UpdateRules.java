package io.github.ticketcaravan.update;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is checked before anything is sent, the same for every source. Immutable; safe for use by several threads.
 *
 * <p>References, IDs and dates lose the white space around them, dates become ISO 8601 with an offset
 * (see {@link Dates}), all other values stay as they are. What is no Unicode text is a problem, since it would be changed
 * on its way. An empty value is never a problem of its own: it is sent,
 * and the help desk decides whether the property can be cleared.
 */
public final class UpdateRules {

    private final Dates dates;

    /** @param zone of dates that are given without an offset */
    public UpdateRules(ZoneId zone) {
        this.dates = new Dates(zone);
    }

    /**
     * The update, with everything that is wrong with it, and everything that is odd, at once.
     *
     * @param parameters name as written to value, without the ticket; the names become the API's
     * @param original the row, command or message as it came
     * @param alreadyFound what the source found wrong; with any, that there is nothing to change is not reported too
     * @param replayOf the ID of the dead letter that this replays, if it does
     */
    public TicketUpdate check(
            Origin origin,
            String ticket,
            Map<String, String> parameters,
            String original,
            List<Problem> alreadyFound,
            @Nullable String replayOf) {
        List<Problem> problems = new ArrayList<>(alreadyFound);
        List<Problem> warnings = new ArrayList<>(0);
        String reference = ticket.strip();
        checkReference(reference, problems, warnings);
        Map<String, String> values = new LinkedHashMap<>();
        parameters.forEach((name, value) -> checkParameter(name, value, values, problems, warnings));
        if (parameters.isEmpty() && alreadyFound.isEmpty()) {
            problems.add(new Problem("base", "nothing to change: expected at least one parameter besides the ticket"));
        }
        checkContact(values, problems);
        return new TicketUpdate(origin, reference, values, original, problems, warnings, replayOf);
    }

    /** The first of the dates that is given in English, and so means another time whenever it is sent. */
    public static Optional<String> relativeDate(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .filter(parameter -> isDate(parameter.getKey()) && Dates.isEnglish(parameter.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean isDate(String name) {
        Parameter parameter = Parameter.ofApiName(name);
        return parameter != null && parameter.kind() == Parameter.Kind.DATE;
    }

    private static void checkReference(String ticket, List<Problem> problems, List<Problem> warnings) {
        if (ticket.isEmpty()) {
            problems.add(new Problem("ticket", "is missing: expected a ticket's reference such as LF-616004"));
        } else if (hasControlCharacter(ticket)) {
            problems.add(new Problem("ticket", controlCharacter(ticket) + "expected a reference such as LF-616004"));
        } else if (!Characters.areText(ticket)) {
            problems.add(new Problem("ticket", noText(ticket)));
        } else if (!looksUsual(ticket)) {
            warnings.add(new Problem(
                    "ticket",
                    Problem.quote(ticket) + " is an unusual reference: two capital letters, a hyphen and six digits "
                            + "are usual, such as LF-616004"));
        }
    }

    private void checkParameter(
            String written, String value, Map<String, String> values, List<Problem> problems, List<Problem> warnings) {
        String name = written;
        Parameter parameter = Parameter.ofApiName(name);
        if (parameter == null) {
            name = Parameter.canonicalName(written).orElse(written);
            parameter = Parameter.ofApiName(name);
        }
        if (parameter == null) {
            problems.add(new Problem(
                    Problem.shorten(written),
                    "is no parameter of a ticket; the nearest is " + String.join(", ", Parameter.nearest(written))));
            return;
        }
        if (parameter == Parameter.TICKET || values.containsKey(name)) {
            problems.add(new Problem(name, "is given twice: expected one value"));
            return;
        }
        if (parameter == Parameter.CUSTOM) {
            String field = Problem.shorten(name);
            Parameter.problemWithName(name).ifPresent(message -> problems.add(new Problem(field, message)));
        }
        int before = problems.size();
        values.put(name, checkValue(parameter, name, value, problems, warnings));
        if (problems.size() == before && !Characters.areText(value)) {
            problems.add(new Problem(name, noText(value)));
        }
    }

    private String checkValue(
            Parameter parameter, String name, String value, List<Problem> problems, List<Problem> warnings) {
        switch (parameter.kind()) {
            case REFERENCE -> {
                String reference = value.strip();
                checkOneLine(name, reference, problems);
                return reference;
            }
            case ID -> {
                String id = value.strip();
                if (!isDigits(id)) {
                    problems.add(new Problem(name, Problem.quote(id) + " is no ID: expected digits, such as 3"));
                }
                return id;
            }
            case LINE -> {
                checkOneLine(name, value, problems);
                return value;
            }
            case DATE -> {
                return dates.normalise(name, value.strip(), problems, warnings);
            }
            case LIST -> {
                checkNoneEmpty(name, value, problems);
                return value;
            }
            case TEXT -> {
                return value;
            }
        }
        throw new AssertionError(parameter);
    }

    private static void checkContact(Map<String, String> values, List<Problem> problems) {
        String data = values.get(Parameter.CONTACT_METHOD_DATA.apiName());
        if (data != null && values.containsKey(Parameter.CONTACT_METHOD.apiName())) {
            problems.add(new Problem(
                    "contact_method",
                    "is given together with contact_method_data: expected the ID of a contact method that exists, or "
                            + "the data of one to find or add, not both"));
        }
        String contactName = values.get(Parameter.CONTACT_NAME.apiName());
        if (contactName != null && !contactName.isEmpty() && (data == null || data.isBlank())) {
            problems.add(new Problem(
                    "contact_name",
                    Problem.quote(contactName) + " is given without contact_method_data: expected both, such as a name "
                            + "and an e-mail address"));
        }
    }

    private static void checkOneLine(String name, String value, List<Problem> problems) {
        if (hasControlCharacter(value)) {
            problems.add(new Problem(name, controlCharacter(value) + "expected text on one line"));
        }
    }

    private static void checkNoneEmpty(String name, String value, List<Problem> problems) {
        if (value.isEmpty()) {
            return;
        }
        int begin = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || value.charAt(i) == ',') {
                if (isBlank(value, begin, i)) {
                    problems.add(new Problem(
                            name,
                            Problem.quote(value) + " has an empty entry: expected contact methods separated by single "
                                    + "commas, such as adam@example.com,dave@example.com"));
                    return;
                }
                begin = i + 1;
            }
        }
    }

    private static boolean isBlank(String value, int begin, int end) {
        for (int i = begin; i < end; i++) {
            if (!Character.isWhitespace(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static String controlCharacter(String value) {
        return Problem.quote(value) + " has a control character (a tab or line break, say) in it: ";
    }

    /** It could be neither sent nor kept as it is. */
    private static String noText(String value) {
        return Problem.quote(value) + " has a NUL or half of a surrogate pair in it: expected Unicode text";
    }

    private static boolean hasControlCharacter(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDigits(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** {@code [A-Z]{2}-[0-9]{6}}, which every public example fits. */
    private static boolean looksUsual(String ticket) {
        return ticket.length() == 9
                && isCapital(ticket.charAt(0))
                && isCapital(ticket.charAt(1))
                && ticket.charAt(2) == '-'
                && isDigits(ticket.substring(3));
    }

    private static boolean isCapital(char c) {
        return c >= 'A' && c <= 'Z';
    }
}
