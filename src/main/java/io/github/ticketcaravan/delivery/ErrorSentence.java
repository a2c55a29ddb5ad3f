package io.github.ticketcaravan.delivery;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Errors by field as one sentence: {@code status_id can't be blank; priority_id can't be blank}. */
final class ErrorSentence {

    private ErrorSentence() {}

    static String of(Map<String, List<String>> errors) {
        return errors.entrySet().stream()
                .flatMap(field -> field.getValue().stream()
                        .map(message -> field.getKey().equals("base") ? message : field.getKey() + " " + message))
                .collect(Collectors.joining("; "));
    }
}
