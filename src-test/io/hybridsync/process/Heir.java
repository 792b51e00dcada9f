package io.hybridsync.process;

import io.hybridsync.Abandonment;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.Outcome;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.WaitResult;
import io.hybridsync.error.AbandonedMutexException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Locks mutexes in every way, as others do that are killed meanwhile, and says so when it was not told. */
final class Heir implements Runnable {

    private static final int LONGEST_WAIT_MICROS = 5_000;

    private final SyncDomain domain;
    private final KillLedger ledger;
    private final long who;
    private final Random random;
    private final int longestHoldNanos;
    private final List<HybridMutex> mutexes;
    private final HybridSemaphore never;

    Heir(SyncDomain domain, KillLedger ledger, long who, Random random, int longestHoldNanos) {
        this.domain = domain;
        this.ledger = ledger;
        this.who = who;
        this.random = random;
        this.longestHoldNanos = longestHoldNanos;
        this.mutexes = mutexes(domain);
        this.never = domain.semaphore("never", SemaphoreSpec.permits(0));
    }

    /** The mutexes: of both ways to treat the abandoned, at each kind of place. */
    static List<HybridMutex> mutexes(SyncDomain domain) {
        return IntStream.range(0, KillLedger.MUTEXES)
                .mapToObj(i -> {
                    MutexSpec spec = MutexSpec.unlocked().abandonment(i % 2 == 0 ? Abandonment.REFUSE : Abandonment.ADOPT);
                    return domain.mutex("mutex " + i, switch (i / 2) {
                        case 0 -> spec;
                        case 1 -> spec.global();
                        default -> spec.brokerOnly();
                    });
                })
                .toList();
    }

    @Override
    public void run() {
        try {
            while (!ledger.isOver()) {
                switch (random.nextInt(5)) {
                    case 0 -> any();
                    case 1 -> all();
                    case 2 -> inVain();
                    default -> one(random.nextInt(KillLedger.MUTEXES));
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts", e);
        }
    }

    /** Locks one, whatever has become of its owner, if that works in time; goes on as if nothing had been. */
    void one(int index) throws InterruptedException {
        HybridMutex mutex = mutexes.get(index);
        boolean locked;
        try {
            if (random.nextBoolean()) {
                mutex.lock();
                locked = true;
            } else {
                locked = mutex.tryLock(random.nextInt(LONGEST_WAIT_MICROS), TimeUnit.MICROSECONDS);
            }
        } catch (AbandonedMutexException e) {
            locked = mutex.recover();
        }
        if (locked) {
            hold(List.of(index));
        }
    }

    private void any() throws InterruptedException {
        List<Integer> list = shuffled();
        WaitResult result = domain.awaitAny(mutexes(list));
        requireTold(result, mutexes.get(list.get(result.index())));
        hold(List.of(list.get(result.index())));
    }

    private void all() throws InterruptedException {
        List<Integer> list = shuffled();
        list = list.subList(0, random.nextInt(2, KillLedger.MUTEXES + 1));
        WaitResult result = domain.awaitAll(mutexes(list));
        requireTold(result, mutexes.get(list.get(result.index())));
        hold(list);
    }

    /** So that it may be killed while it waits for something and nothing but that. */
    private void inVain() throws InterruptedException {
        Duration time = Duration.ofNanos(1000L * random.nextInt(LONGEST_WAIT_MICROS));
        WaitResult result = random.nextBoolean()
                ? domain.awaitAll(time, mutexes.get(0), never)
                : domain.awaitAny(time, never);
        if (result.acquired()) {
            throw new IllegalStateException("got what is not there");
        }
    }

    private static void requireTold(WaitResult result, HybridMutex mutex) {
        if (!result.acquired() || (result.outcome() == Outcome.ABANDONED) != mutex.acquiredAbandoned()) {
            throw new IllegalStateException(result + ", and " + mutex + " abandoned: " + mutex.acquiredAbandoned());
        }
    }

    private void hold(List<Integer> list) {
        list.forEach(i -> ledger.enter(i, who, mutexes.get(i).acquiredAbandoned()));
        if (random.nextInt(4) > 0) {
            LockSupport.parkNanos(random.nextInt(longestHoldNanos));
        }
        list.forEach(i -> {
            ledger.leave(i, who);
            mutexes.get(i).unlock();
        });
    }

    private List<Integer> shuffled() {
        List<Integer> list = IntStream.range(0, KillLedger.MUTEXES).boxed().collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(list, random);
        return list;
    }

    private HybridMutex[] mutexes(List<Integer> list) {
        return list.stream().map(mutexes::get).toArray(HybridMutex[]::new);
    }
}
