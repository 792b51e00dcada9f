package io.hybridsync.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.process.Child;
import io.hybridsync.slab.HeapSlab;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client holds, thread by thread; and the race of its threads for the same permit, on the real memory. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LeaseTest {

    private static final int RACES = 3_000;

    /** Where it is not the kernel that makes the first thread pass a fence, a round takes no time. */
    private static final int QUICK_RACES = 60_000;

    private final HeapSlab slab = new HeapSlab(1, 4096);
    private final Lease lease = new Lease(slab.cell(8), slab.cell(72), false);

    private static <T> T elsewhere(Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofPlatform().start(future).join();
        return future.get();
    }

    private long take(int permits) {
        long ticket = lease.begin(0);
        lease.settle(ticket, permits);
        return ticket;
    }

    private long give(int permits) {
        long ticket = lease.begin(permits);
        if (ticket >= Lease.NONE) {
            lease.settle(ticket, -permits);
        }
        return ticket;
    }

    private long tryToBegin() {
        long probe = lease.begin(0);
        lease.cancel(probe, 0);
        return probe;
    }

    private String ledger() {
        return "%d %d".formatted(Ledger.held(slab.cell(8).load()), Ledger.held(slab.cell(72).load()));
    }

    @Test
    void theFirstThreadHasAnEntryOfItsOwn() throws Exception {
        assertThat(take(3)).isNotNegative();
        assertThat(elsewhere(() -> take(2))).isEqualTo(Lease.COMMON);
        assertThat(ledger()).isEqualTo("3 2");
        assertThat(give(2)).isNotNegative();
        assertThat(elsewhere(() -> give(2))).isEqualTo(Lease.COMMON);
        assertThat(ledger()).isEqualTo("1 0");
    }

    @Test
    void whatIsUnderWayIsSaidAndTakenBack() {
        long ticket = lease.begin(0);
        assertThat(Ledger.isUnderWay(slab.cell(8).load())).isTrue();
        lease.cancel(ticket, 0);
        assertThat(slab.cell(8).load()).isZero();
    }

    @Test
    void whatTheFirstThreadHoldsOthersReleaseAndThenAllAreAlike() throws Exception {
        take(3);
        assertThat(elsewhere(() -> give(4))).isEqualTo(Lease.NOT_HELD);
        assertThat(elsewhere(() -> give(1))).isEqualTo(Lease.COMMON);
        assertThat(ledger()).isEqualTo("3 -1");
        assertThat(give(3)).isEqualTo(Lease.NOT_HELD);
        assertThat(take(1)).isEqualTo(Lease.COMMON);
        assertThat(give(3)).isEqualTo(Lease.COMMON);
        assertThat(ledger()).isEqualTo("3 -3");
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void theFirstThreadReleasesWhatOthersHold() throws Exception {
        take(1);
        elsewhere(() -> take(2));
        assertThat(give(3)).isEqualTo(Lease.COMMON);
        assertThat(give(1)).isEqualTo(Lease.NOT_HELD);
        assertThat(ledger()).isEqualTo("1 -1");
    }

    @Test
    void aReleaseThatWasNotMadeMayBeMadeAgain() throws Exception {
        take(1);
        long ticket = elsewhere(() -> lease.begin(1));
        assertThat(elsewhere(() -> lease.begin(1))).isEqualTo(Lease.NOT_HELD);
        lease.cancel(ticket, 1);
        assertThat(elsewhere(() -> give(1))).isEqualTo(Lease.COMMON);
    }

    @Test
    void whatBrokersTookIsHeldToo() {
        lease.granted(2);
        assertThat(lease.granted()).isEqualTo(2);
        assertThat(lease.isHeld()).isTrue();
        assertThat(give(2)).isEqualTo(Lease.COMMON);
        assertThat(ledger()).isEqualTo("0 -2");
        assertThat(lease.isHeld()).isFalse();
        assertThat(give(1)).isEqualTo(Lease.NOT_HELD);
    }

    @Test
    void nobodyBeginsOnceItHasEnded() throws Exception {
        take(1);
        lease.end();
        assertThat(lease.begin(0)).isEqualTo(Lease.CLOSED);
        assertThat(lease.begin(1)).isEqualTo(Lease.CLOSED);
        assertThat(elsewhere(() -> lease.begin(1))).isEqualTo(Lease.CLOSED);
        assertThat(ledger()).isEqualTo("1 0");
    }

    @Test
    void itEndsWhenNothingIsUnderWay() throws Exception {
        long ticket = lease.begin(0);
        FutureTask<Boolean> ending = new FutureTask<>(() -> {
            lease.end();
            return true;
        });
        Thread thread = Thread.ofPlatform().start(ending);
        while (elsewhere(this::tryToBegin) != Lease.CLOSED) {
            Thread.onSpinWait();
        }
        assertThat(ending.isDone()).isFalse();
        lease.settle(ticket, 1);
        thread.join();
        assertThat(ledger()).isEqualTo("1 0");
    }

    @Test
    void aVirtualThreadHasNoEntryOfItsOwn() throws Exception {
        FutureTask<Long> taking = new FutureTask<>(() -> take(1));
        Thread.ofVirtual().start(taking);
        assertThat(taking.get()).isEqualTo(Lease.COMMON);
        assertThat(take(1)).isNotNegative();
    }

    @Test
    void oneOfTwoThreadsReleasesTheOnePermit() throws Exception {
        assertThat(LeaseRace.run(RACES)).isEqualTo(LeaseRace.RIGHT);
    }

    @Test
    void alsoWhereTheKernelHasNoFenceForAll() {
        try (Child child = Child.start(
                List.of(), List.of("-Dhybridsync.kernel.membarrier=off"), LeaseRace.class, "" + QUICK_RACES)) {
            assertThat(child.hear()).isEqualTo(LeaseRace.RIGHT);
            assertThat(child.waitFor()).isZero();
        }
    }
}
