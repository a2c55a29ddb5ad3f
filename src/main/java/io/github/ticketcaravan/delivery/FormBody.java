package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.update.TicketUpdate;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * An update as {@code application/x-www-form-urlencoded} in UTF-8 (WHATWG URL, section 5), brackets encoded too.
 *
 * <p>Written into bytes at once: every row passes here, and java.net.URLEncoder took as long as the CSV parser.
 */
final class FormBody {

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    /** Which bytes of UTF-8 stand for themselves. */
    private static final boolean[] PLAIN = new boolean[256];

    static {
        for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-._".toCharArray()) {
            PLAIN[c] = true;
        }
    }

    private byte[] bytes;
    private int length;

    private FormBody(int capacity) {
        bytes = new byte[capacity];
    }

    static byte[] of(TicketUpdate update) {
        FormBody form = new FormBody(128);
        form.append("ticket", update.ticket());
        for (Map.Entry<String, String> parameter : update.parameters().entrySet()) {
            form.append(parameter.getKey(), parameter.getValue());
        }
        return Arrays.copyOf(form.bytes, form.length);
    }

    private void append(String name, String value) {
        if (length > 0) {
            write('&');
        }
        encode(name);
        write('=');
        encode(value);
    }

    private void encode(String text) {
        // A lone surrogate becomes "?", as in every encoder of Java's.
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        reserve(3 * utf8.length);
        for (byte each : utf8) {
            int unsigned = each & 0xFF;
            if (PLAIN[unsigned]) {
                bytes[length++] = each;
            } else if (unsigned == ' ') {
                bytes[length++] = '+';
            } else {
                bytes[length++] = '%';
                bytes[length++] = HEX[unsigned >> 4];
                bytes[length++] = HEX[unsigned & 0xF];
            }
        }
    }

    private void write(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
