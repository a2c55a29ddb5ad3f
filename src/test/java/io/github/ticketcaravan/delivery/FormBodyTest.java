package io.github.ticketcaravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.update.Origin;
import io.github.ticketcaravan.update.Source;
import io.github.ticketcaravan.update.TicketUpdate;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormBodyTest {

    @Test
    void theTicketComesFirstThenTheParametersInTheirOrder() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("status", "Waiting for Staff");
        parameters.put("custom[größe]", "X&L=100%+");
        parameters.put("subject", "🎫 \"quoted\"\r\nsecond");
        parameters.put("user", "");

        assertThat(form("LF-616004", parameters))
                .isEqualTo("ticket=LF-616004&status=Waiting+for+Staff"
                        + "&custom%5Bgr%C3%B6%C3%9Fe%5D=X%26L%3D100%25%2B"
                        + "&subject=%F0%9F%8E%AB+%22quoted%22%0D%0Asecond&user=");
    }

    private static String form(String ticket, Map<String, String> parameters) {
        TicketUpdate update = new TicketUpdate(
                new Origin(Source.CSV, "a.csv", 2), ticket, parameters, "", List.of(), List.of(), null);
        return new String(FormBody.of(update), StandardCharsets.US_ASCII);
    }
}
