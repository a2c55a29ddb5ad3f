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
            "x-autoresponder",
            "x-failed-recipients",
            "x-ms-exchange-message-is-ndr");

    /** Whom programs write as, without what separates words. */
    private static final Set<String> PROGRAMS = Set.of(
            "mailerdaemon", "postmaster", "noreply", "donotreply", "bounce", "bounces", "nereply", "noresponder");

    /** What reports of mail servers are made of, wherever it lies in a mail (RFC 3464, 3798, 5965). */
    private static final Set<String> REPORTS = Set.of(
            "message/delivery-status",
            "message/global-delivery-status",
            "message/disposition-notification",
            "message/global-disposition-notification",
            "message/feedback-report",
            "text/rfc822-headers");

    /** Lines of a mail's header, or of a report about it, that nobody writes and few programs show. */
    private static final Set<String> RETURNED = Set.of(
            "received",
            "return-path",
            "message-id",
            "mime-version",
            "content-type",
            "mail from",
            "rcpt to",
            "sent date",
            "final-recipient",
            "original-recipient",
            "diagnostic-code",
            "reporting-mta",
            "remote-mta",
            "failed recipient");

    private static final int ENOUGH_RETURNED = 2;

    private static final Set<String> PRECEDENCES = Set.of("bulk", "list", "junk", "auto_reply", "auto-reply");

    private static final List<String> SUBJECTS = List.of(
            "undeliver",
            "delivery status notification",
            "delivery failure",
            "delivery failed",
            "delivery notification",
            "delivery report",
            "mail delivery fail",
            "mail delivery system",
            "mail system error",
            "message delivery fail",
            "non-delivery",
            "nondeliverable",
            "returned mail",
            "failure notice",
            "warning: message",
            "read:",
            "read receipt",
            "unzustellbar",
            "nicht zugestellt",
            "non remis",
            "non distribuable",
            "échec de la remise",
            "no se puede entregar",
            "no se ha podido entregar",
            "não foi possível entregar",
            "não é possível entregar",
            "mancata consegna",
            "impossibile recapitare",
            "onbestelbaar",
            "olevererbart",
            "kan ikke leveres",
            "niedostarczone",
            "nedoručitelné",
            "kézbesíthetetlen",
            "teslim edilemedi",
            "не доставлено",
            "недоставленное",
            "配信不能",
            "配信できません",
            "系统退信",
            "退信",
            "無法傳遞",
            "无法投递",
            "배달되지 않음",
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
                return type.equals("multipart/report") || isReport(type) ? "it is a report (" + type + ")" : null;
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
        String local = address.replaceFirst("@.*", "").replaceAll("[._-]", "");
        if (PROGRAMS.contains(local)) {
            return "its " + field.name() + " is " + Problem.quote(address);
        }
        Address parsed = Address.parse(address);
        return parsed != null && ownAddresses.contains(parsed) ? "its " + field.name() + " is our own address" : null;
    }

    /** Whether a subject is one that absent people's programs write, or mail servers about a mail. */
    static boolean isSubject(String subject) {
        String lower = subject.strip().toLowerCase(Locale.ROOT);
        return SUBJECTS.stream().anyMatch(lower::startsWith);
    }

    /** Whether a part of this type is one of a mail server's report. */
    static boolean isReport(String type) {
        return REPORTS.contains(type.toLowerCase(Locale.ROOT));
    }

    /** Whether a text without commands shows the header of a mail that came back. */
    static boolean showsReturned(String text) {
        return Lines.split(text).stream()
                        .map(line -> Lines.clean(line).toLowerCase(Locale.ROOT))
                        .map(line -> line.substring(0, Math.max(0, line.indexOf(':')))
                                .strip())
                        .filter(RETURNED::contains)
                        .distinct()
                        .count()
                >= ENOUGH_RETURNED;
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
