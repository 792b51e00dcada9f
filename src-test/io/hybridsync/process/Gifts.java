package io.hybridsync.process;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Semaphores of which one is released as soon as it is empty, and for which somebody waits who wants something else besides:
 * so the broker is told of every release. Whoever is killed between the release and the message strands nobody.
 */
final class Gifts {

    private static final int PAUSE_NANOS = 10_000;

    private final SyncDomain domain;
    private final KillLedger ledger;
    private final List<HybridSemaphore> semaphores;
    private final HybridEvent besides;
    private final AtomicLongArray taken = new AtomicLongArray(KillLedger.SEMAPHORES);

    Gifts(SyncDomain domain, KillLedger ledger) {
        this.domain = domain;
        this.ledger = ledger;
        this.semaphores = IntStream.range(0, KillLedger.SEMAPHORES)
                .mapToObj(i -> domain.semaphore("gift " + i, SemaphoreSpec.permits(0)))
                .toList();
        this.besides = domain.event("besides", EventSpec.manualReset().signaled());
    }

    void give() {
        while (!ledger.isOver()) {
            boolean idle = true;
            for (int i = 0; i < KillLedger.SEMAPHORES; i++) {
                if (semaphores.get(i).availablePermits() == 0) {
                    idle = false;
                    ledger.intendToGive(i);
                    semaphores.get(i).release();
                    ledger.given(i);
                }
            }
            if (idle) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    void take(int index) {
        try {
            while (!ledger.isOver()) {
                if (!domain.awaitAll(semaphores.get(index), besides).acquired()) {
                    throw new IllegalStateException("a wait for ever has ended");
                }
                taken.incrementAndGet(index);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts", e);
        }
    }

    /** One more of each, so that nobody waits any more. */
    void giveLast() {
        for (int i = 0; i < KillLedger.SEMAPHORES; i++) {
            ledger.intendToGive(i);
            semaphores.get(i).release();
            ledger.given(i);
        }
    }

    long taken() {
        return IntStream.range(0, KillLedger.SEMAPHORES).mapToLong(taken::get).sum();
    }

    /** Whether nothing is left that was given. */
    boolean isAllTaken() {
        return semaphores.stream().allMatch(semaphore -> semaphore.availablePermits() == 0);
    }

    /** Whether as much was taken as was given, but for what is still there. */
    boolean isRight() {
        return IntStream.range(0, KillLedger.SEMAPHORES)
                .allMatch(i -> ledger.isRight(i, taken.get(i) + semaphores.get(i).availablePermits()));
    }
}
