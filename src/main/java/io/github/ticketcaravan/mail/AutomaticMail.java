package io.github.ticketcaravan.mail;

import io.github.ticketcaravan.update.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Mail that a program wrote (RFC 3834): to execute it would be wrong, and to answer it could go on for ever.
 */
final class AutomaticMail {

    /** Whose presence alone tells it. */
    private static final Set<String> MARKS = Set.of(
            "x-auto-response-suppress",
            "feedback-id",
            OwnMail.HEADER.toLowerCase(Locale.ROOT),
            "x-autoreply",
            "x-autorespond",
            "x-autoresponder");

    private static final Set<String> PRECEDENCES = Set.of("bulk", "list", "junk", "auto_reply", "auto-reply");

    private static final List<String> VACATION_SUBJECTS = List.of(
            "automatic reply",
            "auto reply",
            "auto-reply",
            "autoreply",
            "auto:",
            "out of office",
            "out-of-office",
            "away from",
            "on vacation",
            "vacation",
            "abwesenheit",
            "automatische antwort",
            "réponse automatique",
            "absence du bureau",
            "respuesta automática",
            "fuera de la oficina",
            "risposta automatica",
            "fuori sede",
            "resposta automática",
            "automatisch antwoord",
            "afwezig",
            "autosvar",
            "automatiskt svar",
            "automatisk svar",
            "autoodpowiedź",
            "автоответ",
            "自動応答",
            "自動返信",
            "自动回复",
            "自動回覆",
            "自动答复",
            "자동 회신");

    private AutomaticMail() {}

    /** What tells that a program wrote it; null where nothing does. */
    static @Nullable String mark(Headers headers, List<Address> ownAddresses) {
        for (Headers.Field field : headers.fields()) {
            String mark = mark(field, ownAddresses);
            if (mark != null) {
                return mark;
            }
        }
        return null;
    }

    private static @Nullable String mark(Headers.Field field, List<Address> ownAddresses) {
        if (MARKS.contains(field.name()) || field.name().startsWith("list-")) {
            return "it has the header " + field.name();
        }
        String value = withoutComments(field.value()).toLowerCase(Locale.ROOT);
        switch (field.name()) {
            case "auto-submitted" -> {
                String keyword = beforeSemicolon(value);
                return keyword.equals("no") ? null : "it has the header auto-submitted" + shown(keyword);
            }
            case "precedence" -> {
                return PRECEDENCES.contains(value) ? "it has the header precedence" + shown(value) : null;
            }
            case "content-type" -> {
                String type = beforeSemicolon(value).replace(" ", "");
                return type.equals("multipart/report") || type.equals("message/delivery-status")
                        ? "it is a report (" + type + ")"
                        : null;
            }
            case "return-path", "from", "sender" -> {
                return writer(field, ownAddresses);
            }
            default -> {
                return null;
            }
        }
    }

    private static @Nullable String writer(Headers.Field field, List<Address> ownAddresses) {
        String value = withoutComments(field.value());
        String address = value.substring(value.lastIndexOf('<') + 1)
                .replace(">", "")
                .strip()
                .toLowerCase(Locale.ROOT);
        if (field.name().equals("return-path") && address.isEmpty()) {
            return "its return path is empty";
        }
        if (address.startsWith("mailer-daemon@") || address.equals("mailer-daemon")) {
            return "its " + field.name() + " is a mailer daemon";
        }
        Address parsed = Address.parse(address);
        return parsed != null && ownAddresses.contains(parsed) ? "its " + field.name() + " is our own address" : null;
    }

    /** Whether a subject is one that absent people's programs write. */
    static boolean isVacationSubject(String subject) {
        String lower = subject.strip().toLowerCase(Locale.ROOT);
        return VACATION_SUBJECTS.stream().anyMatch(lower::startsWith);
    }

    private static String beforeSemicolon(String value) {
        int semicolon = value.indexOf(';');
        return (semicolon < 0 ? value : value.substring(0, semicolon)).strip();
    }

    private static String withoutComments(String value) {
        var kept = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')' && depth > 0) {
                depth--;
            } else if (depth == 0) {
                kept.append(c);
            }
        }
        return kept.toString().strip();
    }

    private static String shown(String value) {
        return value.isEmpty() ? "" : ": " + Problem.quote(value);
    }
}
