package io.github.ticketcaravan.mail;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeFilter;
import org.jspecify.annotations.Nullable;

/**
 * HTML as the lines that a reader sees: blocks are lines, a table's row is one, quotations begin with {@code >}, and a
 * signature with {@code --}. What is not shown is left out ({@link HiddenText}).
 */
final class HtmlText {

    private static final int DEEPEST = 500;
    private static final int LONGEST_HEAD = 2_000;

    /** Classes and IDs with which mail programs mark what they quote. */
    private static final Set<String> QUOTATIONS = Set.of(
            "gmail_quote",
            "gmail_quote_container",
            "gmail_extra",
            "yahoo_quoted",
            "protonmail_quote",
            "zmail_extra",
            "moz-cite-prefix",
            "moz-forward-container",
            "divrplyfwdmsg",
            "ms-outlook-mobile-reference-message",
            "mail-editor-reference-message-container");

    private static final Set<String> SIGNATURES = Set.of(
            "gmail_signature",
            "moz-signature",
            "signature",
            "ms-outlook-mobile-signature",
            "protonmail_signature_block");

    private HtmlText() {}

    static String of(String html) {
        Document document = Jsoup.parse(html, "", Parser.htmlParser().setMaxDepth(DEEPEST));
        Writer writer = new Writer();
        document.filter(writer);
        return writer.text();
    }

    /** What the document itself says its charset is ({@code <meta charset>}); null where it does not. */
    static @Nullable String charset(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, LONGEST_HEAD), StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT);
        int at = head.indexOf("charset=");
        if (at < 0 || head.lastIndexOf("<meta", at) < 0) {
            return null;
        }
        int begin = at + "charset=".length();
        while (begin < head.length() && "\"' ".indexOf(head.charAt(begin)) >= 0) {
            begin++;
        }
        int end = begin;
        while (end < head.length() && "\"' />;".indexOf(head.charAt(end)) < 0) {
            end++;
        }
        return head.substring(begin, end);
    }

    private static final class Writer implements NodeFilter {

        private final StringBuilder text = new StringBuilder();
        private int quotations;
        private int preformatted;
        private boolean atLineStart = true;

        @Override
        public FilterResult head(Node node, int depth) {
            if (node instanceof TextNode words) {
                write(words.getWholeText());
            } else if (node instanceof Element element) {
                if (HiddenText.isHidden(element)) {
                    return FilterResult.SKIP_ENTIRELY;
                }
                begin(element);
            }
            return FilterResult.CONTINUE;
        }

        @Override
        public FilterResult tail(Node node, int depth) {
            if (node instanceof Element element) {
                end(element);
            }
            return FilterResult.CONTINUE;
        }

        private void begin(Element element) {
            String name = element.normalName();
            if (name.equals("br")) {
                newLine();
                return;
            }
            if (isQuotation(element)) {
                endLine();
                quotations++;
            } else if (isBlock(element)) {
                endLine();
            }
            if (isMarked(element, SIGNATURES)) {
                endLine();
                write("--");
                endLine();
            }
            if (name.equals("pre")) {
                preformatted++;
            } else if (name.equals("hr")) {
                write("-----");
                endLine();
            } else if ((name.equals("td") || name.equals("th")) && !atLineStart) {
                text.append(' ');
            }
        }

        private void end(Element element) {
            if (element.normalName().equals("pre")) {
                preformatted--;
            }
            if (isQuotation(element)) {
                endLine();
                quotations--;
            } else if (isBlock(element)) {
                endLine();
                if (element.normalName().equals("p")) {
                    newLine();
                }
            }
        }

        private void write(String words) {
            boolean before = atLineStart || text.charAt(text.length() - 1) == ' ';
            for (int i = 0; i < words.length(); i++) {
                char c = words.charAt(i);
                boolean space = c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f';
                if (space && preformatted > 0) {
                    if (c == '\n') {
                        newLine();
                    } else if (c != '\r') {
                        append(c);
                    }
                } else if (!space) {
                    append(c);
                } else if (!before) {
                    text.append(' ');
                }
                before = space || atLineStart;
            }
        }

        private void append(char c) {
            if (atLineStart && quotations > 0) {
                text.append("> ");
            }
            atLineStart = false;
            text.append(c);
        }

        private void endLine() {
            if (!atLineStart) {
                newLine();
            }
        }

        private void newLine() {
            text.append('\n');
            atLineStart = true;
        }

        private static boolean isQuotation(Element element) {
            return element.normalName().equals("blockquote") || isMarked(element, QUOTATIONS);
        }

        private static boolean isMarked(Element element, Set<String> marks) {
            if (!element.hasAttr("class") && !element.hasAttr("id")) {
                return false;
            }
            return marks.contains(element.id().toLowerCase(Locale.ROOT))
                    || element.classNames().stream().anyMatch(name -> marks.contains(name.toLowerCase(Locale.ROOT)));
        }

        private static boolean isBlock(Element element) {
            String name = element.normalName();
            return element.isBlock() && !name.equals("td") && !name.equals("th");
        }

        String text() {
            return text.toString();
        }
    }
}
