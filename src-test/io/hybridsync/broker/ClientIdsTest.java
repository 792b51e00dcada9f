package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ClientIdsTest {

    @Test
    void increasingAndNeverOneThatIsInUse() {
        ClientIds ids = new ClientIds(Set.of(1, 3, 4)::contains, 0);
        assertThat(ids.next()).hasValue(2);
        assertThat(ids.next()).hasValue(5);
        assertThat(ids.next()).hasValue(6);
    }

    @Test
    void theyFitInTheWordOfAMutex() {
        assertThat(ClientIds.LAST).isEqualTo(0x3fff_ffff);
        ClientIds ids = new ClientIds(id -> id == 1, ClientIds.LAST - 1);
        assertThat(ids.next()).hasValue(ClientIds.LAST);
        assertThat(ids.next()).hasValue(2);
    }

    @Test
    @Timeout(10)
    void theSearchEndsWhenEverythingLooksTaken() {
        AtomicInteger looks = new AtomicInteger();
        ClientIds ids = new ClientIds(id -> looks.incrementAndGet() > 0, 0);
        assertThat(ids.next()).isEmpty();
        assertThat(looks).hasValue(ClientIds.TRIES);
    }

    @Test
    void whatAWordNamesIsNotIssuedAgain() {
        ClientIds ids = new ClientIds(id -> false, 3);
        assertThat(ids.isIssued(9)).isFalse();
        ids.found(9);
        ids.found(4);
        assertThat(ids.isIssued(9)).isTrue();
        assertThat(ids.next()).hasValue(10);
    }

    @Test
    void onceAllWereIssuedAllWere() {
        ClientIds ids = new ClientIds(id -> false, ClientIds.LAST);
        assertThat(ids.next()).hasValue(1);
        assertThat(ids.isIssued(4711)).isTrue();
    }
}
