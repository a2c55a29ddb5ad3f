package io.github.ticketcaravan.mail;

import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An address, {@code local@domain}, in the form in which addresses are compared: lower case, the domain in ASCII.
 * No mail system in use tells addresses apart by case.
 *
 * <p>Where two programs could see two addresses, there is none: letters that become others in lower case (the Kelvin
 * sign), characters that nobody sees, and those of a domain that IDNA 2003 and 2008 turn into different ones
 * ({@code straße.example}).
 */
record Address(String local, String domain) {

    private static final int LONGEST = 320;

    /** RFC 5894, section 7.2: the sharp s and final sigma, the zero-width joiner and non-joiner. */
    private static final String DEVIATIONS = "\u00df\u1e9e\u03c2\u200c\u200d";

    /** Null where it has another form: quoted local parts, domain literals and several {@code @} are not taken. */
    static @Nullable Address parse(String written) {
        int at = written.indexOf('@');
        if (at < 1 || at != written.lastIndexOf('@') || written.length() > LONGEST) {
            return null;
        }
        String local = written.substring(0, at);
        String domain = domain(written.substring(at + 1));
        if (domain == null || !local.chars().allMatch(Address::isLocal)) {
            return null;
        }
        return new Address(local.toLowerCase(Locale.ROOT), domain);
    }

    /** In lower case and ASCII; null where it is none. */
    static @Nullable String domain(String written) {
        if (written.chars().anyMatch(c -> DEVIATIONS.indexOf(c) >= 0)) {
            return null;
        }
        String ascii;
        try {
            ascii = IDN.toASCII(written, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException noDomain) {
            return null;
        }
        boolean letters = ascii.chars().allMatch(Address::isOfDomain);
        boolean labels = !ascii.startsWith(".") && !ascii.endsWith(".") && !ascii.contains("..");
        return ascii.isEmpty() || !letters || !labels ? null : ascii;
    }

    private static boolean isOfDomain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-._".indexOf(c) >= 0;
    }

    private static boolean isLocal(int c) {
        boolean usual = c > ' ' && "()<>[]:;@\\,\"".indexOf(c) < 0 && !Character.isISOControl(c);
        return usual && !Lines.isSpace(c) && !Lines.isInvisible(c) && (c < 128 || Character.toLowerCase(c) >= 128);
    }

    @Override
    public String toString() {
        return local + "@" + domain;
    }
}
