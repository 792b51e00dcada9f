package io.hybridsync.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.HeapSlab;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operation does on a word that the broker has locked, and when it asks. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ClaimTest {

    private final HeapSlab slab = new HeapSlab(1, 4096);
    private final Slot slot = new Slot(new Location(1, 64, 1), slab.cell(64));
    private final AtomicInteger questions = new AtomicInteger();

    private final class Broker extends NoBroker {
        private final long timeoutNanos;
        private final Verdict verdict;

        Broker(long timeoutNanos, Verdict verdict) {
            this.timeoutNanos = timeoutNanos;
            this.verdict = verdict;
        }

        @Override
        public long claimTimeoutNanos() {
            return timeoutNanos;
        }

        @Override
        public Verdict askLocked(Portion portion, Slot where, Patience patience) {
            questions.incrementAndGet();
            return verdict;
        }

        @Override
        public void corrupted(Portion portion, Slot where, long word) {}
    }

    private Portion locked(long timeoutNanos, Authority.Verdict verdict) {
        slot.cell().store(slot.pack(1, Word.LOCKED));
        return new Portion(1, "semaphore", Nature.semaphore(5), slot, new Broker(timeoutNanos, verdict), Spinning.none(), false);
    }

    /** A claim time-out so long that the deadline would overflow means that it is waited for, not that it has passed. */
    @Test
    void aClaimTimeoutWithoutEndIsWaitedFor() throws InterruptedException {
        Portion portion = locked(Long.MAX_VALUE, Authority.Verdict.CONFIRMED);
        AtomicInteger value = new AtomicInteger(Rule.REFUSED);
        Thread thread = Thread.ofPlatform().start(() -> value.set((int) portion.apply(SemaphoreRule.ACQUIRE, 1)));
        while (slab.sleepers() == 0 && thread.isAlive()) {
            Thread.onSpinWait();
        }
        slot.cell().store(slot.pack(1, 0));
        slot.cell().wake(Half.FLAGS, Cell.ALL);
        thread.join();
        assertThat(value).hasValue(1);
        assertThat(questions).hasValue(0);
    }

    @Test
    void aConfirmedClaimThatLastsIsAnUnavailableBroker() {
        Portion portion = locked(1_000_000, Authority.Verdict.CONFIRMED);
        assertThatThrownBy(() -> portion.apply(SemaphoreRule.ACQUIRE, 1)).isInstanceOf(BrokerUnavailableException.class);
        assertThat(slot.load()).isEqualTo(slot.pack(1, Word.LOCKED));
        assertThat(questions).hasValue(1);
    }

    /** A word that is unlocked later than others of a transaction must not look as it did before. */
    @Test
    void whoLooksWaitsForTheEndOfAClaim() throws InterruptedException {
        Portion portion = locked(Long.MAX_VALUE, Authority.Verdict.CONFIRMED);
        AtomicInteger value = new AtomicInteger(Rule.REFUSED);
        Thread thread = Thread.ofPlatform().start(() -> value.set(portion.value()));
        while (slab.sleepers() == 0 && thread.isAlive()) {
            Thread.onSpinWait();
        }
        slot.cell().store(slot.pack(0, 0));
        slot.cell().wake(Half.FLAGS, Cell.ALL);
        thread.join();
        assertThat(value).hasValue(0);
        assertThat(questions).hasValue(0);
    }

    /** However short claims are waited for, and whether or not the thread was interrupted: nobody spins. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoLocksAMutexAgainPausesWhereClaimsAreNotWaitedFor(boolean interrupted) throws Exception {
        slot.cell().store(slot.pack(0, Word.LOCKED));
        Portion portion = new Portion(
                1, "mutex", Nature.mutex(7), slot, new Broker(0, Authority.Verdict.CONFIRMED), Spinning.none(), false);
        Mutex mutex = new Mutex(new Handle(portion), 7, false);
        FutureTask<Boolean> locking = new FutureTask<>(() -> {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            mutex.relock(2, this);
            return mutex.holds() == 2 && Thread.interrupted() == interrupted;
        });
        long begin = System.nanoTime();
        Thread.ofPlatform().daemon().start(locking);
        while (questions.get() < 10) {
            Thread.onSpinWait();
        }
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(9 * Mutex.PAUSE_NANOS);
        slot.cell().store(slot.pack(0, 0));
        assertThat(locking.get()).isTrue();
    }

    @Test
    void aClaimThatTheBrokerDoesNotMakeIsCorruption() {
        Portion portion = locked(1_000_000, Authority.Verdict.REFUTED);
        assertThatThrownBy(() -> portion.apply(SemaphoreRule.RELEASE, 1)).isInstanceOf(CorruptedObjectException.class);
        assertThat(Word.flags(slot.load()) & Word.CORRUPTED).isNotZero();
        assertThatThrownBy(portion::value).isInstanceOf(CorruptedObjectException.class);
    }
}
