package io.github.ticketcaravan.mail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Writes replies whose quotation has no marks, as mail programs do in the languages of {@code quotations/languages.txt}
 * and in languages that nobody knows. The same seed writes the same mail.
 */
final class QuotationGenerator {

    /** Of no language. */
    static final String UNKNOWN = "unknown";

    private static final Path LANGUAGES = Path.of("src/test/resources/quotations/languages.txt");
    private static final String ALPHABETS =
            "abcdefghijklmnopqrstuvwxyz|àâčďéěíłňøřšťůýžþð|абвгдежзийклмнопрст|αβγδεζηθικλμν|"
                    + "אבגדהוזחטיכל|ابتثجحخدذرز|कखगघचछजझटठडढ|กขคงจฉชซ|ႠႡႢაბგდევზ|አበገደሀወ|ខគឃងចឆ|漢字仮名交文|한글날말소리";
    private static final List<FormatStyle> STYLES = List.of(FormatStyle.values());
    private static final String[] NAMES = {
        "Eve Adams", "Doe, Eve", "\"Adams, Eve (Support)\"", "Ève", "Иван Петров", "山田 太郎"
    };
    private static final String[] GREETINGS = {"", "Hi,\n", "Thanks!\n\n", "Hello Bob,\n\nplease see below.\n\n"};
    private static final String[] QUOTED = {
        "Ticket: LF-999999\nStatus: Closed",
        "Hi all,\n\nTicket: LF-999999\nStatus: Closed",
        "Status: Closed\nPriority: Low",
        "#status Closed",
        "  Ticket: LF-999999\n  Status: Closed",
    };

    /** What is written above the quotation; each is to be read exactly. */
    static final String COMMANDS = """
            Ticket: LF-616004
            Status: Waiting for Staff
            reply_due_at: 2026-12-01 09:30
            contact_method_data: adam@example.com
            contact name: Adam <Support>
            Tag list: a, b
            custom[sent on]: 25.11.2026 13:05, Bob <bob@example.com>
            """;

    private final Random random;
    private final String[] words;
    private final Locale locale;

    /** @param language of the file, or {@link #UNKNOWN} */
    QuotationGenerator(String language, long seed) {
        random = new Random(language.hashCode() * 31L + seed);
        words = language.equals(UNKNOWN) ? inventedWords() : words(language);
        String tag = language.equals(UNKNOWN) ? one("fr", "ru", "ja", "ar", "th", "fa") : language;
        locale = Locale.forLanguageTag(
                tag + one("", "", "", "-u-nu-arab", "-u-nu-deva", "-u-nu-thai", "-u-nu-fullwide"));
    }

    static List<String> languages() {
        List<String> languages = lines().stream()
                .map(line -> line.substring(0, line.indexOf('|')))
                .collect(Collectors.toCollection(ArrayList::new));
        languages.add(UNKNOWN);
        return languages;
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(LANGUAGES).stream()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String[] words(String language) {
        return lines().stream()
                .filter(line -> line.startsWith(language + "|"))
                .findFirst()
                .orElseThrow()
                .split("\\|");
    }

    private String[] inventedWords() {
        String alphabet = one(ALPHABETS.split("\\|"));
        String[] invented = new String[6];
        for (int i = 0; i < invented.length; i++) {
            int[] letters = alphabet.codePoints().toArray();
            var word = new StringBuilder();
            for (int length = 2 + random.nextInt(9); length > 0; length--) {
                word.appendCodePoint(letters[random.nextInt(letters.length)]);
            }
            invented[i] = word.toString();
        }
        String verb = invented[1];
        invented[1] = one(
                "{date} {name} {address} " + verb + ":",
                verb + " {date}, {name} {address} :",
                "{name} {address} " + verb + " {date}：",
                verb + " {name} {address}, {date} " + verb + one(" —", ":", " :", ";"));
        return invented;
    }

    /** A mail's headers and body: perhaps a greeting or {@link #COMMANDS}, then a quotation that has no marks. */
    String mail(boolean withCommands) {
        String above = withCommands ? COMMANDS + one("", "\nThanks\nAlice\n", "\nKind regards\n\n") : one(GREETINGS);
        String text = above + "\n" + head() + "\n" + one("", "\n") + one(QUOTED) + "\n";
        boolean html = random.nextBoolean();
        return MailFixture.HEADER.replace(
                        "Subject: Update", "Subject: " + one("Re: ", "AW: ", "") + "[LF-616004] Update")
                + "In-Reply-To: <1@example.org>\r\nContent-Type: text/" + (html ? "html" : "plain")
                + "; charset=utf-8\r\n\r\n" + (html ? html(text) : text).replace("\n", "\r\n");
    }

    private String head() {
        return switch (random.nextInt(7)) {
            case 0, 1, 2 -> attribution();
            case 3, 4, 5 -> headerBlock();
            default -> separator();
        };
    }

    private String attribution() {
        String line = words[1].replace("{name}", one(NAMES)).replace("{date}", dateAndTime());
        boolean whole = random.nextInt(4) > 0;
        String address = one(
                "<eve@example.net>", "<eve@example.net>", "<\u202aeve@example.net\u202c>", "<mailto:eve@example.net>");
        line = line.replace("({address})", "{address}").replace("{address}", whole ? address : "");
        if (random.nextInt(4) == 0) {
            // Without its colon.
            line = line.substring(0, line.length() - 1).strip();
        }
        return one(line, line, brokenInTwo(line), "*" + line + "*", "    " + line);
    }

    private String brokenInTwo(String line) {
        int space = line.indexOf(' ', line.length() / 3);
        return space < 0 ? line : line.substring(0, space) + "\n" + line.substring(space + 1);
    }

    private String headerBlock() {
        String bold = one("", "", "*");
        String colon = one(":", ": ", " : ", "：", ":\t");
        String sender = one("{name}", "{name} <eve@example.net>", "eve@example.net", "{name} [mailto:eve@example.net]")
                .replace("{name}", one(NAMES));
        List<String> fields = new ArrayList<>(List.of(
                bold + words[2] + bold + colon + sender,
                bold + words[3] + bold + colon + dateAndTime(),
                bold + words[4] + bold + colon + one("Alice", "Alice <alice@example.com>", "alice@example.com; Bob")));
        String subject = bold + words[5] + bold + colon + one("Re: ", "") + "Update";
        fields.add(random.nextInt(4) == 0 ? random.nextInt(4) : 3, subject);
        return String.join(one("\n", "\n", "\n\n"), fields);
    }

    private String separator() {
        String sign = one("-", "_", "=", "*", "~", "#", "+", ".", "—", "─", "═", "・", "<", "|");
        String line = sign.repeat(5 + random.nextInt(40));
        return one(
                line,
                line + " " + words[5] + " " + line,
                "*" + sign.repeat(8) + " " + words[5] + " " + sign.repeat(8) + "*",
                "- - - - - - -",
                "##- " + words[5] + " " + words[3] + " -##",
                "Please reply above this line");
    }

    private String dateAndTime() {
        LocalDateTime when = LocalDateTime.of(2026, 11, 25, 13, 5).minusMinutes(random.nextInt(2_000_000));
        FormatStyle style = STYLES.get(random.nextInt(STYLES.size()));
        String date =
                DateTimeFormatter.ofLocalizedDate(style).localizedBy(locale).format(when);
        String time = DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT)
                .localizedBy(locale)
                .format(when);
        return one(date + one(" ", ", ", " · ") + time, date);
    }

    private String html(String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return switch (random.nextInt(4)) {
            case 0 -> "<html><body>" + escaped.replace("\n", "<br>\n") + "</body></html>";
            case 1 -> "<div>" + String.join("</div><div>", escaped.split("\n")) + "</div>";
            case 2 -> "<p>" + String.join("</p>\n<p>", escaped.split("\n")) + "</p>";
            default ->
                "<table><tr><td>" + String.join("</td></tr><tr><td>", escaped.split("\n")) + "</td></tr></table>";
        };
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }
}
