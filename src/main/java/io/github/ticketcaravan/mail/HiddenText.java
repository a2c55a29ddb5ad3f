package io.github.ticketcaravan.mail;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Element;

/**
 * What HTML holds and nobody sees, so that nobody can have meant it as a command: by the element itself, or by its own
 * {@code style}. Style sheets are not applied; mail programs write none for what a person types.
 */
final class HiddenText {

    private static final Set<String> ELEMENTS = Set.of(
            "head",
            "script",
            "style",
            "title",
            "template",
            "noscript",
            "object",
            "svg",
            "select",
            "textarea",
            "iframe");

    private static final Set<String> WHITE =
            Set.of("white", "#fff", "#ffff", "#ffffff", "#ffffffff", "rgb(255,255,255)", "transparent");

    private HiddenText() {}

    static boolean isHidden(Element element) {
        return ELEMENTS.contains(element.normalName())
                || element.hasAttr("hidden")
                || WHITE.contains(element.attr("color").strip().toLowerCase(Locale.ROOT))
                || (element.hasAttr("style") && isHidden(declarations(element.attr("style"))));
    }

    private static boolean isHidden(Map<String, String> style) {
        boolean clipped = style.getOrDefault("overflow", "").equals("hidden")
                && (isZero(style, "height")
                        || isZero(style, "max-height")
                        || isZero(style, "width")
                        || isZero(style, "max-width"));
        boolean whiteOnWhite = WHITE.contains(style.getOrDefault("color", ""))
                && !style.containsKey("background")
                && !style.containsKey("background-color");
        return clipped
                || whiteOnWhite
                || style.getOrDefault("display", "").equals("none")
                || Set.of("hidden", "collapse").contains(style.getOrDefault("visibility", ""))
                || style.getOrDefault("mso-hide", "").equals("all")
                || isZero(style, "opacity")
                || isZero(style, "font-size")
                || isOutside(style, "text-indent")
                || isOutside(style, "left")
                || isOutside(style, "top");
    }

    private static boolean isZero(Map<String, String> style, String name) {
        String value = style.getOrDefault(name, "");
        return value.matches("[+-]?[.]?0.*") && value.chars().noneMatch(c -> c >= '1' && c <= '9');
    }

    /** By four digits of pixels, as is usual. */
    private static boolean isOutside(Map<String, String> style, String name) {
        String value = style.getOrDefault(name, "");
        return value.length() > 4
                && value.charAt(0) == '-'
                && value.substring(1, 5).chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Names and values in lower case, without white space, comments, escapes and {@code !important}. */
    private static Map<String, String> declarations(String style) {
        var plain = new StringBuilder(style.length());
        for (int i = 0; i < style.length(); i++) {
            char c = style.charAt(i);
            if (style.startsWith("/*", i)) {
                int end = style.indexOf("*/", i + 2);
                i = end < 0 ? style.length() : end + 1;
            } else if (c > ' ' && c != '\\') {
                plain.append(c);
            }
        }
        Map<String, String> declarations = new HashMap<>();
        for (String declaration : plain.toString().toLowerCase(Locale.ROOT).split(";", -1)) {
            int colon = declaration.indexOf(':');
            if (colon > 0) {
                declarations.put(
                        declaration.substring(0, colon),
                        declaration.substring(colon + 1).replace("!important", ""));
            }
        }
        return declarations;
    }
}
