package io.hybridsync.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.kernel.Mapping;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.object.Lease;
import io.hybridsync.object.Ledger;
import io.hybridsync.wire.Message;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The memory of ledgers: places in it, and what another broker gets to see. */
class LedgersTest {

    private final Ledgers ledgers = new Ledgers();
    private final List<Message.Hand> handed = new ArrayList<>();

    @AfterEach
    void close() {
        ledgers.close();
    }

    /** The objects of all entries, as whoever is handed all ledgers reads them. */
    private List<Long> objects() {
        handed.clear();
        List<Long> objects = new ArrayList<>();
        ledgers.items().forEach(item -> {
            Message.Hand hand = (Message.Hand) item.message();
            handed.add(hand);
            Mapping mapping = Memfd.receive(requireNonNull(item.fd()), hand.size()).map();
            for (long at = Ledger.OBJECT; at < hand.size(); at += Ledger.ENTRY_BYTES) {
                long object = mapping.segment().get(ValueLayout.JAVA_LONG, at);
                if (object != 0) {
                    objects.add(object);
                }
            }
        });
        return objects;
    }

    @Test
    void eachObjectHasTwoEntries() {
        ledgers.open(7);
        ledgers.open(8);
        assertThat(objects()).containsExactly(7L, 7L, 8L, 8L);
        assertThat(handed).hasSize(1);
    }

    @Test
    void theBrokerHasToKnowThatItIsClosedBeforeItsPlaceIsUsedAgain() {
        Lease lease = ledgers.open(7);
        ledgers.close(lease);
        ledgers.open(8);
        ledgers.free(lease);
        ledgers.open(9);
        assertThat(objects()).containsExactly(9L, 9L, 8L, 8L);
    }

    @Test
    void aPlaceThatIsFreeIsEmpty() {
        Lease lease = ledgers.open(7);
        Mapping mapping = mapping();
        mapping.segment().set(ValueLayout.JAVA_LONG, Ledger.WORD, -1);
        ledgers.free(lease);
        assertThat(mapping.segment().get(ValueLayout.JAVA_LONG, Ledger.OBJECT)).isZero();
        assertThat(mapping.segment().get(ValueLayout.JAVA_LONG, Ledger.WORD)).isZero();
    }

    /** A client that begins anew has held nothing. */
    @Test
    void whatIsLetGoIsToldNobodyAndOthersAreEmpty() {
        Lease lease = ledgers.open(7);
        mapping().segment().set(ValueLayout.JAVA_LONG, Ledger.WORD, -1);
        ledgers.close(lease);
        assertThat(ledgers.letGo()).isTrue();
        assertThat(ledgers.items()).isEmpty();
        ledgers.open(8);
        assertThat(objects()).containsExactly(8L, 8L);
        assertThat(mapping().segment().get(ValueLayout.JAVA_LONG, Ledger.WORD)).isZero();
    }

    private Mapping mapping() {
        Estate.Item item = ledgers.items().findFirst().orElseThrow();
        return Memfd.receive(requireNonNull(item.fd()), ((Message.Hand) item.message()).size()).map();
    }

    @Test
    void anotherBrokerDoesNotGetWhatIsClosed() {
        ledgers.close(ledgers.open(7));
        ledgers.open(8);
        assertThat(objects()).containsExactly(8L, 8L);
    }

    @Test
    void theyGrowUpToALimit() {
        List<Lease> leases = new ArrayList<>();
        assertThatThrownBy(() -> {
                    for (long object = 1; ; object++) {
                        leases.add(ledgers.open(object));
                    }
                })
                .isInstanceOf(LimitExceededException.class);
        assertThat(leases).hasSizeGreaterThan(20_000);
        assertThat(objects()).hasSize(2 * leases.size());
        assertThat(handed.stream().mapToInt(Message.Hand::size).sum()).isLessThanOrEqualTo(4 << 20);
        assertThat(handed).hasSizeLessThan(64);
        ledgers.free(leases.getFirst());
        ledgers.open(1);
    }
}
