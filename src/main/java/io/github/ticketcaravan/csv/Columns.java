package io.github.ticketcaravan.csv;

import static io.github.ticketcaravan.update.Problem.quote;

import io.github.ticketcaravan.settings.CsvSettings;
import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Parameter;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import io.github.ticketcaravan.update.UpdateRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of a file mean: a parameter, nothing ({@code caravan.csv.ignore}), or our own book-keeping
 * ({@code caravan.*}, in a file of rejected rows).
 *
 * <p>In a file with columns of our own one leading {@code '} is taken off every cell, since we put it there.
 */
final class Columns {

    static final String OWN = "caravan.";
    static final String DEAD_LETTER = "caravan.dead-letter";

    private static final String EMPTY = "\\empty";
    private static final int MOST_NAMED = 5;

    private final int ticket;
    private final int deadLetter;
    private final boolean guarded;
    /** The parameter of each column; null where it is none. */
    private final List<@Nullable String> parameters;

    private Columns(List<@Nullable String> parameters, int ticket, int deadLetter, boolean guarded) {
        this.parameters = parameters;
        this.ticket = ticket;
        this.deadLetter = deadLetter;
        this.guarded = guarded;
    }

    /** Whether the header is one that we wrote, in a file of rejected rows. */
    static boolean hasOwn(List<String> header) {
        return header.stream().anyMatch(Columns::isOwn);
    }

    static boolean isOwn(String name) {
        return key(name).startsWith(OWN);
    }

    /** What the settings say of columns, ready to be asked by any spelling of a name. */
    static final class Names {

        private final Map<String, String> renamed = new HashMap<>();
        private final Set<String> ignored = new HashSet<>();

        Names(CsvSettings settings) {
            settings.columns().forEach((name, parameter) -> renamed.put(key(name), target(name, parameter)));
            settings.ignore().forEach(name -> ignored.add(key(name)));
        }

        boolean isIgnored(String name) {
            return ignored.contains(key(name));
        }

        Optional<String> parameter(String name) {
            String target = renamed.get(key(name));
            return target == null ? Parameter.canonicalName(name) : Optional.of(target);
        }

        boolean isKnown(String name) {
            return isOwn(name) || isIgnored(name) || parameter(name).isPresent();
        }

        private static String target(String name, String written) {
            String parameter = Parameter.canonicalName(written)
                    .orElseThrow(() -> new SettingsException("caravan.csv.columns: " + quote(name + "=" + written)
                            + " names no parameter of a ticket; the nearest is "
                            + String.join(", ", Parameter.nearest(written))));
            Parameter.problemWithName(parameter).ifPresent(problem -> {
                throw new SettingsException("caravan.csv.columns: " + quote(name + "=" + written) + ": " + problem);
            });
            return parameter;
        }
    }

    static Columns of(String file, CsvParser.Row header, Names names) throws UnreadableFileException {
        String place = file + ", line " + header.line() + ": ";
        boolean guarded = hasOwn(header.cells());
        List<@Nullable String> parameters = new ArrayList<>();
        Map<String, String> writtenAs = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        int deadLetter = -1;
        for (String cell : header.cells()) {
            String name = (guarded ? CsvLine.unguard(cell) : cell).strip();
            int index = parameters.size();
            if (name.isEmpty()) {
                throw new UnreadableFileException(place + "column " + (index + 1)
                        + " has no name: name it in the header, or take the column out");
            }
            String parameter = null;
            if (isOwn(name)) {
                if (key(name).equals(key(DEAD_LETTER))) {
                    deadLetter = index;
                }
            } else if (!names.isIgnored(name)) {
                parameter = names.parameter(name).orElse(null);
                if (parameter == null) {
                    unknown.add(name);
                } else {
                    checkName(place, name, parameter);
                    String before = writtenAs.put(parameter, name);
                    if (before != null) {
                        throw new UnreadableFileException(place + "the columns " + quote(before) + " and " + quote(name)
                                + " both mean " + parameter + ": take one out, or name it in caravan.csv.ignore");
                    }
                }
            }
            parameters.add(parameter);
        }
        if (!unknown.isEmpty()) {
            throw new UnreadableFileException(place + describe(unknown)
                    + ": mend the header, or map a name to a parameter with caravan.csv.columns, or pass its column over "
                    + "with caravan.csv.ignore");
        }
        int ticket = parameters.indexOf(Parameter.TICKET.apiName());
        if (ticket < 0) {
            throw new UnreadableFileException(
                    place + "no column is named ticket: name the one that holds the references so, or map it with "
                            + "caravan.csv.columns (Ticket No=ticket, say)");
        }
        return new Columns(parameters, ticket, deadLetter, guarded);
    }

    TicketUpdate update(CsvParser.Row row, String name, char delimiter, UpdateRules rules) {
        List<String> cells = row.cells();
        Map<String, String> values = new LinkedHashMap<>();
        List<Problem> problems = List.of();
        if (cells.size() == parameters.size()) {
            for (int i = 0; i < cells.size(); i++) {
                String parameter = parameters.get(i);
                String value = cell(cells, i);
                if (parameter != null && i != ticket && !value.isBlank()) {
                    values.put(parameter, isSentEmpty(value) ? "" : value);
                }
            }
        } else {
            // Which cell is missing or too many is unknown, so that no value is sure to stand under its parameter.
            problems = List.of(new Problem("base", describe(cells.size(), delimiter)));
        }
        String reference = cell(cells, ticket);
        String replayOf = deadLetter < 0 ? "" : cell(cells, deadLetter).strip();
        return rules.check(
                new Origin(Source.CSV, name, row.line()),
                isSentEmpty(reference) ? "" : reference,
                values,
                CsvLine.encode(cells),
                problems,
                replayOf.isEmpty() ? null : replayOf);
    }

    private static boolean isSentEmpty(String value) {
        return value.strip().equals(EMPTY);
    }

    private String cell(List<String> cells, int index) {
        if (index >= cells.size()) {
            return "";
        }
        return guarded ? CsvLine.unguard(cells.get(index)) : cells.get(index);
    }

    private String describe(int found, char delimiter) {
        String shown = delimiter == '\t' ? "tab" : quote(String.valueOf(delimiter));
        return "the row has " + found + (found == 1 ? " cell" : " cells") + " where the header has "
                + parameters.size() + ": expected " + parameters.size()
                + (found > parameters.size()
                        ? " (quote a cell that holds the delimiter " + shown + ")"
                        : " (an empty cell needs its delimiter " + shown + " too)");
    }

    private static String describe(List<String> unknown) {
        String named = unknown.stream()
                .limit(MOST_NAMED)
                .map(name -> quote(name) + " (the nearest is " + String.join(", ", Parameter.nearest(name)) + ")")
                .collect(Collectors.joining(", "));
        if (unknown.size() == 1) {
            return "column " + named + " is no parameter of a ticket";
        }
        String more = unknown.size() > MOST_NAMED ? " and " + (unknown.size() - MOST_NAMED) + " more" : "";
        return "columns " + named + more + " are no parameters of a ticket";
    }

    private static void checkName(String place, String name, String parameter) throws UnreadableFileException {
        Optional<String> problem = Parameter.problemWithName(parameter);
        if (problem.isPresent()) {
            throw new UnreadableFileException(place + "column " + quote(name) + ": " + problem.get());
        }
    }

    /** Header names are compared without regard to case, white space, {@code -} and {@code _}. */
    private static String key(String name) {
        return name.replaceAll("[\\s\\h_-]", "").toLowerCase(Locale.ROOT);
    }
}
