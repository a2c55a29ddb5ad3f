package io.github.ticketcaravan.update;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with an instruction, or odd about it.
 *
 * @param field the parameter or column it concerns; {@code base} for the instruction as a whole
 * @param message what is wrong, with the value and what was expected
 */
public record Problem(String field, String message) {

    /** All of them as one sentence, {@code field: message; field: message}; {@code base} is not named. */
    public static String sentence(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.field.equals("base") ? problem.message : problem.field + ": " + problem.message)
                .collect(Collectors.joining("; "));
    }
}
