package io.github.ticketcaravan.delivery;

import io.github.ticketcaravan.update.TicketUpdate;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** An update as {@code application/x-www-form-urlencoded} in UTF-8 (WHATWG URL, section 5), brackets encoded too. */
final class FormBody {

    private FormBody() {}

    static byte[] of(TicketUpdate update) {
        StringBuilder form = new StringBuilder(128);
        append(form, "ticket", update.ticket());
        update.parameters().forEach((name, value) -> append(form, name, value));
        return form.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void append(StringBuilder form, String name, String value) {
        if (form.length() > 0) {
            form.append('&');
        }
        form.append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
}
