package io.hybridsync.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.object.Lease.Outcome;
import io.hybridsync.process.Child;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.HeapSlab;
import io.hybridsync.slab.MappedSlab;
import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Location;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client holds, thread by thread; and the race of its threads for the same permit, on the real memory. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LeaseTest {

    private static final int RACES = 3_000;

    /** More than anybody looks at entries who does not wait for something. */
    private static final int MANY_LOOKS = 100;

    /** Where it is not the kernel that makes the first thread pass a fence, a round takes no time. */
    private static final int QUICK_RACES = 60_000;

    private final HeapSlab slab = new HeapSlab(1, 4096);
    private final Lease lease = new Lease(slab.cell(8), slab.cell(72), false);

    private static <T> T elsewhere(Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofPlatform().start(future).join();
        return future.get();
    }

    /** To a word that does not matter. */
    private Outcome take(int permits) {
        return lease.replace(slab.cell(128), 0, 0, permits);
    }

    private Outcome give(int permits) {
        return take(-permits);
    }

    private static Cell word(Callable<Boolean> replaced) {
        return new Midway(replaced);
    }

    private String ledger() {
        return "%d %d".formatted(Ledger.held(slab.cell(8).load()), Ledger.held(slab.cell(72).load()));
    }

    @Test
    void theFirstThreadHasAnEntryOfItsOwn() throws Exception {
        take(3);
        elsewhere(() -> take(2));
        assertThat(ledger()).isEqualTo("3 2");
        assertThat(give(2)).isEqualTo(Outcome.DONE);
        assertThat(elsewhere(() -> give(2))).isEqualTo(Outcome.DONE);
        assertThat(ledger()).isEqualTo("1 0");
    }

    @Test
    void whatIsUnderWayIsSaidAndTakenBack() throws Exception {
        for (int at : new int[] {8, 72}) {
            Cell raced = word(() -> {
                assertThat(Ledger.isUnderWay(slab.cell(at).load())).isTrue();
                return false;
            });
            Callable<Outcome> taking = () -> lease.replace(raced, 0, 1, 1);
            assertThat(at == 8 ? taking.call() : elsewhere(taking)).isEqualTo(Outcome.RACED);
            assertThat(slab.cell(at).load()).isZero();
        }
    }

    /** There the first thread does not look into the cell. */
    @Test
    void memoryOfTheMachineSaysTheSame() {
        try (MappedSlabs slabs = new MappedSlabs()) {
            MappedSlab real = slabs.create(1, 4096);
            Lease held = new Lease(real.cell(8), real.cell(72), false);
            Cell taken = word(() -> {
                assertThat(Ledger.isUnderWay(real.cell(8).load())).isTrue();
                return true;
            });
            Cell raced = word(() -> {
                assertThat(real.cell(8).load()).isEqualTo(Ledger.held(3) + 1);
                return false;
            });
            assertThat(held.replace(taken, 0, 1, 3)).isEqualTo(Outcome.DONE);
            assertThat(held.replace(raced, 0, 1, -1)).isEqualTo(Outcome.RACED);
            assertThat(real.cell(8).load()).isEqualTo(Ledger.held(3));
            assertThat(held.replace(taken, 0, 1, -1)).isEqualTo(Outcome.DONE);
            assertThat(real.cell(8).load()).isEqualTo(Ledger.held(2));
        }
    }

    @Test
    void whatFailsIsNotUnderWayAnyMore() throws Exception {
        Cell broken = word(() -> {
            throw new StackOverflowError("for a test");
        });
        take(2);
        assertThatThrownBy(() -> lease.replace(broken, 0, 1, -1)).isInstanceOf(StackOverflowError.class);
        elsewhere(() -> take(2));
        elsewhere(() -> assertThatThrownBy(() -> lease.replace(broken, 0, 1, -2)).isInstanceOf(StackOverflowError.class));
        assertThat(slab.cell(8).load()).isEqualTo(Ledger.held(2));
        assertThat(slab.cell(72).load()).isEqualTo(Ledger.held(2));
        assertThat(elsewhere(() -> give(2))).as("it may be released again").isEqualTo(Outcome.DONE);
    }

    /** It cannot even write that it was: then whoever comes next does. */
    @Test
    void whatTheFirstThreadCannotSettleOthersDo() throws Exception {
        for (boolean ends : new boolean[] {false, true}) {
            boolean[] deaf = new boolean[1];
            Cell own = scant(slab.cell(8), deaf);
            slab.cell(8).store(0);
            Lease scant = new Lease(own, slab.cell(72), false);
            Cell word = word(() -> deaf[0] = true);
            assertThatThrownBy(() -> scant.replace(word, 0, 1, 3)).isInstanceOf(StackOverflowError.class);
            assertThat(Ledger.isUnderWay(slab.cell(8).load())).isTrue();
            deaf[0] = false;
            if (ends) {
                scant.end();
            } else {
                assertThat(elsewhere(() -> scant.replace(slab.cell(128), 0, 0, -1))).isEqualTo(Outcome.DONE);
            }
            assertThat(slab.cell(8).load()).isEqualTo(Ledger.held(ends ? 3 : 2));
        }
    }

    /** Also those who want more than it has said that it held. */
    @Test
    void whatTheFirstThreadCannotSettleThoseDoWhoAreRefused() throws Exception {
        boolean[] deaf = new boolean[1];
        Lease scant = new Lease(scant(slab.cell(8), deaf), slab.cell(72), false);
        Cell word = word(() -> deaf[0] = true);
        assertThatThrownBy(() -> scant.replace(word, 0, 1, 3)).isInstanceOf(StackOverflowError.class);
        deaf[0] = false;
        assertThat(elsewhere(() -> scant.replace(slab.cell(128), 0, 0, -4))).isEqualTo(Outcome.NOT_HELD);
        assertThat(ledger()).isEqualTo("3 0");
        assertThat(Ledger.isUnderWay(slab.cell(8).load())).isFalse();
    }

    /** An entry that cannot be written to at times. */
    private static Cell scant(Cell real, boolean[] deaf) {
        Runnable write = () -> {
            if (deaf[0]) {
                throw new StackOverflowError("for a test");
            }
        };
        return entry(real, write, () -> {});
    }

    /** An entry, and what happens before it is written to and when it is read. */
    private static Cell entry(Cell real, Runnable write, Runnable read) {
        return new Midway(() -> false) {
            @Override
            public long load() {
                read.run();
                return real.load();
            }

            @Override
            public boolean compareAndSet(long expected, long next) {
                write.run();
                return real.compareAndSet(expected, next);
            }

            @Override
            public void store(long word) {
                write.run();
                real.store(word);
            }
        };
    }

    @Test
    void whatTheFirstThreadHoldsOthersReleaseAndThenAllAreAlike() throws Exception {
        take(3);
        assertThat(elsewhere(() -> give(4))).isEqualTo(Outcome.NOT_HELD);
        assertThat(elsewhere(() -> give(1))).isEqualTo(Outcome.DONE);
        assertThat(ledger()).isEqualTo("3 -1");
        assertThat(give(3)).isEqualTo(Outcome.NOT_HELD);
        assertThat(take(1)).isEqualTo(Outcome.DONE);
        assertThat(give(3)).isEqualTo(Outcome.DONE);
        assertThat(ledger()).isEqualTo("3 -3");
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void theFirstThreadReleasesWhatOthersHold() throws Exception {
        take(1);
        elsewhere(() -> take(2));
        assertThat(give(3)).isEqualTo(Outcome.DONE);
        assertThat(give(1)).isEqualTo(Outcome.NOT_HELD);
        assertThat(ledger()).isEqualTo("1 -1");
    }

    @Test
    void aReleaseThatWasNotMadeMayBeMadeAgain() throws Exception {
        take(1);
        Cell raced = word(() -> {
            assertThat(elsewhere(() -> give(1))).isEqualTo(Outcome.NOT_HELD);
            return false;
        });
        assertThat(elsewhere(() -> lease.replace(raced, 0, 1, -1))).isEqualTo(Outcome.RACED);
        assertThat(elsewhere(() -> give(1))).isEqualTo(Outcome.DONE);
    }

    @Test
    void whatBrokersTookIsHeldToo() {
        lease.granted(2);
        assertThat(lease.granted()).isEqualTo(2);
        assertThat(lease.isHeld()).isTrue();
        assertThat(give(2)).isEqualTo(Outcome.DONE);
        assertThat(ledger()).isEqualTo("0 -2");
        assertThat(lease.isHeld()).isFalse();
        assertThat(give(1)).isEqualTo(Outcome.NOT_HELD);
    }

    @Test
    void nobodyBeginsOnceItHasEnded() throws Exception {
        take(1);
        lease.end();
        assertThat(take(1)).isEqualTo(Outcome.CLOSED);
        assertThat(give(1)).isEqualTo(Outcome.CLOSED);
        assertThat(elsewhere(() -> give(1))).isEqualTo(Outcome.CLOSED);
        assertThat(ledger()).isEqualTo("1 0");
    }

    @Test
    void itEndsWhenNothingIsUnderWay() throws Exception {
        FutureTask<Boolean> ending = new FutureTask<>(() -> {
            lease.end();
            return true;
        });
        Cell word = word(() -> {
            Thread.ofPlatform().start(ending);
            while (elsewhere(() -> take(0)) != Outcome.CLOSED) {
                Thread.onSpinWait();
            }
            assertThat(ending.isDone()).isFalse();
            return true;
        });
        assertThat(lease.replace(word, 0, 1, 1)).isEqualTo(Outcome.DONE);
        ending.get();
        assertThat(ledger()).isEqualTo("1 0");
    }

    /**
     * A thread stands still just before it says in an entry that it is under way, and another one closes the object: the entry
     * may be of another object when that has returned.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nobodyWritesToItsEntriesOnceItHasEnded(boolean first) throws Exception {
        AtomicBoolean stands = new AtomicBoolean();
        AtomicInteger looks = new AtomicInteger();
        AtomicBoolean tooLate = new AtomicBoolean();
        Lease[] ended = new Lease[1];
        FutureTask<Void> ending = new FutureTask<>(() -> ended[0].end(), null);
        Runnable write = () -> {
            if (stands.compareAndSet(true, false)) {
                Thread.ofPlatform().start(ending);
                while (!ending.isDone() && looks.get() < MANY_LOOKS) {
                    Thread.onSpinWait();
                }
            }
            tooLate.compareAndSet(false, ending.isDone());
        };
        ended[0] = new Lease(
                entry(slab.cell(8), write, looks::incrementAndGet), entry(slab.cell(72), write, looks::incrementAndGet), false);
        Callable<Outcome> taking = () -> ended[0].replace(slab.cell(128), 0, 0, 1);
        assertThat(taking.call()).isEqualTo(Outcome.DONE);
        stands.set(true);
        assertThat(first ? taking.call() : elsewhere(taking)).as("begun before the end").isEqualTo(Outcome.DONE);
        ending.get();
        assertThat(tooLate).isFalse();
        assertThat(ledger()).isEqualTo(first ? "2 0" : "1 1");
    }

    /** Another thread has closed the object, and all that was held has come back: there is no room for it in the word. */
    @Test
    void whatIsReleasedTooLateIsClosedAndNotMissing() {
        Portion[] it = new Portion[1];
        Runnable close = () -> {
            lease.end();
            it[0].end(() -> new ObjectClosedException("closed"));
        };
        Slot slot = new Slot(new Location(1, 128, 1), entry(slab.cell(128), () -> {}, close));
        slab.cell(128).store(slot.pack(5, 0));
        it[0] = new Portion(1, "it", Nature.leased(5, lease), slot, new NoBroker(), Spinning.none(), false);
        assertThatThrownBy(() -> it[0].apply(SemaphoreRule.RELEASE, 1)).isInstanceOf(ObjectClosedException.class);
    }

    private static void spinUntilOpen(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    /** It may be about to settle the first thread's entry. */
    @Test
    void whoHasItSharedIsWaitedForToo() throws Exception {
        CountDownLatch stands = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        AtomicInteger looks = new AtomicInteger();
        Thread[] sharer = new Thread[1];
        Runnable look = () -> {
            if (Thread.currentThread() == sharer[0]) {
                stands.countDown();
                spinUntilOpen(goesOn);
            }
        };
        Lease ended = new Lease(entry(slab.cell(8), () -> {}, look), entry(slab.cell(72), () -> {}, looks::incrementAndGet), false);
        sharer[0] = Thread.ofVirtual().unstarted(() -> ended.replace(slab.cell(128), 0, 0, -1));
        sharer[0].start();
        stands.await();
        FutureTask<Void> ending = new FutureTask<>(ended::end, null);
        Thread.ofPlatform().start(ending);
        while (!ending.isDone() && looks.get() < MANY_LOOKS) {
            Thread.onSpinWait();
        }
        assertThat(ending.isDone()).isFalse();
        goesOn.countDown();
        ending.get();
        sharer[0].join();
    }

    @Test
    void aVirtualThreadHasNoEntryOfItsOwn() throws Exception {
        FutureTask<Outcome> taking = new FutureTask<>(() -> take(1));
        Thread.ofVirtual().start(taking);
        assertThat(taking.get()).isEqualTo(Outcome.DONE);
        take(2);
        assertThat(ledger()).isEqualTo("2 1");
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
