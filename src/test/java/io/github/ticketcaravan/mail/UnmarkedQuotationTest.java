package io.github.ticketcaravan.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.update.TicketUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replies that quote without a mark, as {@link QuotationGenerator} writes them: 2,200 of each kind. */
class UnmarkedQuotationTest {

    private static final int MAILS = 40;

    @ParameterizedTest
    @MethodSource("languages")
    void noCommandBelowAnAttributionOrAHeaderIsExecuted(String language) {
        List<String> executed = new ArrayList<>();
        for (int seed = 0; seed < MAILS; seed++) {
            String mail = new QuotationGenerator(language, seed).mail(false);
            MailDecision decision = MailFixture.decide(mail);
            if (decision.decision() != Decision.REFUSE || !decision.updates().isEmpty()) {
                executed.add(seed + ": " + mail + decision.updates());
            }
        }

        assertThat(executed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyCommandAboveOneIsReadExactly(String language) {
        List<String> others = new ArrayList<>();
        for (int seed = 0; seed < MAILS; seed++) {
            String mail = new QuotationGenerator(language, seed).mail(true);
            List<TicketUpdate> updates = MailFixture.decide(mail).updates();
            if (updates.size() != 1 || !updates.get(0).parameters().equals(expected())) {
                others.add(seed + ": " + mail + updates);
            }
        }

        assertThat(others).isEmpty();
    }

    static List<String> languages() {
        return QuotationGenerator.languages();
    }

    private static Map<String, String> expected() {
        return Map.of(
                "status", "Waiting for Staff",
                "reply_due_at", "2026-12-01T09:30:00+00:00",
                "contact_method_data", "adam@example.com",
                "contact_name", "Adam <Support>",
                "tag_list", "a, b",
                "custom[sent on]", "25.11.2026 13:05, Bob <bob@example.com>");
    }
}
