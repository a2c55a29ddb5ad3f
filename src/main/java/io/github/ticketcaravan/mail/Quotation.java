package io.github.ticketcaravan.mail;

import static io.github.ticketcaravan.update.Problem.quote;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a mail's own words end and somebody else's begin, in the ways of the mail programs in use and in the languages
 * that they are used in. When in doubt, it ends: words that are somebody else's must never be executed.
 */
final class Quotation {

    static final String QUOTED = "quoted text";
    static final String FORWARDED = "a forwarded message";
    static final String SIGNATURE = "a signature";

    private static final int LONGEST_ATTRIBUTION = 500;
    private static final int SEPARATOR = 5;

    /** "On Monday ... wrote:" */
    private static final List<String> WROTE = List.of(
            "wrote",
            "writes",
            "schrieb",
            "écrit",
            "escribió",
            "escribio",
            "scritto",
            "scrive",
            "escreveu",
            "schreef",
            "geschreven",
            "skrev",
            "skrifaði",
            "kirjoitti",
            "napisał",
            "napsal",
            "napísal",
            "írta",
            "scris",
            "yazdı",
            "yazmış",
            "έγραψε",
            "написал",
            "написав",
            "пишет",
            "пише",
            "כתב",
            "كتب",
            "نوشت",
            "เขียนว่า",
            "đã viết",
            "menulis",
            "写道",
            "寫道",
            "書きました",
            "のメール",
            "작성",
            "썼습니다",
            "lähetti");

    /** "Begin forwarded message:" */
    private static final List<String> FORWARD = List.of(
            "forwarded message",
            "weitergeleitet",
            "transféré",
            "reenviad",
            "inoltrat",
            "encaminhad",
            "doorgestuurd",
            "vidarebefordra",
            "videresend",
            "välitetty",
            "przekazan",
            "přeposlan",
            "továbbított",
            "iletilen",
            "пересыл",
            "переслан",
            "転送",
            "转发",
            "轉寄",
            "전달",
            "מועבר",
            "معاد توجيه");

    /** With which the subject of a mail that is passed on begins. */
    private static final Set<String> FORWARD_PREFIXES = Set.of(
            "fw", "fwd", "wg", "tr", "rv", "i", "enc", "doorst", "vb", "vs", "pd", "ilt", "пересл", "hs", "转发", "轉寄",
            "転送", "전달");

    /** What the sender's line of a quoted header is called. */
    private static final Set<String> FROM = Set.of(
            "from",
            "von",
            "de",
            "da",
            "van",
            "från",
            "fra",
            "lähettäjä",
            "od",
            "feladó",
            "gönderen",
            "kimden",
            "από",
            "от",
            "від",
            "מאת",
            "من",
            "差出人",
            "发件人",
            "寄件者",
            "보낸사람",
            "보낸 사람",
            "จาก",
            "từ",
            "dari");

    /** What its other lines are called. */
    private static final Set<String> HEADER = Set.of(
            "sent",
            "date",
            "to",
            "cc",
            "bcc",
            "reply-to",
            "subject",
            "gesendet",
            "datum",
            "an",
            "betreff",
            "envoyé",
            "envoyé le",
            "à",
            "objet",
            "enviado",
            "enviado el",
            "enviada em",
            "fecha",
            "para",
            "asunto",
            "assunto",
            "data",
            "a",
            "oggetto",
            "inviato",
            "verzonden",
            "aan",
            "onderwerp",
            "skickat",
            "till",
            "ämne",
            "sendt",
            "til",
            "emne",
            "lähetetty",
            "vastaanottaja",
            "aihe",
            "wysłano",
            "do",
            "temat",
            "odesláno",
            "komu",
            "předmět",
            "küldve",
            "címzett",
            "tárgy",
            "tarih",
            "kime",
            "konu",
            "отправлено",
            "дата",
            "кому",
            "тема",
            "送信日時",
            "日付",
            "宛先",
            "件名",
            "发送时间",
            "日期",
            "收件人",
            "主题",
            "寄件日期",
            "傳送時間",
            "收件者",
            "主旨",
            "보낸 날짜",
            "받는 사람",
            "제목",
            "נשלח",
            "אל",
            "נושא",
            "إلى",
            "الموضوع",
            "تاريخ");

    private Quotation() {}

    /**
     * What begins at this line, if it is somebody else's; null where it is not.
     *
     * @param line clean
     * @param next the next line that is not blank, clean; empty at the end
     * @param prose whether it is no command
     */
    static @Nullable String beginsAt(String line, String next, boolean prose) {
        String marked = markedAt(line, next);
        if (marked != null) {
            return marked;
        }
        if (prose && isAttribution(line)) {
            return QUOTED;
        }
        return prose && isForward(line) ? FORWARDED : null;
    }

    /** The same, but only by marks that do not occur within a value that goes on over several lines. */
    static @Nullable String markedAt(String line, String next) {
        if (isPrefixed(line)) {
            return QUOTED;
        }
        if (line.equals("--") || line.equals("-----BEGIN PGP SIGNATURE-----")) {
            return SIGNATURE;
        }
        if (isSeparator(line)) {
            return "the line " + quote(line);
        }
        if (line.startsWith("--")) {
            return FORWARDED;
        }
        return isHeader(line, next) ? QUOTED : null;
    }

    /** Whether it has the mark of a quoted line. */
    static boolean isPrefixed(String line) {
        return line.startsWith(">") || line.startsWith("＞");
    }

    /** Whether a mail passes another on, as its subject or a line of its text tells: its attachments are that one's. */
    static boolean isForward(String subject, String text) {
        int colon = Math.max(subject.indexOf(':'), subject.indexOf('：'));
        String prefix =
                colon < 0 ? "" : Lines.clean(subject.substring(0, colon)).toLowerCase(Locale.ROOT);
        return FORWARD_PREFIXES.contains(prefix)
                || Lines.split(text).stream().map(Lines::clean).anyMatch(Quotation::isForwardLine);
    }

    private static boolean isForwardLine(String line) {
        return isForward(line) || (line.startsWith("--") && line.endsWith("--") && !isSeparator(line));
    }

    /** "On Monday ... wrote:", which stands before a quotation. */
    static boolean isAttribution(String line) {
        return endsWithColon(line) && containsAny(line, WROTE);
    }

    private static boolean isForward(String line) {
        return endsWithColon(line) && containsAny(line, FORWARD);
    }

    private static boolean endsWithColon(String line) {
        return line.length() <= LONGEST_ATTRIBUTION && (line.endsWith(":") || line.endsWith("："));
    }

    private static boolean containsAny(String line, List<String> words) {
        String lower = line.toLowerCase(Locale.ROOT);
        return words.stream().anyMatch(lower::contains);
    }

    /** Outlook's line of underscores, others' of dashes. */
    private static boolean isSeparator(String line) {
        return line.length() >= SEPARATOR && line.chars().allMatch(c -> c == '_' || c == '-' || c == '—' || c == '–');
    }

    /** The header of a mail, as its reader sees it: a line with the sender, or two lines of other fields. */
    private static boolean isHeader(String line, String next) {
        String field = field(line);
        if (FROM.contains(field)) {
            return true;
        }
        return HEADER.contains(field) && (HEADER.contains(field(next)) || FROM.contains(field(next)));
    }

    /** Before the colon, in lower case, without the asterisks that stand for bold; empty where there is no colon. */
    private static String field(String line) {
        int colon = line.indexOf(':');
        int wide = line.indexOf('：');
        int end = colon < 0 ? wide : wide < 0 ? colon : Math.min(colon, wide);
        return end < 1 || end > 30
                ? ""
                : Lines.clean(line.substring(0, end).replace("*", "")).toLowerCase(Locale.ROOT);
    }
}
