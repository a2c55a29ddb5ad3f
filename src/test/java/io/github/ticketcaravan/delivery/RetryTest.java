package io.github.ticketcaravan.delivery;

import static io.github.ticketcaravan.delivery.AnswerFixture.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ticketcaravan.settings.DeliverySettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

    private static final DeliverySettings SETTINGS = Deliveries.settings()
            .attempts(6)
            .retry(Duration.ofMillis(500), Duration.ofSeconds(60))
            .retryAfterMax(Duration.ofMinutes(5))
            .build();

    private final Retry retry = new Retry(SETTINGS, NOON, new Random(616_004));

    @ParameterizedTest(name = "after {0} attempts at most {1} ms")
    @CsvSource({
        "1, 500",
        "2, 1000",
        "3, 2000",
        "4, 4000",
        "5, 8000",
        "6, 16000",
        "7, 32000",
        "8, 60000",
        "9, 60000",
        "1000, 60000"
    })
    void theDelayIsAnywhereUpToABoundThatDoubles(int attempts, long most) {
        Dispatch dispatch = tried(attempts, AnswerFixture.unavailable());
        long least = Long.MAX_VALUE;
        long longest = 0;
        for (int i = 0; i < 2_000; i++) {
            long delay = retry.delay(dispatch).toMillis();
            least = Math.min(least, delay);
            longest = Math.max(longest, delay);
        }

        // Of 2,000 draws one is in the lowest and one in the highest hundredth, but for a chance of 1 in 10^8.
        assertThat(least).isBetween(1L, most / 100 + 1);
        assertThat(longest).isBetween(most - most / 100, most);
    }

    @Test
    void theDelayIsNeverNothing() {
        RandomGenerator always = () -> 0L;

        assertThat(new Retry(SETTINGS, NOON, always).delay(tried(1, AnswerFixture.unavailable())))
                .isEqualTo(Duration.ofMillis(1));
    }

    @ParameterizedTest(name = "Retry-After: {0} is {1} s")
    @CsvSource(
            delimiter = '|',
            value = {
                "1                                 | 1",
                "' 7 '                             | 7",
                "120                               | 120",
                "300                               | 300",
                "301                               | 300",
                "999999999999999999999999          | 300",
                "Mon, 23 Nov 2026 12:00:30 GMT     | 30",
                "Monday, 23-Nov-26 12:00:30 GMT    | 30",
                "Tue, 24 Nov 2026 12:00:00 GMT     | 300",
            })
    void retryAfterIsHonouredInBothFormsUpToItsMaximum(String header, long seconds) {
        Answer answer = answer(503, "", header);

        assertThat(retry.retryAfter(answer)).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(retry.delay(tried(1, answer))).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest(name = "Retry-After: {0} is ignored")
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "0",
                "-5",
                "+5",
                "1.5",
                "soon",
                "5 seconds",
                "٣",
                "Mon, 23 Nov 2026 11:59:59 GMT",
                "Mon, 23 Nov 2026 12:00:00 GMT",
                "Mon, 99 Foo 2026 12:00:00 GMT",
                "[3, 5]"
            })
    void whatIsNoTimeToComeIsIgnored(String header) {
        Answer answer = answer(503, "", header);

        assertThat(retry.retryAfter(answer)).isNull();
        assertThat(retry.delay(tried(1, answer))).isBetween(Duration.ofMillis(1), Duration.ofMillis(500));
    }

    @Test
    void whereNoRetryAfterIsHonouredItIsIgnored() {
        DeliverySettings none =
                Deliveries.settings().retryAfterMax(Duration.ZERO).build();

        assertThat(new Retry(none, NOON, new Random(1)).retryAfter(answer(503, "", "7")))
                .isNull();
    }

    @Test
    void onlyATransientAnswerIsTriedAgainAndOnlyUntilItsAttemptsAreUsedUp() {
        assertThat(retry.again(tried(5, AnswerFixture.unavailable()))).isTrue();
        assertThat(retry.again(tried(6, AnswerFixture.unavailable()))).isFalse();
        assertThat(retry.again(tried(1, AnswerFixture.rejected()))).isFalse();
        assertThat(retry.again(tried(1, AnswerFixture.applied()))).isFalse();
    }

    @Test
    void attemptsThatDoNotCountAreNotUsedUp() {
        Dispatch dispatch = Deliveries.dispatch("LF-616004", 2);
        for (int i = 0; i < 100; i++) {
            dispatch.answered(AnswerFixture.unavailable(), Verdict.TRANSIENT, false, 0);
        }

        assertThat(retry.again(dispatch)).isTrue();
    }

    private static Dispatch tried(int attempts, Answer answer) {
        Dispatch dispatch = Deliveries.dispatch("LF-616004", 2);
        for (int i = 0; i < attempts; i++) {
            dispatch.answered(answer, Verdict.of(answer), true, 0);
        }
        return dispatch;
    }
}
