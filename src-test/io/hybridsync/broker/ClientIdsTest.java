package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ClientIdsTest {

    private final List<Integer> reserved = new ArrayList<>();

    @Test
    void increasingAndNeverOneThatIsInUse() {
        ClientIds ids = new ClientIds(Set.of(1, 3, 4)::contains, 0, reserved::add);
        assertThat(ids.next()).hasValue(2);
        assertThat(ids.next()).hasValue(5);
        assertThat(ids.next()).hasValue(6);
    }

    @Test
    void theyFitInTheWordOfAMutex() {
        assertThat(ClientIds.LAST).isEqualTo(0x3fff_ffff);
        ClientIds ids = new ClientIds(id -> id == 1, ClientIds.LAST - 1, reserved::add);
        assertThat(ids.next()).hasValue(ClientIds.LAST);
        assertThat(ids.next()).hasValue(2);
    }

    @Test
    @Timeout(10)
    void theSearchEndsWhenEverythingLooksTaken() {
        AtomicInteger looks = new AtomicInteger();
        ClientIds ids = new ClientIds(id -> looks.incrementAndGet() > 0, 0, reserved::add);
        assertThat(ids.next()).isEmpty();
        assertThat(looks).hasValue(ClientIds.TRIES);
    }

    @Test
    void whatAWordNamesIsNotIssuedAgain() {
        ClientIds ids = new ClientIds(id -> false, 3, reserved::add);
        assertThat(ids.isIssued(9)).isFalse();
        ids.found(9);
        ids.found(4);
        assertThat(ids.isIssued(9)).isTrue();
        assertThat(ids.next()).hasValue(10);
    }

    @Test
    void onceAllWereIssuedAllWere() {
        ClientIds ids = new ClientIds(id -> false, ClientIds.LAST, reserved::add);
        assertThat(ids.next()).hasValue(1);
        assertThat(ids.isIssued(4711)).isTrue();
    }

    @Test
    void beforeAnyIsIssuedItIsWrittenDownSomeAtATime() {
        ClientIds ids = new ClientIds(id -> false, 100, reserved::add);
        for (int i = 1; i <= ClientIds.RESERVE; i++) {
            assertThat(ids.next()).hasValue(100 + i);
            assertThat(reserved).containsExactly(100 + ClientIds.RESERVE);
        }
        ids.found(500);
        assertThat(ids.next()).hasValue(501);
        assertThat(reserved).endsWith(500 + ClientIds.RESERVE).hasSize(2);
    }

    @Test
    void behindTheLastOneTheyBeginAnew() {
        ClientIds ids = new ClientIds(id -> id == 1, ClientIds.LAST - 1, reserved::add);
        assertThat(ids.next()).hasValue(ClientIds.LAST);
        assertThat(ids.next()).hasValue(2);
        assertThat(reserved).containsExactly(ClientIds.LAST, 1 + ClientIds.RESERVE);
    }
}
