package io.github.ticketcaravan.mail;

/** By what our own mails are known again, wherever they come back from. */
public final class OwnMail {

    /** The header that every mail of ours has; its value means nothing. A mail with it is ignored. */
    public static final String HEADER = "X-Caravan";

    private static final String ID_PREFIX = "<caravan-answer.";

    private OwnMail() {}

    /** {@code <caravan-answer.KEY@DOMAIN>}: the Message-ID of the answer that {@code key} stands for. */
    public static String messageId(String key, String domain) {
        return ID_PREFIX + key + "@" + domain + ">";
    }

    /** Whether it is one of {@link #messageId}; a mail that refers to it is a reply to an answer of ours. */
    public static boolean isMessageId(String id) {
        return id.startsWith(ID_PREFIX);
    }
}
