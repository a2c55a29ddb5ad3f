package io.github.ticketcaravan.sandbox;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One address or a block of them: {@code 192.0.2.1}, {@code 192.0.2.0/24}, {@code 2001:db8::/32}.
 *
 * <p>Not Netty's filter rule: loading that one takes a quarter of a second of every start.
 */
record AddressBlock(int bits, int prefix, BigInteger network) {

    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])";

    /** Strict, since Java looks up as a host's name what is no literal to it. */
    private static final Pattern WRITTEN =
            Pattern.compile("((?:" + OCTET + "\\.){3}" + OCTET + "|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:/([0-9]{1,3}))?");

    /** Throws {@link IllegalArgumentException} where the text is neither an address nor a block. */
    static AddressBlock parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            throw new IllegalArgumentException("not an address or block: " + text);
        }
        byte[] address = bytes(written.group(1));
        int bits = address.length * 8;
        int prefix = written.group(2) == null ? bits : Integer.parseInt(written.group(2));
        if (prefix > bits) {
            throw new IllegalArgumentException("an address has only " + bits + " bits: " + text);
        }
        return new AddressBlock(bits, prefix, new BigInteger(1, address).shiftRight(bits - prefix));
    }

    /** @param address a literal one */
    boolean contains(String address) {
        byte[] bytes = bytes(address);
        return bytes.length * 8 == bits
                && new BigInteger(1, bytes).shiftRight(bits - prefix).equals(network);
    }

    private static byte[] bytes(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + literal, e);
        }
    }
}
