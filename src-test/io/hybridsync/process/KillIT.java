package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridMutex;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that own mutexes, release semaphores, and wait for one, any, all, and for signals, are killed with SIGKILL at
 * any moment. Whoever next owns what they owned is told, whoever waits goes on by what they gave, and their signals go to
 * the next.
 *
 * <p>{@code -Dkill.seed=N} gives the same choices again, {@code -Dkill.rounds=N} kills more of them. The {@link Watchdog}
 * ends a hang.
 */
class KillIT {

    private static final String DOMAIN = "kill";
    private static final int ROUNDS = 5;
    private static final int VICTIMS = 2;
    private static final int SURVIVORS = 2;
    private static final int LONGEST_LIFE_MILLIS = 150;
    private static final int LONGEST_HOLD_NANOS = 100_000;
    private static final int SIGNS_OF_LIFE = 3;

    @TempDir
    Path directory;

    @TempDir
    Path files;

    private final List<Child> children = new ArrayList<>();
    private final Stall longest = new Stall(0);
    private final AtomicLong steps = new AtomicLong();
    private final List<FutureTask<Void>> tasks = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        children.forEach(Child::close);
        Residue.assertNone(directory);
    }

    @Test
    void whatTheDeadHadAndGaveAndHeardGoesToTheLiving() throws Exception {
        Random random = new Random(seed());
        Path file = files.resolve("ledger");
        KillLedger ledger = new KillLedger(file);
        try (SyncDomain domain = SyncDomain.builder(DOMAIN)
                .directory(directory)
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofHours(1))
                .open()) {
            Gifts gifts = new Gifts(domain, ledger);
            Items items = new Items(domain, ledger);
            List<HybridMutex> mutexes = Heir.mutexes(domain);
            for (int i = 0; i < SURVIVORS; i++) {
                start(new Heir(domain, ledger, i + 1, new Random(random.nextLong()), LONGEST_HOLD_NANOS));
                start(items::take);
            }
            for (int i = 0; i < KillLedger.SEMAPHORES; i++) {
                int index = i;
                start(() -> gifts.take(index));
            }
            start(items::put);
            try (Watchdog _ = Watchdog.start(DOMAIN, steps::get, Thread.currentThread()::interrupt)) {
                kill(random, file, ledger, gifts);
                ledger.end();
                items.end();
                gifts.giveLast();
                for (FutureTask<Void> task : tasks) {
                    task.get();
                }
            }
            check(ledger, gifts, mutexes);
        }
    }

    private static long seed() {
        long seed = Long.getLong("kill.seed", System.nanoTime());
        System.out.println("kill.seed=" + seed);
        return seed;
    }

    private void start(Runnable runnable) {
        tasks.add(new FutureTask<>(runnable, null));
        Thread.ofPlatform().daemon().start(tasks.getLast());
    }

    private void kill(Random random, Path file, KillLedger ledger, Gifts gifts) throws Exception {
        int rounds = Integer.getInteger("kill.rounds", ROUNDS);
        for (int round = 1; round <= rounds; round++) {
            List<Child> victims = new ArrayList<>();
            for (int i = 0; i < VICTIMS; i++) {
                victims.add(Child.start(Victim.class, directory.toString(), DOMAIN, file.toString(),
                        "" + random.nextLong(), "" + (VICTIMS * round + i)));
            }
            children.addAll(victims);
            for (Child victim : victims) {
                assertThat(victim.hear()).isEqualTo(Victim.BUSY);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
                victim.kill();
            }
            long dead = System.nanoTime();
            awaitMore(ledger::entries);
            awaitMore(ledger::itemsTaken);
            while (!gifts.isAllTaken()) {
                requireLiving();
            }
            longest.ended(dead);
            steps.incrementAndGet();
        }
    }

    /** Those who were left alive go on among themselves; nobody else helps them, for the next victims come later. */
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

    private void check(KillLedger ledger, Gifts gifts, List<HybridMutex> mutexes) {
        System.out.printf("kill: %d entries, %d of them after an owner's death, %d where he had died inside;"
                        + " %d items, %d gifts; all went on within %.1f ms%n",
                ledger.entries(), ledger.told(), ledger.heirs(), ledger.itemsTaken(), gifts.taken(), longest.longestNanos() / 1e6);
        assertThat(gifts.isRight()).isTrue();
        assertThat(ledger.told()).isPositive();
        for (int i = 0; i < mutexes.size(); i++) {
            HybridMutex mutex = mutexes.get(i);
            boolean recovered = mutex.recover();
            assertThat(recovered || mutex.tryLock()).as("%s is nobody's", mutex).isTrue();
            ledger.enter(i, 1, recovered || mutex.acquiredAbandoned());
            mutex.unlock();
        }
    }
}
