package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.BrokerUnavailableException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the search for the next broker ends. */
@Timeout(30)
class SearchTest {

    private final AtomicInteger tended = new AtomicInteger();

    /** It has come to its end while the objects were looked after. */
    private FutureTask<@Nullable Contact> ended(RuntimeException how) {
        FutureTask<@Nullable Contact> search = new FutureTask<>(() -> {
            throw how;
        });
        search.run();
        return search;
    }

    private long tend() {
        return System.nanoTime() - 1 + (tended.getAndIncrement() << 20);
    }

    @Test
    void whyItHasFailedIsToldAlsoWhenItFailsWhileNobodyWaitsForIt() {
        AccessDeniedException reason = new AccessDeniedException("came too late");
        FutureTask<@Nullable Contact> search = ended(new Refusal(reason));
        assertThatThrownBy(() -> Succession.found(search, this::tend))
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("does not take this client over: came too late")
                .hasCause(reason);
    }

    @Test
    void whoeverLooksAfterTheObjectsComesBackToTheSearch() {
        FutureTask<@Nullable Contact> search = new FutureTask<>(() -> null);
        assertThat(Succession.found(search, () -> {
            if (tended.get() == 1) {
                search.run();
            }
            return tend();
        })).isNull();
        assertThat(tended).hasValue(2);
    }
}
