package io.github.ticketcaravan.failures;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sentences in what the program has said: warnings, errors, and what commands print; without what differs by run. */
final class Sentences {

    private static final Pattern LOGGED = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\S+ (\\w+) +(.*)");
    /** What stands around sentences: traces of Java, the table that Camel draws of a route, and that of an import. */
    private static final Pattern APPENDIX = Pattern.compile(
            "\\s.*|Caused by: .*|[a-z]+(\\.\\w+)+(Exception|Error).*|Message History .*|-{9,}|Source +ID .*"
                    + "|\\S+\\.camel\\.yaml:.*|Stacktrace|Running for .*|Receipts:|\\S+: [\\d,]+ rows in .*");

    private static final int LONGEST = 400;

    private Sentences() {}

    /** Each once, in the order in which they were first told. */
    static List<String> of(String said, Path folder) {
        Set<String> sentences = new LinkedHashSet<>();
        for (String line : said.split("\\R", -1)) {
            Matcher logged = LOGGED.matcher(line);
            if (logged.matches()) {
                if (logged.group(1).equals("WARN") || logged.group(1).equals("ERROR")) {
                    sentences.add(plain(logged.group(2), folder));
                }
            } else if (!line.isBlank() && !APPENDIX.matcher(line).matches()) {
                sentences.add(plain(line.strip(), folder));
            }
        }
        return new ArrayList<>(sentences);
    }

    private static String plain(String line, Path folder) {
        String plain = line.replace(folder.toString(), "")
                .replaceAll("(127\\.0\\.0\\.1|localhost)(/127\\.0\\.0\\.1)?:\\d+", "HOST:PORT")
                .replaceAll("@[0-9a-f]+\\b", "")
                .replaceAll("ledger_\\d+", "caravan")
                .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID")
                .replaceAll("\\d{4}-\\d{2}-\\d{2}T[\\d:.-]+Z?", "TIME")
                .replaceAll("\\b(f|refused)\\d+\\.csv", "f.csv")
                .replaceAll("reset by peer", "reset")
                .replaceAll("process \\d+ on [^:, ]+", "process N on HOST")
                .replaceAll("\\b\\d[\\d,.]*\\b", "N");
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "..." : plain;
    }
}
