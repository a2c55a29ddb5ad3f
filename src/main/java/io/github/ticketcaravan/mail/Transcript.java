package io.github.ticketcaravan.mail;

import io.github.ticketcaravan.update.TicketUpdate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a mail's sender is told: each command as it was read, and what became of it. As text and as HTML, in which
 * every word of others is escaped. Immutable.
 *
 * @param commands in the mail's order
 * @param files the CSV files attached to it
 * @param remarks what was wrong with the mail as a whole, in sentences
 * @param endedBy what ended the commands, such as {@code the signature}; empty where that need not be told
 * @param help whether the end explains how a mail with commands is written
 */
public record Transcript(
        List<Command> commands, List<AttachedFile> files, List<String> remarks, String endedBy, boolean help) {

    /** An answer repeats each command, and one mail may have hundreds, all with the same long text. */
    private static final int LONGEST_VALUE = 500;

    private static final int LONGEST_COMMAND = 2_000;

    private static final String MEND =
            "To mend what was refused, reply to this mail with the corrected lines at the top, the ticket first.";

    private static final String HELP = """
            How to change a ticket by mail: write the ticket's reference on the first line, then one line for each \
            property, its name and its new value:

                Ticket: LF-616004
                Status: Waiting for Staff
                Priority: High
                custom[phone_number]: 01234 123123

            Names: status, priority, department, sla, team, user, subject, tag_list, updated_at, reply_due_at, \
            resolution_due_at, contact_method, contact_method_data, contact_name, additional_contact_methods, and \
            custom[name] for a custom field. \\empty as a value clears the property. "Ticket:" begins the next \
            update, and may list several tickets. Reading ends at "thanks", at a signature, or at the first line that \
            is no command.""";

    /**
     * One command.
     *
     * @param outcome {@code applied}, {@code invalid}, {@code rejected} or {@code failed}
     * @param errors the help desk's, field by field
     * @param nearest what could have been meant, by the parameter whose value the help desk does not know
     */
    public record Command(
            TicketUpdate update,
            String outcome,
            @Nullable Integer status,
            String reason,
            Map<String, List<String>> errors,
            Map<String, List<String>> nearest) {

        public boolean isApplied() {
            return outcome.equals("applied");
        }

        /** As it was understood; as it was written where it could not be. What is long is shortened. */
        String asRead() {
            if (!update.isValid()) {
                return shortened(update.original().strip().replace("\r\n", "\n"), LONGEST_COMMAND);
            }
            List<String> lines = new ArrayList<>();
            lines.add("ticket: " + update.ticket());
            update.parameters()
                    .forEach((name, value) ->
                            lines.add(name + ": " + (value.isEmpty() ? "\\empty" : shortened(value, LONGEST_VALUE))));
            return shortened(String.join("\n", lines), LONGEST_COMMAND);
        }

        private static String shortened(String text, int longest) {
            if (text.length() <= longest) {
                return text;
            }
            int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
            return String.format(Locale.ROOT, "%s... (%,d characters)", text.substring(0, end), text.length());
        }

        /** What became of it, in one or more lines. */
        List<String> said() {
            List<String> lines = new ArrayList<>();
            switch (outcome) {
                case "applied" -> lines.add(reason.isEmpty() ? "applied" : "applied (" + reason + ")");
                case "invalid" -> lines.add("not sent, since it is invalid: " + shortened(reason, LONGEST_COMMAND));
                case "rejected" -> {
                    String by = "refused by the help desk" + (status == null ? "" : " (HTTP " + status + ")") + ":";
                    if (errors.isEmpty()) {
                        lines.add(by + " " + reason);
                    } else {
                        lines.add(by);
                        errors.forEach((field, messages) -> messages.forEach(
                                message -> lines.add("  " + (field.equals("base") ? "" : field + ": ") + message)));
                    }
                }
                default -> lines.add("failed " + reason);
            }
            nearest.forEach((parameter, names) ->
                    lines.add("  valid for " + parameter + ", the nearest first: " + String.join(", ", names)));
            update.warnings().forEach(warning -> lines.add("  note: " + warning.field() + ": " + warning.message()));
            return lines;
        }
    }

    /**
     * One CSV file that was attached.
     *
     * @param applied rows that were applied
     * @param refused rows that were not
     * @param problem why it was not read, or not to its end; null if it was
     */
    public record AttachedFile(
            String name,
            long applied,
            long refused,
            @Nullable String problem) {

        private String said() {
            String rows = applied + refused > 0 || problem == null
                    ? applied + " applied, " + refused + " refused" + (problem == null ? "" : ". ")
                    : "";
            return name + ": " + rows + (problem == null ? "" : problem);
        }
    }

    public Transcript {
        commands = List.copyOf(commands);
        files = List.copyOf(files);
        remarks = List.copyOf(remarks);
    }

    /** Whether anything was refused or could not be read. */
    public boolean hasErrors() {
        return help
                || !remarks.isEmpty()
                || commands.stream().anyMatch(command -> !command.isApplied())
                || files.stream().anyMatch(file -> file.refused > 0 || file.problem != null);
    }

    /** {@code 2 applied, 1 refused}; how many of what there is. */
    public String counts() {
        long applied = commands.stream().filter(Command::isApplied).count()
                + files.stream().mapToLong(AttachedFile::applied).sum();
        long refused = commands.stream().filter(command -> !command.isApplied()).count()
                + files.stream().mapToLong(AttachedFile::refused).sum();
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("applied", applied);
        counts.put("refused", refused);
        counts.values().removeIf(number -> number == 0);
        List<String> parts = new ArrayList<>();
        counts.forEach((word, number) -> parts.add(number + " " + word));
        return parts.isEmpty() ? "nothing done" : String.join(", ", parts);
    }

    /** As plain text, lines separated by LF. */
    public String text() {
        StringBuilder text = new StringBuilder(heading()).append("\n\n");
        remarks.forEach(remark -> text.append(remark).append("\n\n"));
        for (Command command : commands) {
            text.append(indent(command.asRead(), "    ")).append('\n');
            command.said().forEach(line -> text.append("  -> ").append(line).append('\n'));
            text.append('\n');
        }
        files.forEach(file -> text.append(file.said()).append("\n\n"));
        if (!endedBy.isEmpty()) {
            text.append(ended()).append("\n\n");
        }
        if (isMendable()) {
            text.append(MEND).append("\n\n");
        }
        if (help) {
            text.append(HELP).append("\n\n");
        }
        return text.toString().stripTrailing() + "\n";
    }

    /** As HTML, for a body of its own. */
    public String html() {
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head>"
                + "<body style=\"font-family:sans-serif\">\n");
        html.append("<p><b>").append(escape(heading())).append("</b></p>\n");
        remarks.forEach(remark -> html.append("<p>").append(escape(remark)).append("</p>\n"));
        if (!commands.isEmpty()) {
            html.append("<table cellpadding=\"6\">\n");
            for (Command command : commands) {
                html.append("<tr valign=\"top\"><td style=\"background:#f4f4f4\"><pre style=\"margin:0\">")
                        .append(escape(command.asRead()))
                        .append("</pre></td><td style=\"color:")
                        .append(command.isApplied() ? "#186a1b" : "#a11212")
                        .append("\">")
                        .append(escape(String.join("\n", command.said())).replace("\n", "<br>"))
                        .append("</td></tr>\n");
            }
            html.append("</table>\n");
        }
        files.forEach(file -> html.append("<p>").append(escape(file.said())).append("</p>\n"));
        if (!endedBy.isEmpty()) {
            html.append("<p>").append(escape(ended())).append("</p>\n");
        }
        if (isMendable()) {
            html.append("<p>").append(escape(MEND)).append("</p>\n");
        }
        if (help) {
            html.append("<pre style=\"white-space:pre-wrap\">")
                    .append(escape(HELP))
                    .append("</pre>\n");
        }
        return html.append("</body></html>\n").toString();
    }

    private String heading() {
        String counts = counts();
        return Character.toUpperCase(counts.charAt(0)) + counts.substring(1) + ".";
    }

    private String ended() {
        return "Commands were read up to " + endedBy + ".";
    }

    private boolean isMendable() {
        return commands.stream().anyMatch(command -> !command.isApplied());
    }

    private static String indent(String lines, String by) {
        return by + lines.replace("\n", "\n" + by);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
