package io.github.ticketcaravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class WindowTest {

    private final Window window = new Window(3, 1_000);

    private CompletableFuture<Boolean> entered(long weight) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return window.enter(weight, () -> false);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException(e);
            }
        });
    }

    @Test
    void itHoldsNoMoreThanItsSize() {
        for (int i = 0; i < 3; i++) {
            assertThat(entered(1).join()).isTrue();
        }
        CompletableFuture<Boolean> fourth = entered(1);
        await().during(Duration.ofMillis(50)).until(() -> !fourth.isDone());
        window.leave(1);

        assertThat(fourth.join()).isTrue();
    }

    @Test
    void itHoldsNoMoreThanItsWeight() {
        assertThat(entered(900).join()).isTrue();
        CompletableFuture<Boolean> second = entered(101);
        await().during(Duration.ofMillis(50)).until(() -> !second.isDone());
        window.leave(900);

        assertThat(second.join()).isTrue();
    }

    @Test
    void whatIsHeavierThanAllOfItGoesAlone() {
        assertThat(entered(5_000).join()).isTrue();
        CompletableFuture<Boolean> second = entered(1);
        await().during(Duration.ofMillis(50)).until(() -> !second.isDone());
        window.leave(5_000);

        assertThat(second.join()).isTrue();
    }

    @Test
    void whoWaitsForWeightIsLetGoWhenItsSourceIsHeld() throws InterruptedException {
        assertThat(entered(900).join()).isTrue();

        assertThat(window.enter(900, () -> true)).isFalse();
    }
}
