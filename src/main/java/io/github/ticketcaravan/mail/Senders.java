package io.github.ticketcaravan.mail;

import static io.github.ticketcaravan.update.Problem.quote;

import io.github.ticketcaravan.settings.SettingsException;
import io.github.ticketcaravan.update.Problem;
import io.github.ticketcaravan.update.TicketUpdate;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may change what by mail: {@code config/senders.yaml}. Nobody is in it by default. An entry for an address wins
 * over one for its domain; what is in no entry is forbidden. Immutable; safe for use by several threads.
 */
public final class Senders {

    private final Map<String, Rights> rights;

    /** @param rights by address, or by {@code *@domain}, as {@link Address} writes them */
    Senders(Map<String, Rights> rights) {
        this.rights = Map.copyOf(rights);
    }

    /**
     * Reads the file.
     *
     * @throws SettingsException naming file, place and remedy of what is wrong in it
     */
    public static Senders read(Path file) {
        return new Senders(SendersFile.read(file));
    }

    /** What is written for this address, or else for its domain; nothing where neither is there. */
    public Optional<Rights> rightsOf(String address) {
        Address parsed = Address.parse(address);
        if (parsed == null) {
            return Optional.empty();
        }
        Rights own = rights.get(parsed.toString());
        return Optional.ofNullable(own == null ? rights.get("*@" + parsed.domain()) : own);
    }

    /** How many entries there are. */
    public int size() {
        return rights.size();
    }

    /** What one sender may. Immutable. */
    public static final class Rights {

        private static final String ANY_CUSTOM_FIELD = "custom[*]";

        private final @Nullable Set<String> parameters;
        private final Map<String, Set<String>> values;
        private final @Nullable String tickets;
        private final Answering answering;

        /**
         * Rights.
         *
         * @param parameters by the API's names, and {@code custom[*]} for all custom fields; null: all
         * @param values for some parameters, the only values that may be set, {@link #comparable}; by {@link #comparableName}
         * @param tickets a pattern in which {@code *} stands for anything; null: all
         */
        Rights(
                @Nullable Set<String> parameters,
                Map<String, Set<String>> values,
                @Nullable String tickets,
                Answering answering) {
            this.parameters = parameters == null ? null : Set.copyOf(parameters);
            this.values = Map.copyOf(values);
            this.tickets = tickets;
            this.answering = answering;
        }

        /** When this sender wants to be answered. */
        public Answering answering() {
            return answering;
        }

        /** The update, with a problem for everything in it that this sender may not do. */
        public TicketUpdate check(TicketUpdate update) {
            TicketUpdate checked = update;
            if (tickets != null && !update.ticket().isEmpty() && !matches(tickets, update.ticket())) {
                checked = checked.with(new Problem(
                        "ticket",
                        quote(update.ticket()) + " is not one that you may change by mail: " + quote(tickets)
                                + " are"));
            }
            for (Map.Entry<String, String> parameter : update.parameters().entrySet()) {
                String name = parameter.getKey();
                Set<String> allowed = values.get(comparableName(name));
                if (!mayChange(name)) {
                    checked = checked.with(new Problem(name, "is not a parameter that you may change by mail"));
                } else if (allowed != null && !allowed.contains(comparable(parameter.getValue()))) {
                    checked = checked.with(new Problem(
                            name, quote(parameter.getValue()) + " is not a value that you may set by mail"));
                }
            }
            return checked;
        }

        boolean mayChange(String name) {
            return parameters == null
                    || parameters.contains(name)
                    || (name.startsWith("custom[") && parameters.contains(ANY_CUSTOM_FIELD));
        }

        /** As the help desk compares names: without regard to case and to white space around them. */
        static String comparable(String value) {
            return value.strip().toLowerCase(Locale.ROOT);
        }

        /** The help desk may not tell custom fields apart by case or by what nobody sees. */
        static String comparableName(String name) {
            var seen = new StringBuilder();
            name.codePoints()
                    .filter(c -> !Lines.isSpace(c) && !Lines.isInvisible(c))
                    .forEach(seen::appendCodePoint);
            return seen.toString().toLowerCase(Locale.ROOT);
        }

        /** In time proportional to the product of both lengths at most. */
        static boolean matches(String pattern, String text) {
            int p = 0;
            int t = 0;
            int star = -1;
            int tried = 0;
            while (t < text.length()) {
                if (p < pattern.length() && pattern.charAt(p) == '*') {
                    star = p++;
                    tried = t;
                } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                    p++;
                    t++;
                } else if (star >= 0) {
                    p = star + 1;
                    t = ++tried;
                } else {
                    return false;
                }
            }
            while (p < pattern.length() && pattern.charAt(p) == '*') {
                p++;
            }
            return p == pattern.length();
        }
    }
}
