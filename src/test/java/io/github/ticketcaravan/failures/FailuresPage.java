package io.github.ticketcaravan.failures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code docs/failures.md}: its table is made of what was found, and the text around it is here. */
final class FailuresPage {

    private static final String INTRODUCTION = """
            # When something fails

            Each source is put under each failure of what is under it, and then all is well again. The table says what came of
            it. `src/bench/failures` makes this page; a part of it is in the test suite (`FailureMatrixTest`).

            """;

    private final Collection<Row> rows;
    private final Pace pace;
    private final List<String> sentences = new ArrayList<>();

    FailuresPage(Collection<Row> rows, Pace pace) {
        this.rows = rows;
        this.pace = pace;
    }

    /** @param minutes what it took */
    void write(Path page, long minutes, String notPossible) throws IOException {
        StringBuilder text = new StringBuilder(INTRODUCTION);
        long right = rows.stream().filter(Row::isRight).count();
        text.append("Measured on ")
                .append(LocalDate.now(ZoneOffset.UTC))
                .append(" in ")
                .append(minutes)
                .append(" minutes: ")
                .append(right)
                .append(" of ")
                .append(rows.size())
                .append(" pairs are right.")
                .append(notPossible.isEmpty() ? "" : " " + notPossible)
                .append("\n\n| source | failure | lost | out of order | repeated | end | right | told |\n")
                .append("|---|---|---|---|---|---|---|---|\n");
        for (SourceKind source : SourceKind.values()) {
            for (Failure failure : Failure.values()) {
                text.append(line(source, failure));
            }
        }
        text.append(reading());
        text.append("The failures:\n\n");
        for (Failure failure : Failure.values()) {
            text.append("- **")
                    .append(failure.words())
                    .append("**: ")
                    .append(failure.description())
                    .append('\n');
        }
        text.append("\nSQLite is neither away nor silent: it is a file in the data folder.\n\nThe sentences"
                + " (N stands for a number):\n\n");
        for (int i = 0; i < sentences.size(); i++) {
            text.append(i + 1).append(". ").append(sentences.get(i)).append('\n');
        }
        Files.createDirectories(page.toAbsolutePath().getParent());
        Files.writeString(page, text);
    }

    private String reading() {
        return String.format("""

                    Each pair is struck three times: before the program starts, with work waiting for it; while it has nothing to do,
                    and is then given work; and in the middle of its work, with more to come. (`import` has no idle time.) The failure
                    lasts until the program has told of it, and %d seconds more. Settings are the defaults, but for the delays of
                    retries, a window of 40 updates%s.

                    The work sets %d tickets to ascending numbers. **Lost** is a number that never arrived or has no outcome in the
                    ledger. **Out of order** is a number that arrived after a higher one of its ticket. **Repeated** are requests
                    beyond one for each update; in brackets is what may have been in flight: one request of each ticket at each strike.
                    For `forward`, what arrives is a dead letter at a queue of Artemis. The number in the last column is that of a
                    sentence below.

                    """, pace.hold().toSeconds(), pace.settings(), Work.TICKETS);
    }

    private String line(SourceKind source, Failure failure) {
        String pair = "| " + source.words() + " | " + failure.words() + " | ";
        String cannot = source.cannot(failure);
        if (cannot != null) {
            return pair + "| | | not applicable: " + cannot + " | | |\n";
        }
        Optional<Row> row = rows.stream()
                .filter(each -> each.source() == source && each.failure() == failure)
                .findFirst();
        return row.map(found -> pair + cells(found)).orElse(pair + "| | | not tried | | |\n");
    }

    private String cells(Row row) {
        return row.lost() + " | " + row.outOfOrder() + " | " + row.repeated() + " (" + row.allowed() + ") | "
                + (row.faults().isEmpty() ? row.state() : plain(String.join("; ", row.faults()))) + " | "
                + (row.isRight() ? "yes" : "**no**") + " | "
                + row.told().stream()
                        .map(this::number)
                        .distinct()
                        .sorted()
                        .map(number -> Integer.toString(number))
                        .collect(Collectors.joining(", "))
                + " |\n";
    }

    private int number(String sentence) {
        String plain = plain(sentence);
        if (!sentences.contains(plain)) {
            sentences.add(plain);
        }
        return sentences.indexOf(plain) + 1;
    }

    /** So that Markdown takes it as it is. */
    private static String plain(String text) {
        return text.replaceAll("[|<>*_`\\[\\]\\\\]", "\\\\$0").replaceAll("\\s+", " ");
    }
}
