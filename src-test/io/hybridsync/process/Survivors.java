package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridMutex;
import io.hybridsync.SyncDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Threads of the test's own JVM that lock and take as the {@link Victim}s do, and go on whoever of those is killed. */
final class Survivors {

    private static final int HEIRS = 2;
    private static final int LONGEST_HOLD_NANOS = 100_000;
    private static final int SIGNS_OF_LIFE = 3;

    private final KillLedger ledger;
    private final Gifts gifts;
    private final Items items;
    private final List<HybridMutex> mutexes;
    private final List<FutureTask<Void>> tasks = new ArrayList<>();

    Survivors(SyncDomain domain, KillLedger ledger, Random random) {
        this.ledger = ledger;
        gifts = new Gifts(domain, ledger);
        items = new Items(domain, ledger);
        mutexes = Heir.mutexes(domain);
        for (int i = 0; i < HEIRS; i++) {
            start(new Heir(domain, ledger, i + 1, new Random(random.nextLong()), LONGEST_HOLD_NANOS));
            start(items::take);
        }
        for (int i = 0; i < KillLedger.SEMAPHORES; i++) {
            int index = i;
            start(() -> gifts.take(index));
        }
        start(items::put);
    }

    private void start(Runnable runnable) {
        tasks.add(new FutureTask<>(runnable, null));
        Thread.ofPlatform().daemon().start(tasks.getLast());
    }

    /** They go on among themselves; nobody else helps them, for the next victims come later. */
    void awaitSigns() {
        awaitMore(ledger::entries);
        awaitMore(ledger::itemsTaken);
        while (!gifts.isAllTaken()) {
            requireLiving();
        }
    }

    private void awaitMore(LongSupplier count) {
        long enough = count.getAsLong() + SIGNS_OF_LIFE;
        while (count.getAsLong() < enough) {
            requireLiving();
        }
    }

    private void requireLiving() {
        LockSupport.parkNanos(100_000);
        assertThat(Thread.currentThread().isInterrupted()).as("it hangs").isFalse();
        assertThat(tasks).noneMatch(FutureTask::isDone);
    }

    /** All is over, and what they have taken is what was given. */
    void end() throws ExecutionException, InterruptedException {
        ledger.end();
        items.end();
        gifts.giveLast();
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
        assertThat(gifts.isRight()).isTrue();
        for (int i = 0; i < mutexes.size(); i++) {
            HybridMutex mutex = mutexes.get(i);
            boolean recovered = mutex.recover();
            assertThat(recovered || mutex.tryLock()).as("%s is nobody's", mutex).isTrue();
            ledger.enter(i, 1, recovered || mutex.acquiredAbandoned());
            mutex.unlock();
        }
    }

    @Override
    public String toString() {
        return "%d entries, %d of them after an owner's death, %d where he had died inside; %d items, %d gifts"
                .formatted(ledger.entries(), ledger.told(), ledger.heirs(), ledger.itemsTaken(), gifts.taken());
    }
}
