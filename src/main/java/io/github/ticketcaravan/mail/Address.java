package io.github.ticketcaravan.mail;

import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An address, {@code local@domain}, in the form in which addresses are compared: lower case, the domain in ASCII.
 * No mail system in use tells addresses apart by case.
 */
record Address(String local, String domain) {

    private static final int LONGEST = 320;

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
        return c > ' ' && c != 127 && "()<>[]:;@\\,\"".indexOf(c) < 0 && !Character.isISOControl(c);
    }

    @Override
    public String toString() {
        return local + "@" + domain;
    }
}
