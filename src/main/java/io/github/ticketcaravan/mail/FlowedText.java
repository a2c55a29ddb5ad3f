package io.github.ticketcaravan.mail;

/** Puts lines together that a mail program broke: {@code format=flowed}, RFC 3676. */
final class FlowedText {

    private static final String SIGNATURE = "-- ";

    private FlowedText() {}

    /**
     * One line for each that its writer made; quoted lines keep their {@code >}.
     *
     * @param deleteSpace whether the space that marks a broken line is not part of the text ({@code delsp=yes})
     */
    static String join(String text, boolean deleteSpace) {
        var joined = new StringBuilder(text.length());
        int depthBefore = -1;
        for (String written : Lines.split(text)) {
            int depth = 0;
            while (depth < written.length() && written.charAt(depth) == '>') {
                depth++;
            }
            String line = written.substring(depth);
            if (line.startsWith(" ")) {
                line = line.substring(1);
            }
            boolean signature = line.equals(SIGNATURE);
            boolean continues = depth == depthBefore && !signature;
            if (!continues) {
                if (!joined.isEmpty() && depthBefore >= 0) {
                    joined.append('\n');
                }
                joined.append(depth > 0 ? ">".repeat(Math.min(depth, 9)) + " " : "");
            }
            boolean flows = line.endsWith(" ") && !signature;
            joined.append(line, 0, line.length() - (flows && deleteSpace ? 1 : 0));
            if (flows) {
                depthBefore = depth;
            } else {
                joined.append('\n');
                depthBefore = -1;
            }
        }
        return joined.toString();
    }
}
